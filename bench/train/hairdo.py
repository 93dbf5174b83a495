"""Compute `transforms/data/hairdo.npz`: women's hair, cut out of public-domain portraits.

    python -m bench.train.hairdo TRAIN_FOLDER transforms/data/hairdo.npz

The portraits are chosen by eye: hair seen from the front, without earrings, before an even wall. What is stored is no
color, only how light each strand is against the hair's median, how much of a pixel is hair, and the rim of the face
it hangs about, in the upright crop of `transforms.head.head_crop`.

Source of the matte: Levin, Lischinski & Weiss 2008, IEEE PAMI 30(2):228-242, and Germer et al. 2020 (foreground), as
in the package pymatting (1.1), which is to be installed beside the project; the product does not need it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from pymatting import estimate_alpha_cf, estimate_foreground_ml

from bench.train.single_hairs import single_hairs
from quality.landmarker import FaceLandmarker
from transforms.face.landmark_ids import OVAL
from transforms.hair.hair_matte import hair_matte
from transforms.hair.strands import resized_directions, strand_directions, strand_noise
from transforms.head.head_crop import REACH_FACES, crop_map, crop_size_wh, to_crop_points
from transforms.long_hair.hairdo import FACE_PX, FINE, FINE_STEPS, LIGHTNESS_STEPS
from transforms.long_hair.own_strands import BLACK
from transforms.models import EditModels


@dataclass(frozen=True)
class Portrait:
    """Whose hair to cut out, and how.

    Attributes
    ----------
    file : str
        Official portraits of the United States Congress (public domain) and Presidential Innovation Fellows (CC0).
    haze : float
        Less than this of a pixel is cloth or wall seen between strands.
    jewels : sequence of (u, v, radius)
        What is to be painted over (jewels, ears, wall between curls), in face heights to the right and up from the
        middle of the face.
    patches : sequence of (u, v, radius, from_u, from_v)
        What hair of another place is laid over, where painted over it would have no strands.
    even_px : float
        Breadth of what stands out of the outline as blocks of the JPEG and single wisps do, and is taken off.
    """

    file: str
    haze: float = 0.2
    jewels: Sequence[tuple[float, float, float]] = ()
    patches: Sequence[tuple[float, float, float, float, float]] = ()
    even_px: float = 0.0
    run_px: float = 3.0


PORTRAITS = {
    "bob": Portrait("congress/C001119.jpg", jewels=((-0.42, -0.06, 0.05), (-0.37, -0.3, 0.03)), run_px=2.6),
    "parted": Portrait("fellows/yasmin-lalani.jpg", haze=0.5, even_px=4.0),
    "wavy": Portrait("fellows/jennifer-gardner.jpg", haze=0.5, even_px=3.0),
    "curly": Portrait(
        "fellows/stefany-holguin-phd.jpg",
        haze=0.5,
        jewels=((0.5, 0.14, 0.08), (0.5, 0.0, 0.1), (0.57, 0.15, 0.07), (0.96, -0.5, 0.1)),
        patches=((0.53, 0.16, 0.12, 0.62, -0.28), (0.5, 0.0, 0.13, 0.6, -0.36), (0.93, -0.5, 0.18, 0.74, -0.36)),
        even_px=3.5,
        run_px=1.5,
    ),
}
_FULL = 0.9
"""More of a pixel than this is all hair."""
_EVEN = 0.45, 0.85
"""Shares of hair around a pixel: less is no hair, more is as much as it was. A straight outline has half."""
_HEM_PX, _HEM_SHARE, _NEAR_PX = 12, 0.8, 31
_AROUND_PX, _BRIGHTEST_PERCENTILE = 4.0, 97
LAMP_PX, LAMP_SHARE = 11.0, 0.75
_PATCH_SOFT, _PATCH_EVEN_PX = 0.35, 5.0
_CROWN_SHARE, _AROUND_HAIR_PX, _JPEG_QUALITY = -0.5, 49, 55
_CHEEKS = (50, 280, 205, 425, 151, 117, 346)
_LIKE_SKIN = (22, 7, 8)


def cut_out(portrait: np.ndarray, chosen: Portrait) -> dict[str, np.ndarray]:
    """Return the arrays to store."""
    landmarker, models = FaceLandmarker(), EditModels()
    face = landmarker.find_faces(portrait)[0]
    landmarker.close()
    person = models.person.person_near(portrait, face)
    found = hair_matte(portrait, face, person, models.hair)
    to_crop, size_wh = crop_map(face, FACE_PX), crop_size_wh(FACE_PX)

    def cropped(picture: np.ndarray, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
        return cv2.warpAffine(picture, to_crop, size_wh, flags=cv2.INTER_CUBIC, borderMode=border)

    crop = cropped(portrait, cv2.BORDER_REPLICATE)
    points = to_crop_points(face, to_crop)
    known = _trimap(crop, cropped(found), cropped(person), points)
    known[cropped(np.ones(portrait.shape[:2], np.float32)) < 0.5] = 0
    alpha = estimate_alpha_cf(crop / 255.0, known)
    alpha = np.clip((alpha - chosen.haze) / (_FULL - chosen.haze), 0, 1).astype(np.float32)
    if chosen.even_px:
        least, all_of_it = _EVEN
        alpha *= np.clip((_blurred(alpha, chosen.even_px) - least) / (all_of_it - least), 0, 1)
    alpha = _largest(alpha)
    # Ends thin out: what was cut off at a collar would be cut off in the air.
    below = cv2.blur(alpha, (1, _HEM_PX), anchor=(0, 0))
    alpha *= np.clip(below / _HEM_SHARE, 0, 1)
    foreground = estimate_foreground_ml(crop / 255.0, alpha.astype(np.float64)).astype(np.float32)
    lightness = cv2.cvtColor(foreground, cv2.COLOR_RGB2Lab)[..., 0] + BLACK
    middle = float(np.median(lightness[alpha > 0.8]))
    light = np.log(lightness / middle).astype(np.float32)
    light = np.minimum(light, np.percentile(light[alpha > 0.8], _BRIGHTEST_PERCENTILE))
    # Thin strands have the color of what shows between them: they get that of the hair beside.
    beside = _blurred(light * alpha, _AROUND_PX) / (_blurred(alpha, _AROUND_PX) + 1e-3)
    light = beside + (light - beside) * alpha
    # The studio's lamp on the crown would look like a gray lock in another light.
    broad = _blurred(light * alpha, LAMP_PX) / (_blurred(alpha, LAMP_PX) + 1e-3)
    steps = 128 + LIGHTNESS_STEPS * (light - LAMP_SHARE * np.maximum(broad, 0))
    lightness = np.clip(np.where(alpha > 0, steps, 128), 0, 255).astype(np.uint8)
    covered = np.zeros(alpha.shape, np.uint8)
    for u, v, radius in chosen.jewels:
        at = (round((REACH_FACES[0] + u) * FACE_PX), round((REACH_FACES[1] - v) * FACE_PX))
        cv2.circle(covered, at, round(radius * FACE_PX), 1, -1)
    opaque = np.round(255 * alpha).astype(np.uint8)
    # Beyond the hair there is no lightness to paint with.
    near = cv2.dilate(covered, np.ones((_NEAR_PX, _NEAR_PX), np.uint8))
    lightness = cv2.inpaint(lightness, covered | (near & (alpha < 1).astype(np.uint8)), 5, cv2.INPAINT_TELEA)
    strands = np.dstack([lightness, cv2.inpaint(opaque, covered, 5, cv2.INPAINT_TELEA)])
    strands = _patched(strands, chosen.patches)
    left, top, width, height = cv2.boundingRect(strands[..., 1])
    return {
        "strands": strands[top : top + height, left : left + width],
        "left_top_px": np.array([left, top], np.float32),
        "rim_px": points[list(OVAL)].astype(np.float32),
    }


def _patched(strands: np.ndarray, patches: Sequence[tuple[float, float, float, float, float]]) -> np.ndarray:
    """Lay the strands of other places over some: their light, and an even outline where one is there."""
    rows, columns = np.mgrid[: strands.shape[0], : strands.shape[1]].astype(np.float32)
    light, opaque = (plane.astype(np.float32) for plane in cv2.split(strands))
    for u, v, radius, from_u, from_v in patches:
        x, y = (REACH_FACES[0] + u) * FACE_PX, (REACH_FACES[1] - v) * FACE_PX
        apart = np.hypot(columns - x, rows - y) / (radius * FACE_PX)
        share = np.clip((1 - apart) / _PATCH_SOFT, 0, 1)
        shift = np.float32([[1, 0, (u - from_u) * FACE_PX], [0, 1, (from_v - v) * FACE_PX]])
        other = cv2.warpAffine(light, shift, light.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        light += share * (other - light)
        even = np.clip((_blurred(opaque, _PATCH_EVEN_PX) - 96) * 4, 0, 255)
        opaque += share * (even - opaque)
    if patches:
        opaque = 255 * _largest(opaque / 255)
    return np.dstack([np.round(plane).astype(np.uint8) for plane in (light, opaque)])


def fine_strands(strands: np.ndarray, run_px: float) -> np.ndarray:
    """Draw strands finer than the portrait's along those it has: a gray JPEG, `FINE` times as large."""
    height, width = (FINE * side for side in strands.shape[:2])
    alpha = strands[..., 1].astype(np.float32) / 255
    crown = (strands.shape[1] / 2, _CROWN_SHARE * strands.shape[0])
    run = resized_directions(
        strand_directions(strands[..., 0].astype(np.float32), alpha, run_px, crown), (width, height)
    )
    drawn = sum(
        share * strand_noise(run, strand_px, seed, triplings)
        for share, strand_px, seed, triplings in ((0.8, 1.2, 7, 4), (0.5, 2.6, 8, 4))
    )
    near = cv2.dilate(strands[..., 1], np.ones((_AROUND_HAIR_PX, _AROUND_HAIR_PX), np.uint8))
    near = cv2.resize(near, (width, height)) > 0
    steps = np.clip(128 + FINE_STEPS * np.where(near, drawn, 0), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", steps, (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY))[1].ravel()


def _blurred(plane: np.ndarray, sigma_px: float) -> np.ndarray:
    return cv2.GaussianBlur(plane, (0, 0), sigma_px)


def _trimap(crop: np.ndarray, hair: np.ndarray, person: np.ndarray, points: np.ndarray) -> np.ndarray:
    """0 no hair, 0.5 to be told, 1 hair."""

    def disk(side_px: int) -> np.ndarray:
        return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side_px, side_px))

    known = np.full(hair.shape, 0.5)
    known[cv2.erode((hair > 0.85).astype(np.uint8), disk(9)) > 0] = 1
    known[cv2.dilate((hair > 0.15).astype(np.uint8), disk(31)) == 0] = 0
    rim = points[:468].astype(np.float32)
    middle = (rim[10] + rim[152]) / 2
    hull = middle + (cv2.convexHull(rim)[:, 0] - middle) * np.array([0.86, 0.9], np.float32)
    face = np.zeros(hair.shape, np.uint8)
    cv2.fillConvexPoly(face, hull.astype(np.int32), 1)
    known[(face > 0) & (hair < 0.3)] = 0
    lab = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    skin = np.median([lab[int(points[i, 1]), int(points[i, 0])] for i in _CHEEKS], axis=0)
    like_skin = (np.abs(lab - skin.astype(np.float32)) / np.float32(_LIKE_SKIN)).max(axis=2) < 1
    known[cv2.erode((like_skin & (hair < 0.5)).astype(np.uint8), disk(5)) > 0] = 0
    known[cv2.erode(((person < 0.1) & (hair < 0.1)).astype(np.uint8), disk(15)) > 0] = 0
    return known


def _largest(alpha: np.ndarray) -> np.ndarray:
    """Drop what is not joined to the rest: specks of clothes."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.06).astype(np.uint8))
    kept = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    return alpha * cv2.GaussianBlur(kept.astype(np.float32), (0, 0), 1.0)


if __name__ == "__main__":
    stored = {}
    for name, portrait in PORTRAITS.items():
        picture = np.asarray(Image.open(Path(sys.argv[1]) / portrait.file).convert("RGB"))
        arrays = cut_out(picture, portrait)
        arrays["fine"] = fine_strands(arrays["strands"], portrait.run_px)
        singles = single_hairs(arrays["strands"][..., 1], arrays["left_top_px"])
        arrays["single"] = cv2.imencode(".png", singles)[1].ravel()
        stored |= {f"{name}_{kind}": array for kind, array in arrays.items()}
    np.savez_compressed(sys.argv[2], **stored)
