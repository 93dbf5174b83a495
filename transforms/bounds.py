"""The part of a picture that a mask touches."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def bounds(mask: NDArray[np.bool_]) -> tuple[slice, slice] | None:
    """Return the rows and columns that hold what is set in a mask, (h, w) bool; None where nothing is."""
    left, top, width, height = (int(side) for side in cv2.boundingRect(mask.view(np.uint8)))
    return (slice(top, top + height), slice(left, left + width)) if width else None
