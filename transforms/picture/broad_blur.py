"""A Gaussian blur whose time does not grow with its breadth: a broad one is as well found on a smaller picture.

Source: image pyramids (Burt & Adelson, IEEE Trans. Commun. 31(4), 1983).
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import FloatArray

_LEAST_SIGMA_PX = 2.3
"""The picture is reduced so far that the blur there is at least so broad: within 1 % of a step's height."""


def broad_blur(picture: FloatArray, sigma_px: float) -> FloatArray:
    """Blur (h, w) or (h, w, C) float32; up to a sigma of twice `_LEAST_SIGMA_PX` as `cv2.GaussianBlur` does."""
    small = blurred_small(picture, sigma_px)
    if small.shape == picture.shape:
        return small
    size_wh = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.resize(small, size_wh, interpolation=cv2.INTER_LINEAR), np.float32)


def blurred_small(picture: FloatArray, sigma_px: float) -> FloatArray:
    """Return the same on a picture as small as will do, to be enlarged by `cv2.INTER_LINEAR`."""
    height, width = picture.shape[:2]
    times = int(sigma_px / _LEAST_SIGMA_PX)
    if times < 2 or min(height, width) < times:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.float32)
    size_wh = (-(-width // times), -(-height // times))
    small = cv2.resize(picture, size_wh, interpolation=cv2.INTER_AREA)
    # Areas and the interpolation between them blur as well: a twelfth and a sixth of a small pixel's square.
    across, down = (
        math.sqrt((sigma_px * part / whole) ** 2 - 0.25) for part, whole in zip(size_wh, (width, height), strict=True)
    )
    # At this size a mirror at the outermost pixels' centers would stand too far in.
    small = cv2.GaussianBlur(small, (0, 0), across, sigmaY=down, borderType=cv2.BORDER_REFLECT)
    return np.asarray(small, np.float32)
