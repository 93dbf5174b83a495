"""Blur what is known of a picture, as if the rest were not there.

Source: normalized convolution, Knutsson & Westin, CVPR 1993.
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.broad_blur import broad_blur

_LEAST_KNOWN = 0.02


def normalized_blur(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray:
    """Blur (h, w, 3) float32 by a Gaussian, each pixel with its weight, (h, w); as it was where nothing is known."""
    weight = weight.astype(np.float32, copy=False)
    blurred = broad_blur(np.dstack([lab * weight[..., None], weight]), max(sigma_px, 0.6))
    total = blurred[..., 3:]
    known: FloatArray = np.where(total > _LEAST_KNOWN, blurred[..., :3] / np.maximum(total, _LEAST_KNOWN), lab)
    return known
