"""Blur what is known of a picture, as if the rest were not there.

Source: normalized convolution, Knutsson & Westin, CVPR 1993.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

_LEAST_KNOWN = 0.02


def normalized_blur(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray:
    """Blur (h, w, 3) float32 by a Gaussian, each pixel with its weight, (h, w); as it was where nothing is known."""
    sigma_px = max(sigma_px, 0.6)
    total = cv2.GaussianBlur(weight, (0, 0), sigma_px)
    blurred: FloatArray = cv2.GaussianBlur(lab * weight[..., None], (0, 0), sigma_px)
    known = (total > _LEAST_KNOWN)[..., None]
    return np.where(known, blurred / np.maximum(total, _LEAST_KNOWN)[..., None], lab).astype(np.float32)
