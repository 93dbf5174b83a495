"""CIE Lab as the edits use it: float32 pictures, L 0..100, in OpenCV's D65."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray


def lab_of(rgb: ImageArray | FloatArray) -> FloatArray:
    """Bring RGB, (H, W, 3) uint8 or float32 of 0..1, to (H, W, 3) float32 Lab."""
    unit = rgb.astype(np.float32) / 255 if rgb.dtype == np.uint8 else rgb
    lab: FloatArray = cv2.cvtColor(unit, cv2.COLOR_RGB2LAB)
    return lab


def unit_rgb_of(lab: FloatArray) -> FloatArray:
    """Bring Lab back to (H, W, 3) float32 RGB, 0..1 but for rounding."""
    rgb: FloatArray = cv2.cvtColor(
        np.clip(lab, (0, -100, -100), (100, 100, 100)).astype(np.float32), cv2.COLOR_LAB2RGB
    )
    return rgb


def rgb_of(lab: FloatArray) -> ImageArray:
    """Bring Lab back to (H, W, 3) uint8 RGB."""
    picture: ImageArray = np.clip(unit_rgb_of(lab) * 255 + 0.5, 0, 255).astype(np.uint8)
    return picture
