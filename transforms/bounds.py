"""The part of a picture that a mask touches."""

from __future__ import annotations

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
