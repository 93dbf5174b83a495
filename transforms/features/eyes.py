"""Clear eyes: darker lashes and irises, lighter whites, as the contrast of the eyes falls with age.

Source: Porcheron, Mauger & Russell, "Aspects of facial contrast decrease with age and are cues for age perception",
PLoS ONE 8(3), 2013. Strengths by regression over random edits (see docs/edit-strengths.md) and by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.landmark_ids import LEFT_EYE, RIGHT_EYE
from transforms.face.layer_drawing import blobs, polygon

_DETAIL_SIGMA_EYES = 0.05
_DETAIL_GAIN, _DETAIL_LIMIT = 0.4, 15.0
"""Share of what is finer than the sigma that is added, and the most of it that counts, steps of L."""

_AROUND = (31, 228, 229, 230, 231, 232, 261, 448, 449, 450, 451, 452, 27, 28, 29, 257, 258, 259)
_SHADE = (-1.9, 0.8, 0.4)
"""Steps of L, a* and b* on the skin about the eyes: light there makes older, though bags are shade; without color it
would be one."""


def raise_eye_contrast(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Deepen what is dark about the eyes and lift what is light; 1 is the usual full change."""
    if strength <= 0:
        return lab
    part = view.window.around(_layer() > 0)
    if part is None:
        return lab
    view, lightness = view.within(part), lab[part][..., 0]
    amount = view.window.sample(_layer()) * np.minimum(view.face * 1.5, 1)
    detail = lightness - cv2.GaussianBlur(lightness, (0, 0), max(_DETAIL_SIGMA_EYES * view.eyes_px, 1.0))
    change = _DETAIL_GAIN * amount * np.clip(detail, -_DETAIL_LIMIT, _DETAIL_LIMIT)
    shade = view.window.sample(_shade_layer()) * view.skin * view.skin_like * (view.light * np.float32(strength))
    result = lab.copy(order="K")
    result[part][..., 0] += np.float32(strength) * change
    for plane, steps in enumerate(_SHADE):
        result[part][..., plane] += np.float32(steps) * shade
    return result


@cache
def _shade_layer() -> FloatArray:
    """Draw the skin next to lids and lashes."""
    return to_half(blobs(_AROUND, 5))


@cache
def _layer() -> FloatArray:
    """Draw the eyes with lids and lashes."""
    return to_half(np.clip(polygon(RIGHT_EYE, 1.5, 4) + polygon(LEFT_EYE, 1.5, 4), 0, 1))
