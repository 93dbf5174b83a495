"""Lips that would look black, lifted towards the lightness that lips have beside the skin around them. By eye."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray

_DARK, _DARK_LIFTED = 0.55, 0.3
_MOST_LIFT = 12.0


def lift_lips(lightness: FloatArray, lips: FloatArray, skin: FloatArray, least_light: float) -> FloatArray:
    """Find how far lips are to be lifted as a whole, and their dark parts a little more.

    Parameters
    ----------
    lightness : ndarray, (h, w) float32
        L of CIE Lab.
    lips : ndarray, (h, w) float32
        Where they are, 0..1.
    skin : ndarray, (h, w) float32
        L of the skin around them, carried over them.
    least_light : float
        Least lightness of lips against the skin's, in the mean.

    Returns
    -------
    ndarray, (h, w) float32
        Steps of L to add.
    """
    core = np.clip(3 * lips - 2, 0, 1)
    missing = float((core * (least_light * skin - lightness)).sum()) / max(float(core.sum()), 1e-3)
    dark = np.maximum(_DARK * skin - lightness, 0)
    lift: FloatArray = lips * (min(max(missing, 0.0), _MOST_LIFT) + _DARK_LIFTED * dark)
    return lift
