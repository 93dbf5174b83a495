"""The part of a picture that a mask touches."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def bounds(mask: NDArray[np.bool_], margin_px: int = 0) -> tuple[slice, slice] | None:
    """Return the rows and columns that hold what is set in a mask, (h, w) bool, and a margin; None if nothing is."""
    left, top, width, height = (int(side) for side in cv2.boundingRect(mask.view(np.uint8)))
    if not width:
        return None
    rows, columns = (
        slice(max(start - margin_px, 0), min(start + size + margin_px, whole))
        for start, size, whole in ((top, height, mask.shape[0]), (left, width, mask.shape[1]))
    )
    return rows, columns


def nonzero_bounds(picture: NDArray[Any], margin_px: int = 0) -> tuple[slice, slice] | None:
    """Return the same of a picture, (h, w, C) of any type: beyond it, and the margin, all is exactly 0."""
    # As single bytes: a tenth of the time of `any` over the channels.
    found = bounds(np.ascontiguousarray(picture).view(np.bool_).reshape(len(picture), -1))
    if found is None:
        return None
    rows, columns = found
    pixel_bytes = picture.itemsize * picture.shape[2]
    mask = slice(columns.start // pixel_bytes, -(-columns.stop // pixel_bytes))
    rows, columns = (
        slice(max(side.start - margin_px, 0), min(side.stop + margin_px, whole))
        for side, whole in zip((rows, mask), picture.shape, strict=False)
    )
    return rows, columns
