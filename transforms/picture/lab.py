"""CIE Lab as the edits use it: float32 pictures, L 0..100, in OpenCV's D65."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.strips import strips

_LEVELS = np.arange(256, dtype=np.float32) / 255


def lab_of(rgb: ImageArray | FloatArray) -> FloatArray:
    """Bring RGB, (H, W, 3) uint8 or float32 of 0..1, to (H, W, 3) float32 Lab."""
    unit = cv2.LUT(rgb, _LEVELS) if rgb.dtype == np.uint8 else rgb
    lab: FloatArray = cv2.cvtColor(unit, cv2.COLOR_RGB2LAB)
    return lab


def planar(picture: FloatArray) -> FloatArray:
    """Lay a picture, (H, W, 3) float32, out in memory plane by plane; shape and values stay.

    What numpy reckons with single planes, or with a factor for each plane or pixel, then takes a fifth of the time,
    and its results are laid out alike. OpenCV copies such a picture before it reads it.
    """
    planes = np.empty((3, *picture.shape[:2]), np.float32)
    cv2.split(picture.astype(np.float32, copy=False), list(planes))
    return np.moveaxis(planes, 0, -1)


def unit_rgb_of(lab: FloatArray) -> FloatArray:
    """Bring Lab back to (H, W, 3) float32 RGB, 0..1 but for rounding."""
    planes = [np.clip(lab[..., plane], least, 100, dtype=np.float32) for plane, least in enumerate((0, -100, -100))]
    rgb: FloatArray = cv2.cvtColor(cv2.merge(planes), cv2.COLOR_LAB2RGB)
    return rgb


def bytes_of(unit_rgb: FloatArray) -> ImageArray:
    """Bring RGB, (H, W, 3) float32 of 0..1, to uint8."""
    scaled = unit_rgb * np.float32(255)
    scaled += np.float32(0.5)
    levels: ImageArray = np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)
    return levels


def rgb_of(lab: FloatArray) -> ImageArray:
    """Bring Lab back to (H, W, 3) uint8 RGB."""
    rgb = np.empty(lab.shape, np.uint8)
    for rows in strips(len(lab)):
        rgb[rows] = bytes_of(unit_rgb_of(lab[rows]))
    return rgb
