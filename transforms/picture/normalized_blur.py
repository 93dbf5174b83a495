"""Blur what is known of a picture, as if the rest were not there.

Source: normalized convolution, Knutsson & Westin, CVPR 1993.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.picture.broad_blur import broad_blur

_LEAST_KNOWN = 0.02


def normalized_blur(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray:
    """Blur (h, w, 3) float32 by a Gaussian, each pixel with its weight, (h, w); as it was where nothing is known."""
    *planes, total = cv2.split(broad_blur(weighed(lab, weight), max(sigma_px, 0.6)))
    share = 1 / np.maximum(total, _LEAST_KNOWN)
    known: FloatArray = cv2.merge([plane * share for plane in planes])
    return cv2.copyTo(lab, (total <= _LEAST_KNOWN).view(np.uint8), known)


def weighed(lab: FloatArray, weight: FloatArray) -> FloatArray:
    """Return (h, w, 3) times its weight, (h, w), and the weight itself, (h, w, 4) float32."""
    # Plane by plane numpy multiplies five times as fast.
    weight = weight.astype(np.float32, copy=False)
    weighed: FloatArray = cv2.merge([*(plane * weight for plane in cv2.split(lab)), weight])
    return weighed
