"""Draw the pictures of `docs/edits.md` from scikit-image's astronaut (NASA, public domain).

python -m bench.edit_pictures docs/images
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage import data

from bench.contact_sheet import ACTIONS, AGES, head
from quality.face import ImageArray
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from transforms.edit import apply_edit
from transforms.look.present import estimate
from transforms.models import EditModels
from transforms.plan.action import Action
from transforms.plan.edit_plan import EditPlan
from transforms.plan.plan import plan_for
from transforms.plan.table import FEMALE, KID, MALE, OLD

CELL_PX, COLUMNS, JPEG_QUALITY = 260, 5, 85
ALONE = {
    "wrinkles": OLD, "mottling": OLD, "spots": OLD, "age_tone": OLD, "sag": OLD, "gray_hair": OLD, "growth": KID,
    "smooth": KID, "even_tone": KID, "bloom": KID, "eye_contrast": KID, "gender_shape": MALE, "gender_tone": FEMALE,
    "makeup": FEMALE, "brows": MALE, "lips_pale": MALE, "stubble": MALE,
}  # fmt: skip
"""Elementary edits shown alone, with the table's row that their strength is from."""


def sheet(cells: list[tuple[str, ImageArray]]) -> ImageArray:
    """Lay out pictures with their names under them."""
    blank = np.full((CELL_PX + 24, CELL_PX, 3), 255, np.uint8)
    tiles = []
    for name, cell in cells:
        tile = blank.copy()
        tile[:CELL_PX] = cell
        cv2.putText(tile, name, (6, CELL_PX + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA)
        tiles.append(tile)
    tiles += [blank] * (-len(tiles) % COLUMNS)
    return np.vstack([np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)])


def main(folder: Path) -> None:
    """Write actions.jpg, ages.jpg and alone.jpg."""
    cv2.setNumThreads(1)
    image = np.ascontiguousarray(data.astronaut())
    landmarker = FaceLandmarker()
    face = landmarker.find_faces(image)[0]
    cover, models = OcclusionNet().cover(image, face), EditModels()
    present = estimate(image, face, landmarker.mesh, cover)

    def cell(name: str, plan: EditPlan) -> tuple[str, ImageArray]:
        return name, head(apply_edit(image, face, plan, cover, models), face, CELL_PX)

    original = cell("original", EditPlan())
    pictures = {
        "actions": [original, *(cell(action.name, plan_for(action, None, present)) for action in ACTIONS)],
        "ages": [original, *(cell(f"V2_AGE {age}", plan_for(Action.V2_AGE, age, present)) for age in AGES)],
        "alone": [cell(name, replace(EditPlan(), **{name: getattr(row, name)})) for name, row in ALONE.items()],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in pictures.items():
        Image.fromarray(sheet(cells)).save(folder / f"{name}.jpg", quality=JPEG_QUALITY)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
