"""The size at which broad changes are found: they look the same on a small picture, and take less time."""

from __future__ import annotations

import cv2
import numpy as np

from quality.crop import halved
from quality.face import FloatArray, ImageArray

_LEAST_SIDE_PX = 4


def working_size(width_px: int, height_px: int, size_px: float, most_px: float) -> tuple[float, tuple[int, int]]:
    """Reduce a picture so far that what is `size_px` in it becomes `most_px` at most.

    Parameters
    ----------
    width_px, height_px : int
        Of the picture.
    size_px, most_px : float
        Of a face or its distance of the eyes: in the picture, and wanted.

    Returns
    -------
    scale : float
        Up to 1.
    size_wh : tuple of int
        Of the reduced picture.
    """
    scale = min(1.0, most_px / max(size_px, 1.0))
    return scale, (max(round(width_px * scale), _LEAST_SIDE_PX), max(round(height_px * scale), _LEAST_SIDE_PX))


def reduced(picture: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Reduce a picture, (H, W) or (H, W, C) of any type: halved by area as often as that goes, then linearly.

    A reduction by area at any other scale takes five times as long, and looks alike at more than a half.
    """
    while picture.shape[0] >= 2 * size_wh[1] and picture.shape[1] >= 2 * size_wh[0]:
        picture = halved(picture)
    small: FloatArray = cv2.resize(picture, size_wh, interpolation=cv2.INTER_LINEAR)
    return small


def enlarged(small: FloatArray, size_wh: tuple[int, int], part: tuple[slice, slice]) -> FloatArray:
    """Bring some rows and columns of a reduced picture, (h, w, C) of any type, up to its old size."""
    # An affine warp of the part alone takes four times as long.
    large: FloatArray = cv2.resize(small, size_wh, interpolation=cv2.INTER_LINEAR)
    return large[part]


def add_enlarged(picture: ImageArray, change: FloatArray, part: tuple[slice, slice]) -> ImageArray:
    """Add a reduced picture's change, (h, w, 3) float32 in levels, to a part of the large one, (H, W, 3) uint8."""
    result = picture.copy()
    at, size_wh = result[part], (picture.shape[1], picture.shape[0])
    # Bytes are enlarged and added several times as fast as signed numbers.
    cv2.add(at, enlarged(np.clip(change + 0.5, 0, 255).astype(np.uint8), size_wh, part), dst=at)
    cv2.subtract(at, enlarged(np.clip(0.5 - change, 0, 255).astype(np.uint8), size_wh, part), dst=at)
    return result


def part_of_picture(
    part: tuple[slice, slice], small_wh: tuple[int, int], size_wh: tuple[int, int]
) -> tuple[slice, slice]:
    """Return the rows and columns of a picture that some rows and columns of it reduced reach."""
    rows, columns = (
        slice(max(int((side.start - 1) * whole / small), 0), min(int((side.stop + 1) * whole / small) + 1, whole))
        for side, small, whole in zip(part, small_wh[::-1], size_wh[::-1], strict=True)
    )
    return rows, columns
