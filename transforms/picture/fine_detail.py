"""How much of the detail that is too fine for a small picture an edit of that picture takes away.

Detail fades out towards what is finer, so that where an edit leaves the small picture's finest as it was, or adds to
it, all that is finer belongs to the person still; where it takes the finest away, as shaving does with hairs, the
finer goes as well. Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.bounds import nonzero_bounds

_FINEST_SIGMA_PX, _AROUND_PX = 1.0, 9
_LEVEL = 1.0
"""Detail of less than this is grain of the sensor."""
_LOST_BELOW, _KEPT_FROM = 0.4, 0.7
"""Ratios of the finest detail after an edit to that before it."""


def lost_detail(before: ImageArray, after: ImageArray) -> ImageArray:
    """Tell where what is finer than the pixels of an edited picture is to go.

    Parameters
    ----------
    before, after : ndarray, (h, w, 3) uint8, RGB

    Returns
    -------
    ndarray, (h, w) uint8
        0 where it stays .. 255 where it goes.
    """
    lost = np.zeros(before.shape[:2], np.uint8)
    part = nonzero_bounds(cv2.absdiff(after, before), _AROUND_PX)
    if part is not None:
        ratio = (_finest(after[part]) + _LEVEL) / (_finest(before[part]) + _LEVEL)
        lost[part] = np.clip((_KEPT_FROM - ratio) * (255 / (_KEPT_FROM - _LOST_BELOW)), 0, 255)
    return lost


def _finest(rgb: ImageArray) -> FloatArray:
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    detail: FloatArray = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _FINEST_SIGMA_PX))
    return np.asarray(cv2.blur(detail, (_AROUND_PX, _AROUND_PX)), np.float32)
