"""Draw a contact sheet of a folder: each face as it is, with all edits, and at ages 5 to 85.

    python -m bench.contact_sheet FOLDER OUT.png [--size 220] [--limit 40] [--only wrinkles]

One row a picture (its largest face): original, TO_KID, TO_OLD, TO_FEMALE, TO_MALE, then V2_AGE at 5, 15 .. 85.
`--only` shows one elementary edit of each plan by itself. Pictures without a face are left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from quality.face import Face, ImageArray
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from transforms.edit import apply_edit
from transforms.look.present import estimate
from transforms.models import EditModels
from transforms.plan.action import Action
from transforms.plan.plan import plan_for

ACTIONS = (Action.TO_KID, Action.TO_OLD, Action.TO_FEMALE, Action.TO_MALE)
AGES = tuple(range(5, 86, 10))
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_HEAD_REACH, _HEAD_RISE, _MAX_SIDE_PX = 1.8, 0.06, 2048


def head(image: ImageArray, face: Face, size_px: int) -> ImageArray:
    """Cut out the head, `size_px` wide and high; black beyond the picture."""
    side = max(face.box.width, face.box.height) * _HEAD_REACH
    x = face.box.left + face.box.width / 2
    y = face.box.top + face.box.height / 2 - _HEAD_RISE * side
    scale = size_px / side
    matrix = np.array([[scale, 0, size_px / 2 - x * scale], [0, scale, size_px / 2 - y * scale]])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.warpAffine(image, matrix, (size_px, size_px), flags=flags)


def row(
    path: Path, tools: tuple[FaceLandmarker, OcclusionNet, EditModels], size_px: int, only: str | None
) -> ImageArray | None:
    """Edit the largest face of a picture in every way; None without a face."""
    landmarker, occlusion, models = tools
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    picture.thumbnail((_MAX_SIDE_PX, _MAX_SIDE_PX), Image.Resampling.LANCZOS)
    image = np.ascontiguousarray(picture)
    faces = landmarker.find_faces(image)
    if not faces:
        return None
    face = faces[0]
    cover = occlusion.cover(image, face)
    present = estimate(image, face, landmarker.mesh, cover)
    plans = [plan_for(action, None, present) for action in ACTIONS]
    plans += [plan_for(Action.V2_AGE, age, present) for age in AGES]
    cells = [head(image, face, size_px)]
    for plan in plans:
        chosen = plan.only(only) if only else plan
        cells.append(head(apply_edit(image, face, chosen, cover, models), face, size_px))
    return np.hstack(cells)


def main() -> None:
    """Read the arguments and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--size", type=int, default=220, help="side of a cell, px")
    parser.add_argument("--limit", type=int, default=40, help="most pictures")
    parser.add_argument("--only", help="one elementary edit, such as wrinkles")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    tools = (FaceLandmarker(), OcclusionNet(), EditModels())
    paths = sorted(path for path in chosen.folder.iterdir() if path.suffix.lower() in SUFFIXES)
    rows = []
    for path in paths[: chosen.limit]:
        cells = row(path, tools, chosen.size, chosen.only)
        if cells is not None:
            rows.append(cells)
    tools[0].close()
    if not rows:
        raise SystemExit("no face found")
    Image.fromarray(np.vstack(rows)).save(chosen.target)
    print(f"{len(rows)} faces in {chosen.target}")


if __name__ == "__main__":
    main()
