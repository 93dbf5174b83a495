"""Compute `transforms/data/hairdo.npz`: one woman's chin-long hair, cut out of a public-domain portrait.

    python -m bench.train.hairdo TRAIN_FOLDER transforms/data/hairdo.npz

The portrait is chosen by eye: a straight bob, seen from the front, without earrings, before an even wall. What is
stored is no color, only how light each strand is against the hair's median, how much of a pixel is hair, and the rim
of the face it hangs about, in the upright crop of `transforms.head_crop`.

Source of the matte: Levin, Lischinski & Weiss 2008, IEEE PAMI 30(2):228-242, and Germer et al. 2020 (foreground), as
in the package pymatting (1.1), which is to be installed beside the project; the product does not need it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from pymatting import estimate_alpha_cf, estimate_foreground_ml

from quality.landmarker import FaceLandmarker
from transforms.canonical_layers import OVAL
from transforms.hair import hair_matte
from transforms.hairdo import BLACK, FACE_PX, LIGHTNESS_STEPS
from transforms.head_crop import crop_map, crop_size_wh, to_crop_points
from transforms.models import EditModels

PORTRAIT = "congress/C001119.jpg"
"""Official portrait, United States Congress, public domain."""
LAMP_PX, LAMP_SHARE = 8.0, 0.75
_CHEEKS = (50, 280, 205, 425, 151, 117, 346)
_LIKE_SKIN = (22, 7, 8)


def cut_out(portrait: np.ndarray) -> dict[str, np.ndarray]:
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
    alpha = _largest(np.clip((alpha - 0.04) / 0.92, 0, 1).astype(np.float32))
    foreground = estimate_foreground_ml(crop / 255.0, alpha.astype(np.float64)).astype(np.float32)
    lightness = cv2.cvtColor(foreground, cv2.COLOR_RGB2Lab)[..., 0] + BLACK
    middle = float(np.median(lightness[alpha > 0.8]))
    light = np.log(lightness / middle).astype(np.float32)
    # The studio's lamp on the crown would look like a gray lock in another light.
    broad = cv2.GaussianBlur(light * alpha, (0, 0), LAMP_PX) / (cv2.GaussianBlur(alpha, (0, 0), LAMP_PX) + 1e-3)
    steps = 128 + LIGHTNESS_STEPS * (light - LAMP_SHARE * np.maximum(broad, 0))
    return {
        "lightness": np.clip(np.where(alpha > 0, steps, 128), 0, 255).astype(np.uint8),
        "alpha": np.round(255 * alpha).astype(np.uint8),
        "rim_px": points[list(OVAL)].astype(np.float32),
    }


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
    arrays = cut_out(np.asarray(Image.open(Path(sys.argv[1]) / PORTRAIT).convert("RGB")))
    np.savez_compressed(sys.argv[2], **arrays)
