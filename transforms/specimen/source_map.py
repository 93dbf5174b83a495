"""Where each pixel of a turned surface comes from: the nearest point that is seen there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.specimen.head_surface import turned_px


def source_map(
    alpha: FloatArray, depth: FloatArray, mesh_px: FloatArray, yaw_deg: float, pitch_deg: float
) -> tuple[FloatArray, FloatArray]:
    """Find where each pixel of the view comes from, (h, w, 2), and how much of it is there, (h, w); float32."""
    height, width = alpha.shape
    # Found at half size, from four points a pixel: what is seen larger has no holes then.
    reach = cv2.dilate(alpha, np.ones((3, 3), np.uint8))
    left, top, part_w, part_h = cv2.boundingRect((reach > 0).astype(np.uint8))
    part, fine_wh = np.s_[top : top + part_h, left : left + part_w], (2 * part_w, 2 * part_h)
    grid = np.stack(np.meshgrid(np.arange(fine_wh[0]), np.arange(fine_wh[1])), axis=-1).astype(np.float32)
    xy = grid / 2 - 0.25 + np.array([left, top], np.float32)
    z = cv2.resize(depth[part], fine_wh, interpolation=cv2.INTER_LINEAR)
    turned = turned_px(np.dstack([xy, z]).reshape(-1, 3), mesh_px, yaw_deg, pitch_deg).reshape(*z.shape, 3)
    seen = (cv2.resize(reach[part], fine_wh, interpolation=cv2.INTER_LINEAR) > 0) & _faces_camera(turned)
    points, origins = turned[seen], xy[seen]
    column, row = (np.round(points[:, axis] / 2 - 0.25).astype(int) for axis in (0, 1))
    order = np.argsort(points[:, 2], kind="stable")
    order = order[
        (column[order] >= 0) & (column[order] < width // 2) & (row[order] >= 0) & (row[order] < height // 2)
    ]
    source = np.zeros((height // 2, width // 2, 2), np.float32)
    known = np.zeros((height // 2, width // 2), np.float32)
    source[row[order], column[order]] = origins[order]
    known[row[order], column[order]] = 1
    return _enlarged(*_without_holes(source, known), (width, height))


def _faces_camera(turned: FloatArray) -> NDArray[np.bool_]:
    """Tell which points of the turned surface, (h, w, 3), are seen from their front."""
    dx, dy = np.gradient(turned[..., :2], axis=1), np.gradient(turned[..., :2], axis=0)
    front: NDArray[np.bool_] = dx[..., 0] * dy[..., 1] - dx[..., 1] * dy[..., 0] > 0
    return front


def _without_holes(source: FloatArray, known: FloatArray) -> tuple[FloatArray, FloatArray]:
    closed = cv2.morphologyEx(known, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    missing: NDArray[np.bool_] = (closed > 0) & (known == 0)
    filled, weight = source * known[..., None], known
    for sigma in (1.0, 3.0):
        total = cv2.GaussianBlur(weight, (0, 0), sigma)
        mean = cv2.GaussianBlur(filled, (0, 0), sigma) / np.maximum(total, 1e-6)[..., None]
        now = missing & (total > 0.05)
        filled = np.where(now[..., None], mean, filled)
        weight = np.where(now, 1, weight).astype(np.float32)
        missing &= ~now
    return filled, weight


def _enlarged(source: FloatArray, known: FloatArray, size_wh: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Bring the map to full size; smoothing hides the grid of its points, and softens the outline."""
    total = cv2.GaussianBlur(known, (0, 0), 0.7)
    near = cv2.GaussianBlur(known, (0, 0), 2.0)
    smooth = cv2.GaussianBlur(source * known[..., None], (0, 0), 0.7) / np.maximum(total, 1e-3)[..., None]
    beyond = cv2.GaussianBlur(source * known[..., None], (0, 0), 2.0) / np.maximum(near, 1e-3)[..., None]
    smooth = np.where(total[..., None] > 0.3, smooth, beyond).astype(np.float32)
    map_px: FloatArray = cv2.resize(smooth, size_wh, interpolation=cv2.INTER_LINEAR)
    share: FloatArray = np.clip((cv2.resize(total, size_wh, interpolation=cv2.INTER_LINEAR) - 0.35) / 0.4, 0, 1)
    return map_px, share
