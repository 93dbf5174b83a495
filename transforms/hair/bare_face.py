"""What of a face is no hair, however dark: eyes that look through a fringe, the shaded half of a head turned away."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.face.landmark_ids import LEFT_EYE, RIGHT_EYE
from transforms.head.person import face_height_px
from transforms.picture.color_models import polygon_mask
from transforms.picture.ramp import ramp

_NOSE_TIP, _RIGHT_CHEEK, _LEFT_CHEEK = 1, 234, 454
_EYE_REACH_FACES = 0.015
# fmt: off
_MIDLINE = (152, 17, 0, 2, 4, 5, 197, 168)
_RIGHT_HALF = (9, 107, 66, 105, 63, 70, 127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, *_MIDLINE)
_LEFT_HALF = (9, 336, 296, 334, 293, 300, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, *_MIDLINE)
# fmt: on
_CHEEKS = {_RIGHT_HALF: _RIGHT_CHEEK, _LEFT_HALF: _LEFT_CHEEK}
_TURNED = 0.3
"""Breadth of the far half of a face against the near one, from which on it is turned away."""


def far_side(points: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Find the far half of a face that is turned away: there shade before dark hair passes for hair.

    Parameters
    ----------
    points : ndarray, (478, 2)
        Landmarks in the crop of `transforms.head.head_crop`.
    size_wh : tuple of int
        Of the crop.

    Returns
    -------
    ndarray, (h, w) float32
        0..1; 0 everywhere where the face looks ahead.
    """
    reach = {side: abs(float(points[cheek, 0] - points[_NOSE_TIP, 0])) for side, cheek in _CHEEKS.items()}
    far = min(reach, key=lambda side: reach[side])
    turned = ramp(reach[far] / max(*reach.values(), 1.0), _TURNED, _TURNED - 0.15)
    if not turned:
        return np.zeros((size_wh[1], size_wh[0]), np.float32)
    return np.asarray(turned * polygon_mask(points, far, size_wh, 0.7), np.float32)


def without_eyes(matte: FloatArray, face: Face) -> FloatArray:
    """Take eyes out: one that looks through a fringe is no hair.

    Parameters
    ----------
    matte : ndarray, (H, W) float32
        Changed in place.
    face : Face
        In pixels of `matte`.

    Returns
    -------
    ndarray
        `matte`.
    """
    reach_px = max(round(_EYE_REACH_FACES * face_height_px(face)), 1)
    for eye in (RIGHT_EYE, LEFT_EYE):
        outline = face.landmarks_px[list(eye), :2]
        low = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 3 * reach_px, 0)
        high = np.ceil(outline.max(axis=0)).astype(int) + 3 * reach_px
        part = matte[low[1] : high[1], low[0] : high[0]]
        if part.any():
            eye_px = polygon_mask(outline - low, range(len(outline)), (part.shape[1], part.shape[0]), 0)
            part *= 1 - cv2.GaussianBlur(cv2.dilate(eye_px, np.ones((reach_px,) * 2)), (0, 0), 0.5 * reach_px)
    return matte
