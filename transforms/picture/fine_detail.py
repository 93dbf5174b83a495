"""What an edit of a small picture means for the detail that is too fine for it.

Detail fades out towards what is finer, so that where an edit leaves the small picture's finest as it was, all that is
finer belongs to the person still; where it takes the finest away, as shaving does with hairs, the finer goes as well,
and where it adds to it, as age does on skin and gray strands in hair, the finer gets more contrast. Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.bounds import nonzero_bounds

_FINEST_SIGMA_PX, _AROUND_PX = 1.0, 9
_LEVEL = 1.0
"""Detail of less than this is grain of the sensor."""
_LOST_BELOW, _KEPT_FROM, _RAISED_FROM, _MOST_RAISED = 0.4, 0.7, 1.1, 0.8
"""Ratios of the finest detail after an edit to that before it, and the most that is added to what is finer."""


def lost_detail(before: ImageArray, after: ImageArray) -> FloatArray:
    """Tell where what is finer than the pixels of an edited picture is to go, and where there is to be more of it.

    Parameters
    ----------
    before, after : ndarray, (h, w, 3) uint8, RGB

    Returns
    -------
    ndarray, (h, w) float32
        1 where it goes, 0 where it stays, negative where it is raised, by so much of itself.
    """
    lost = np.zeros(before.shape[:2], np.float32)
    part = nonzero_bounds(cv2.absdiff(after, before), _AROUND_PX)
    if part is not None:
        ratio = (_finest(after[part]) + _LEVEL) / (_finest(before[part]) + _LEVEL)
        lost[part] = np.clip((_KEPT_FROM - ratio) / (_KEPT_FROM - _LOST_BELOW), 0, 1)
        lost[part] -= np.clip(ratio - _RAISED_FROM, 0, _MOST_RAISED)
    return lost


def _finest(rgb: ImageArray) -> FloatArray:
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    detail: FloatArray = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _FINEST_SIGMA_PX))
    return np.asarray(cv2.blur(detail, (_AROUND_PX, _AROUND_PX)), np.float32)
