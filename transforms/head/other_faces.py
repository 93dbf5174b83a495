"""Where the other faces of a picture are: they stay as they are, however near the chosen head is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from transforms.head.person import face_height_px
from transforms.picture.color_models import hull_mask

_MARGIN_FACES, _RAMP_FACES = 0.04, 0.12
"""Around another face: what is kept with it, and over what width the edit fades in; in its heights."""
_OWN_RAMP_FACES = 0.06
"""About the chosen face's mesh, where it lies over another."""


def free_of_others(face: Face, others: Sequence[Face], height_px: int, width_px: int) -> FloatArray | None:
    """Tell where an edit of this face may show.

    Parameters
    ----------
    face : Face
        The chosen one, in pixels of the picture or a part of it.
    others : sequence of Face
        The other faces, in the same pixels; `face` itself does not count.
    height_px, width_px : int
        Size of the part.

    Returns
    -------
    ndarray, (H, W) float32, or None
        1 free, 0 on another face, soft in between; the mesh of the chosen face is always free. None: no other face
        is near.
    """
    free: FloatArray | None = None
    for other in others:
        reach = (_MARGIN_FACES + _RAMP_FACES) * face_height_px(other)
        box = other.box
        near = box.left - reach < width_px and box.right + reach > 0
        if other is face or not (near and box.top - reach < height_px and box.bottom + reach > 0):
            continue
        away = _away_px(other, height_px, width_px) / face_height_px(other)
        clear = np.clip((away - _MARGIN_FACES) / _RAMP_FACES, 0, 1)
        free = clear if free is None else np.minimum(free, clear)
    if free is None:
        return None
    own = 1 - _away_px(face, height_px, width_px) / (_OWN_RAMP_FACES * face_height_px(face))
    return np.maximum(free, np.clip(own, 0, 1)).astype(np.float32)


def only_where(free: FloatArray, before: ImageArray, after: ImageArray) -> ImageArray:
    """Keep an edit, (H, W, 3) uint8, to where `free` is 1, and leave all of `before` where it is 0."""
    change = (after.astype(np.float32) - before) * free[..., None]
    kept: ImageArray = np.clip(before + change + 0.5, 0, 255).astype(np.uint8)
    return kept


def _away_px(face: Face, height_px: int, width_px: int) -> FloatArray:
    """Distance from the outline of a face's mesh, 0 within, (H, W) float32."""
    outside = 1 - hull_mask(np.round(face.landmarks_px[:MESH_VERTICES, :2]), (width_px, height_px))
    if outside.all():
        # Beyond the part, and so far away that it hardly matters how far.
        return np.full((height_px, width_px), np.float32(max(height_px, width_px)))
    away: FloatArray = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
    return away
