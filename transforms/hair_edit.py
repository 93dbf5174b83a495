"""Hair of the head, grayed or given its pigment back, in the part of the picture where the matte finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.hair import hair_matte
from transforms.hair_color import darken_hair, gray_hair
from transforms.models import EditModels

_GRAY_SHARE, _MOST_GRAY = 0.75, 0.95
_LEAST_MATTE, _SURE_MATTE = 0.01, 0.6


def recolor_hair(
    image: ImageArray, face: Face, strength: float, models: EditModels, others: Sequence[Face] = ()
) -> ImageArray:
    """Gray the hair (positive) or give gray hair its color back (negative).

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    strength : float
        1 is a person of about 70; -1 a child.
    models : EditModels
    others : sequence of Face
        The other faces of the picture; their hair stays.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
    """
    if not strength:
        return image
    matte = hair_matte(image, face, models.person.person_near(image, face), others)
    found = cv2.boundingRect((matte > _LEAST_MATTE).view(np.uint8))
    left, top, width, height = (int(side) for side in found)
    if not width:
        return image
    rows, columns = slice(top, top + height), slice(left, left + width)
    part, alpha = image[rows, columns], np.ascontiguousarray(matte[rows, columns])
    lab: FloatArray = cv2.cvtColor(part.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    box = replace(face.box, left=face.box.left - left, top=face.box.top - top)
    here = replace(face, landmarks_px=face.landmarks_px - np.array([left, top, 0], np.float32), box=box)
    if strength > 0:
        colored = gray_hair(lab, alpha, min(_GRAY_SHARE * strength, _MOST_GRAY), here)
    else:
        # Dark paint on a bright background shows, gray paint hardly: only sure hair is darkened.
        sure = np.clip((alpha - 0.5) / 0.4, 0, 1)
        # Burnt-out white hair has no strands left that could carry a color: it would turn to flat fog.
        middle = float(np.median(lab[..., 0][alpha > _SURE_MATTE])) if (alpha > _SURE_MATTE).any() else 100.0
        room = min(max((94 - middle) / 20, 0.0), 1.0)
        colored = darken_hair(lab, sure, min(-strength, 1.0) * room)
    rgb = cv2.cvtColor(colored.astype(np.float32), cv2.COLOR_LAB2RGB)
    painted = np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8)
    result = image.copy()
    result[rows, columns] = cv2.copyTo(painted, (alpha > _LEAST_MATTE).view(np.uint8), part.copy())
    return result
