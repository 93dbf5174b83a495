"""The part of a picture in which a head is edited, and where a face lies in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quality.face import MESH_VERTICES, BoundingBox, Face, FloatArray

_HALF_PIXEL = np.array([0.5, 0.5, 0], np.float32)
_REACH = (0.75, 0.8, 0.75, 0.75)
"""Left, above, right, below: what is worked on beyond the face's box, in its widths and heights."""


def head_region(face: Face, height: int, width: int, block_px: int) -> tuple[slice, slice] | None:
    """Return the rows and columns that hold a head, whole blocks; None if too little of it is in the picture."""
    box = face.box
    left, above, right, below = _REACH
    x0, x1 = max(int(box.left - left * box.width), 0), min(int(box.right + right * box.width), width)
    y0, y1 = max(int(box.top - above * box.height), 0), min(int(box.bottom + below * box.height), height)
    x1, y1 = x1 - (x1 - x0) % block_px, y1 - (y1 - y0) % block_px
    if x1 - x0 < 8 or y1 - y0 < 8:
        return None
    return slice(y0, y1), slice(x0, x1)


def to_head(landmarks_px: FloatArray, columns: slice, rows: slice, scale: float) -> FloatArray:
    """Bring points of the picture to the head's part of it, reduced by `scale`; pixel centers are whole numbers."""
    local = landmarks_px - np.array([columns.start, rows.start, 0], np.float32)
    return ((local + _HALF_PIXEL) * scale - _HALF_PIXEL).astype(np.float32)


def placed_face(face: Face, landmarks_px: FloatArray) -> Face:
    """Return the face with other landmarks, (478, 3) float32 in pixels, and the box about them."""
    low, high = landmarks_px[:MESH_VERTICES, :2].min(axis=0), landmarks_px[:MESH_VERTICES, :2].max(axis=0)
    box = BoundingBox(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    return replace(face, landmarks_px=landmarks_px, box=box)
