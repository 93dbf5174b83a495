"""Hair of the head, grayed or given its pigment back, in the part of the picture where the matte finds it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.hair_color import darken_hair, gray_hair, skin_share
from transforms.lab import lab_of, rgb_of
from transforms.person import face_height_px

_GRAY_SHARE, _MOST_GRAY = 0.75, 0.95
_LEAST_MATTE, _SURE_MATTE = 0.01, 0.6
_LEAST_GROWN = 0.06
"""Area of sure hair in squared face heights; a short cut has about 0.3."""


def recolor_hair(image: ImageArray, matte: FloatArray, face: Face, strength: float) -> ImageArray:
    """Gray the hair (positive) or give gray hair its color back (negative).

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    matte : ndarray, (h, w) float32
        `transforms.hair.hair_matte` of the picture before its skin was painted.
    face : Face
        In pixels of `image`.
    strength : float
        1 is a person of about 70; -1 a child.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
    """
    if not strength:
        return image
    found = cv2.boundingRect((matte > _LEAST_MATTE).view(np.uint8))
    left, top, width, height = (int(side) for side in found)
    if not width:
        return image
    rows, columns = slice(top, top + height), slice(left, left + width)
    part, alpha = image[rows, columns], np.ascontiguousarray(matte[rows, columns])
    lab = lab_of(part)
    box = replace(face.box, left=face.box.left - left, top=face.box.top - top)
    here = replace(face, landmarks_px=face.landmarks_px - np.array([left, top, 0], np.float32), box=box)
    if strength > 0:
        colored = gray_hair(lab, alpha, min(_GRAY_SHARE * strength, _MOST_GRAY), here)
    else:
        # Dark paint on a bright background shows, gray paint hardly: only sure hair is darkened.
        sure = np.clip((alpha - 0.5) / 0.4, 0, 1) * (1 - skin_share(lab, lab, here))
        # Burnt-out white hair has no strands left that could carry a color: it would turn to flat fog.
        middle = float(np.median(lab[..., 0][alpha > _SURE_MATTE])) if (alpha > _SURE_MATTE).any() else 100.0
        room = min(max((94 - middle) / 20, 0.0), 1.0)
        # A few patches on a head are the shine of its skin.
        grown = float((sure > _SURE_MATTE).sum()) / face_height_px(here) ** 2
        room *= min(max((grown - _LEAST_GROWN) / _LEAST_GROWN, 0.0), 1.0)
        colored = darken_hair(lab, sure, min(-strength, 1.0) * room)
    result = image.copy()
    result[rows, columns] = cv2.copyTo(rgb_of(colored), (alpha > _LEAST_MATTE).view(np.uint8), part.copy())
    return result
