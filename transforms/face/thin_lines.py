"""Thin lines on skin, dark or light, that are no folds: folds are redder than skin, rims and wire of glasses not."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

_FOLDS_REDDER = 2.0
"""Steps of L that a step of a* above the skin's counts against a line: wire has -1 to 1 mostly, folds 2 to 3."""


def thin_lines(lab: FloatArray, dark_px: int, light_px: int, around_px: int) -> FloatArray:
    """Tell how far lines stand out.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        CIE Lab.
    dark_px, light_px : int
        Half the breadth of dark lines and of light ones.
    around_px : int
        Half the side of the square with whose color theirs is compared.

    Returns
    -------
    ndarray, (h, w) float32
        Steps of L, less those that redness counts against them.
    """
    lightness, side = np.ascontiguousarray(lab[..., 0]), 2 * around_px + 1
    dark = cv2.morphologyEx(lightness, cv2.MORPH_CLOSE, np.ones((2 * dark_px + 1,) * 2, np.uint8)) - lightness
    light = lightness - cv2.morphologyEx(lightness, cv2.MORPH_OPEN, np.ones((2 * light_px + 1,) * 2, np.uint8))
    redder = np.maximum(lab[..., 1] - cv2.blur(lab[..., 1], (side, side)), 0)
    return np.asarray(np.maximum(dark, light) - np.float32(_FOLDS_REDDER) * redder, np.float32)
