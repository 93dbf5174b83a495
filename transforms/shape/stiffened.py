"""Frames of glasses stay straight: their region moves as one rigid piece."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.face.landmark_ids import LEFT_BROW, LEFT_EYE, RIGHT_BROW, RIGHT_EYE

GLASSES_POINTS = tuple(
    sorted({*RIGHT_EYE, *LEFT_EYE, *RIGHT_BROW, *LEFT_BROW, 168, 6, 197, 122, 351, 111, 340, 117, 346, 118,
            347, 119, 348, 35, 265, 226, 446, 143, 372, 34, 264, 127, 356, 193, 417, 245, 465, 8, 9, 100, 329, 101,
            330, 50, 280, 227, 447})
)  # fmt: skip


def stiffened(offsets_px: FloatArray, points_px: FloatArray, stiffness: float) -> FloatArray:
    """Make the region of glasses move as one rigid piece with a uniform scale, so that frames stay straight.

    Parameters
    ----------
    offsets_px, points_px : ndarray, (468, 2) float32
    stiffness : float
        0 leaves the offsets as they are, 1 is rigid.

    Returns
    -------
    ndarray, (468, 2) float32
    """
    if stiffness <= 0:
        return offsets_px
    ids = list(GLASSES_POINTS)
    points, target = points_px[ids], points_px[ids] + offsets_px[ids]
    a, b = points - points.mean(axis=0), target - target.mean(axis=0)
    # Complex least squares: one factor holds rotation and scale.
    z, w = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    factor = (np.conj(z) @ w) / max(float((np.abs(z) ** 2).sum()), 1e-6)
    moved = factor * ((points_px - points.mean(axis=0)) @ np.array([1, 1j]))
    rigid = np.stack([moved.real, moved.imag], axis=1) + target.mean(axis=0) - points_px
    inside = np.zeros(len(points_px), np.float32)
    inside[ids] = stiffness
    mixed: FloatArray = offsets_px + (rigid - offsets_px) * inside[:, None]
    return mixed.astype(np.float32)
