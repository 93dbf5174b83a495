"""One picture laid over another."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray


def laid_over(below: FloatArray, above: FloatArray, share: FloatArray) -> FloatArray:
    """Lay a share, (h, w) float32 of 0..1, of one picture, (h, w, 3) float32 or uint8, over another."""
    # numpy takes three times as long with a factor for each pixel.
    blended: FloatArray = cv2.blendLinear(below, above, 1 - share, share)
    return blended


def laid_by_bytes(below: ImageArray, above: ImageArray, alpha: ImageArray) -> ImageArray:
    """Lay a share, (h, w) uint8 of 0..255, of one picture, (h, w, 3) uint8, over another."""
    # Twice as fast as `cv2.blendLinear`.
    share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    shown = cv2.multiply(above, share, scale=1 / 255)
    return np.asarray(cv2.add(shown, cv2.multiply(below, cv2.bitwise_not(share), scale=1 / 255)), np.uint8)
