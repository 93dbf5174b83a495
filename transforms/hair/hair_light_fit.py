"""The light of the picture on hair that is new in it: as on the own hair beneath, and as on the cheeks."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.head.head_light import colors_at
from transforms.head.person import face_height_px
from transforms.picture.broad_blur import blurred_small

_RIGHT_CHEEK, _LEFT_CHEEK = (50, 117, 205, 101), (280, 346, 425, 330)
_SIDE_LIGHT, _SIDE_LIGHT_FACES = 0.6, 0.55
_FIT_REACH_FACES, _FIT_ALONE, _MOST_LIGHTER = 0.08, 0.12, 18.0
"""How far the light on the own hair tells that beside it, what share of it must be near, and how much lighter hair
becomes at most: the sun on a head is no white lock. By eye."""


def lightness_beside(new: FloatArray, own: FloatArray, overlap: FloatArray, height_px: float) -> FloatArray:
    """Tell how much lighter new hair must be to be lit as the own hair is.

    Parameters
    ----------
    new, own : ndarray, (h, w) float32
        L of the new hair, and of the picture.
    overlap : ndarray, (h, w) float32
        Where the new hair lies over own hair, 0..1.
    height_px : float
        Of the face.

    Returns
    -------
    ndarray, (h, w) float32
        Broad; less and less beyond the own hair.
    """
    known = cv2.merge([overlap * (own - new), overlap])
    near, weight = cv2.split(blurred_small(known, max(_FIT_REACH_FACES * height_px, 0.5)))
    lighter = np.minimum(near / (weight + np.float32(_FIT_ALONE)), np.float32(_MOST_LIGHTER))
    size_wh = (new.shape[1], new.shape[0])
    return np.asarray(cv2.resize(lighter, size_wh, interpolation=cv2.INTER_LINEAR), np.float32)


def side_light_log(lab: FloatArray, face: Face) -> FloatArray:
    """Logarithm of the light on the hair, (1, w), from one side to the other, as it falls on the cheeks."""
    columns = np.arange(lab.shape[1], dtype=np.float32)[None]
    right, left = (colors_at(lab, face, cheek) for cheek in (_RIGHT_CHEEK, _LEFT_CHEEK))
    if not len(right) or not len(left):
        return 0 * columns
    across = np.log(max(float(np.median(left[:, 0])), 5) / max(float(np.median(right[:, 0])), 5))
    middle = face.landmarks_px[[10, 152], 0].mean()
    along = np.clip((columns - middle) / (_SIDE_LIGHT_FACES * face_height_px(face)), -1, 1)
    return np.asarray(along * np.float32(_SIDE_LIGHT * across / 2), np.float32)
