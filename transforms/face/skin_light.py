"""What light leaves of a skin's color and shades, by its Lab color."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.picture.ramp import ramp

_BURNT_OUT, _BURNING, _SEEN_BURNT_OUT = 97.0, 82.0, 0.4
"""Lightness of a full sensor, that from which on it has little left, and how much of a shade a full one shows."""
FADED_FROM, _FADED_WITHIN = 68.0, 14.0
"""Lightness from which on skin may be burnt out, and steps of L within which it is."""
_USUAL_RED_SHARE = 0.48
"""Of a* in a* and b*, the median of portraits."""

SHADED_LIGHTNESS = 16.0
"""What is in shade has color in proportion to L* + 16, as CIE 1976 has it (ISO/CIE 11664-4)."""


def colorfulness(skin_lab: FloatArray) -> float:
    """0 where the skin, (3,) Lab, has no color: a gray picture, which stays gray .. 1."""
    return ramp(float(np.hypot(skin_lab[1], skin_lab[2])), 2, 7)


def own_hue(skin_lab: FloatArray) -> FloatArray:
    """Return factors of steps of a* and b*, (2,) float32, that turn a usual skin's shades into this one's, (3,) Lab.

    1 at the hue of the median of training portraits: yellow light or a filter makes skin that has hardly any red, and
    a usual red on it would look purple.
    """
    red, yellow = max(float(skin_lab[1]), 0.0), max(float(skin_lab[2]), 0.0)
    share = red / max(red + yellow, 1e-3)
    return np.clip([share / _USUAL_RED_SHARE, (1 - share) / (1 - _USUAL_RED_SHARE)], 0.2, 1.8).astype(np.float32)


def headroom(skin_lightness: FloatArray) -> FloatArray:
    """Return how much of a shade is seen in skin so bright: what is white in the light would only turn gray."""
    lost = np.clip((skin_lightness - _BURNING) / (_BURNT_OUT - _BURNING), 0, 1)
    return np.asarray(1 - (1 - _SEEN_BURNT_OUT) * lost, np.float32)


def faded(skin_lightness: FloatArray) -> FloatArray:
    """Return how much of its color light may have taken from skin so bright, 0..1: shade gives it back."""
    return np.asarray(np.clip((skin_lightness - FADED_FROM) / _FADED_WITHIN, 0, 1), np.float32)
