"""Teeth darken and yellow with age.

Source: Hasegawa et al. 2000 (Color Research and Application 25:43-48): lightness falls with age, a* rises a little
and b* more. Sizes and limits by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.landmark_ids import MOUTH_OPENING
from transforms.face.layer_drawing import polygon
from transforms.picture.bounds import bounds

_OLDER, _YOUNGER = (-3.6, 0.8, 4.0), (1.0, 0.0, -1.2)
"""Steps of Lab for a strength of 1: thirty years. White teeth are young already, so there is little to gain."""
_MOST = 1.8
_MOST_YELLOW = 26.0
_LEAST_OPEN = 0.02


def age_teeth(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Age the teeth that are seen (positive), or make them a little younger; 1 is thirty years.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    view : FaceView
    strength : float

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if not strength:
        return lab
    near = view.window.around(_opening() > 0)
    if near is None:
        return lab
    view, mouth = view.within(near), lab[near]
    opening = view.face * view.window.sample(_opening())
    part = bounds(opening > _LEAST_OPEN)
    if part is None:
        return lab
    mouth = mouth[part]
    light, red = max(float(view.reference[0]), 1.0), float(view.reference[1])
    # Between the lips teeth are what is bright and has less red than the skin: the tongue is red, the rest dark.
    teeth = opening[part] * np.clip((mouth[..., 0] / light - 0.6) / 0.2, 0, 1)
    teeth *= np.clip((red - 1 - mouth[..., 1]) / 5, 0, 1)
    if strength < 0:
        # What is gray or blue in shade is not yellow.
        teeth *= np.clip((mouth[..., 2] - 4) / 8, 0, 1) * np.clip((90 - mouth[..., 0]) / 10, 0, 1)
    else:
        teeth *= np.clip((_MOST_YELLOW - mouth[..., 2]) / 12, 0, 1)
    teeth = cv2.GaussianBlur(teeth.astype(np.float32), (0, 0), max(0.006 * view.eyes_px, 0.5))
    change = np.array(_OLDER if strength > 0 else _YOUNGER, np.float32) * np.float32(min(abs(strength), _MOST))
    result = lab.copy(order="K")
    result[near][part] += teeth[..., None] * change
    return result


@cache
def _opening() -> FloatArray:
    return to_half(polygon(MOUTH_OPENING, 1.0, 1.0))
