"""Where each pixel of the moved face comes from: a thin-plate spline through mesh points, evaluated on a coarse grid.

The map goes from the result to the source, so nothing is left empty.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.geometry import eye_corners_px
from transforms.face.landmark_ids import LEFT_BROW, LEFT_EYE, LIPS, MOUTH_OPENING, OVAL, RIGHT_BROW, RIGHT_EYE
from transforms.shape.thin_plate import thin_plate
from transforms.shape.warp import is_still

CONTROL_POINTS = tuple(
    sorted({*OVAL, *RIGHT_EYE, *LEFT_EYE, *LIPS, *MOUTH_OPENING[::2], *RIGHT_BROW, *LEFT_BROW,
            1, 2, 4, 5, 6, 168, 197, 195, 98, 327, 64, 294, 129, 358, 48, 278, 50, 280, 205, 425, 36, 266, 187, 411,
            147, 376, 9, 151, 108, 337, 69, 299, 200, 199, 18, 83, 313, 214, 434, 202, 422, 101, 330, 118, 347})
)  # fmt: skip
"""Mesh points that carry the warp: dense where features are, sparse on cheeks and forehead."""
_NEAR_RING, _NEAR_SHARE = 1.25, 0.5
"""Ring around the outline and the share of the outline's motion that it carries: hair and neck follow softly."""
_FIXED_RING = 1.75
_STEPS_PER_EYES = 14


def displacement_px(landmarks_px: FloatArray, offsets_px: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Find where each pixel of the result comes from.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
    offsets_px : ndarray, (468, 2) float32
        How far each mesh point shall move.
    size_wh : (int, int)

    Returns
    -------
    ndarray, (h, w, 2) float32
        Source minus result, px; exactly 0 beyond the head.
    """
    width, height = size_wh
    outline = landmarks_px[list(OVAL), :2].astype(np.float64)
    center = outline.mean(axis=0)
    control = list(CONTROL_POINTS)
    source, moved = landmarks_px[control, :2].astype(np.float64), offsets_px[control].astype(np.float64)
    near = center + (outline - center) * _NEAR_RING
    fixed = (center + (outline - center) * _FIXED_RING)[::2]
    sources = np.vstack([source, near[::2], fixed])
    motions = np.vstack([moved, _NEAR_SHARE * offsets_px[list(OVAL)][::2], np.zeros_like(fixed)])
    eyes_px = eye_corners_px(landmarks_px)
    step = max(3, int(eyes_px / _STEPS_PER_EYES))
    reach = center + (outline - center) * _FIXED_RING
    low = np.floor(np.clip(reach.min(axis=0), 0, (width, height)) / step).astype(int)
    high = np.ceil(np.clip(reach.max(axis=0), 0, (width, height)) / step).astype(int) + 1
    # Where `cv2.resize` takes the pixels of a smaller picture to lie.
    columns, rows = ((np.arange(*ends) + 0.5) * step - 0.5 for ends in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(columns, rows), axis=-1)
    radius = np.linalg.norm(grid - center, axis=-1) / _outline_radius(grid - center, outline - center)
    fade = np.clip((_FIXED_RING - radius) / 0.3, 0, 1)
    # At the picture's border nothing may be drawn in from outside.
    to_border = np.minimum(grid, (width - 1, height - 1) - grid).min(axis=-1)
    share = fade * np.clip((to_border - step) / (0.2 * eyes_px), 0, 1)
    coarse = np.zeros(grid.shape, np.float32)
    moves = share > 0
    coarse[moves] = thin_plate(sources + motions, -motions, grid[moves]) * share[moves][:, None]
    coarse[is_still(coarse)] = 0
    left, top = (int(side) * step for side in low)
    fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)[: height - top, : width - left]
    field = np.zeros((height, width, 2), np.float32)
    field[top : top + fine.shape[0], left : left + fine.shape[1]] = fine
    return field


def _outline_radius(directions: FloatArray, outline: FloatArray) -> FloatArray:
    """Distance of the outline from its center in each direction."""
    angles = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.argsort(angles)
    lengths = np.linalg.norm(outline, axis=1)
    wanted = np.arctan2(directions[..., 1], directions[..., 0])
    found = np.interp(wanted.ravel(), angles[order], lengths[order], period=2 * np.pi)
    radius: FloatArray = found.reshape(wanted.shape)
    return radius
