"""Broad light and shade of a hairdo as hair has them in the mean, whatever lamps its portrait was lit by."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

_BROAD_FACES, _OWN_BROAD_OUT = 0.055, 0.6
_BESIDE_LOG = (0.35, 0.75), (-0.28, 0.1)
_BESIDE_SHARE = (-0.9, -0.3, 0.3, 0.5), (0.4, 1.0, 1.0, 0.0)
_CROWN_LOG = (0.35, 0.55), (0.0, 0.15)
"""Logarithm of broad light by its median, by face heights from the middle and above it: the mean of 68 women."""


def lit_as_usual(
    light_log: FloatArray, alpha: FloatArray, u: FloatArray, v: FloatArray, face_px: float
) -> FloatArray:
    """Give most of its broad light and shade for those that hair has in the mean: light crown, dark beside a neck.

    Parameters
    ----------
    light_log : ndarray, (h, w) float32
        Logarithm of lightness by its median.
    alpha : ndarray, (h, w) float32
        How much of a pixel is hair, 0..1.
    u, v : ndarray, (w,) and (h,) float32
        Face heights to the right and up from the middle of the face, of columns and rows.
    face_px : float

    Returns
    -------
    ndarray, (h, w) float32
    """
    sigma_px = _BROAD_FACES * face_px
    blurred, known = (cv2.GaussianBlur(plane, (0, 0), sigma_px) for plane in (light_log * alpha, alpha))
    beside = np.interp(np.abs(u), *_BESIDE_LOG)[None] * np.interp(v, *_BESIDE_SHARE)[:, None]
    usual = (beside + np.interp(v, *_CROWN_LOG)[:, None]).astype(np.float32)
    return np.asarray(light_log - np.float32(_OWN_BROAD_OUT) * blurred / (known + np.float32(1e-3)) + usual)
