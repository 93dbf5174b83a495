"""Draw shapes in a canonical layer, given by landmarks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.layer_frame import LAYER_PX, layer_points_px


def polygon(ids: Sequence[int], grow: float, blur_px: float) -> FloatArray:
    """Fill a polygon of mesh points, grown about its center, with a soft edge."""
    points = layer_points_px()[list(ids)]
    center = points.mean(axis=0)
    points = center + (points - center) * grow
    mask = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    near, origin = patch(mask, points, blur_reach_px(blur_px))
    cv2.fillPoly(near, [np.round((points - origin) * 8).astype(np.int32)], 1.0, cv2.LINE_AA, 3)
    cv2.GaussianBlur(near, (0, 0), blur_px, dst=near)
    return mask


def blur_reach_px(sigma_px: float) -> int:
    """Return how far a Gaussian of OpenCV reaches, and a little more for a line's soft edge."""
    return math.ceil(4 * sigma_px) + 3


def patch(layer: FloatArray, points_px: FloatArray, reach_px: int) -> tuple[FloatArray, FloatArray]:
    """Return the part of a layer about some points, and its origin: drawing there spares blurring the whole layer.

    Parameters
    ----------
    layer : ndarray, (h, w) float32
    points_px : ndarray, (N, 2)
    reach_px : int
        Margin around the points.

    Returns
    -------
    part : ndarray
        A view into `layer`.
    origin_px : ndarray, (2,) int
        x, y of its first pixel.
    """
    limits = (layer.shape[1], layer.shape[0])
    x0, y0 = np.clip(np.floor(points_px.min(axis=0)).astype(int) - reach_px, 0, limits)
    x1, y1 = np.clip(np.ceil(points_px.max(axis=0)).astype(int) + reach_px + 1, 0, limits)
    return layer[y0:y1, x0:x1], np.array([x0, y0])


def blobs(ids: Sequence[int], radius_px: float) -> FloatArray:
    """Draw a Gaussian spot at each mesh point."""
    ys, xs = np.mgrid[0:LAYER_PX, 0:LAYER_PX].astype(np.float32)
    mask = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for x, y in layer_points_px()[list(ids)]:
        mask = np.maximum(mask, np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * radius_px**2)))
    return mask
