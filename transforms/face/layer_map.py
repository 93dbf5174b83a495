"""Where the pixels about a face lie in the layers' frame: the extended mesh rasterized, triangle by triangle."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import MESH_VERTICES, FloatArray
from transforms.face.geometry import eye_corners_px
from transforms.face.layer_frame import layer_points_px, layer_triangles, ring_px

_OUTSIDE = -1000.0
_BESIDE_TRIANGLE_PX = np.float32(2.0)
_STEPS_PER_EYES = 43
"""The map is found on so fine a grid and enlarged, by eye."""


def layer_map(landmarks_px: FloatArray, rows: slice, columns: slice) -> tuple[FloatArray, FloatArray]:
    """Rasterize the extended mesh of a face.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, 3) float32
    rows, columns : slice
        The h rows and w columns of the picture that are wanted.

    Returns
    -------
    layer_xy : ndarray, (h, w, 2) float32
        Position of each pixel in the layers' frame; far outside it where there is no face.
    visible : ndarray, (h, w) float32
        1 on the extended mesh, else 0.
    """
    width, height = columns.stop - columns.start, rows.stop - rows.start
    times = min(max(int(eye_corners_px(landmarks_px) / _STEPS_PER_EYES), 1), 3)
    points = np.vstack([landmarks_px[:MESH_VERTICES, :2], ring_px(landmarks_px)]).astype(np.float32)
    local = (points - np.array([columns.start, rows.start]) + 0.5) / times - 0.5
    shown = _shown_triangles(local, landmarks_px[:MESH_VERTICES, 2], (-(-height // times), -(-width // times)))
    triangles = np.maximum(shown, 0)
    affine = _triangle_maps(local)[triangles]
    ys, xs = np.mgrid[0 : shown.shape[0], 0 : shown.shape[1]].astype(np.float32)
    layer_xy: FloatArray = affine[..., 0] * xs[..., None] + affine[..., 1] * ys[..., None] + affine[..., 2]
    # Between closed lips triangles have no area: what is drawn of them would lie anywhere in the layers.
    corners = layer_points_px()[layer_triangles()]
    low_xy, high_xy = corners.min(axis=1) - _BESIDE_TRIANGLE_PX, corners.max(axis=1) + _BESIDE_TRIANGLE_PX
    np.clip(layer_xy, low_xy[triangles], high_xy[triangles], out=layer_xy)
    layer_xy[shown < 0] = _OUTSIDE
    known = (shown >= 0).astype(np.float32)
    layer_xy, known = (_enlarged(part, times)[:height, :width] for part in (layer_xy, known))
    layer_xy = np.ascontiguousarray(layer_xy, np.float32)
    visible = (known > 0.999).astype(np.float32)
    layer_xy[visible == 0] = _OUTSIDE
    return layer_xy, visible


def _shown_triangles(points: FloatArray, depth: FloatArray, size_hw: tuple[int, int]) -> NDArray[np.int32]:
    """Return the nearest triangle at each pixel, (h, w), -1 where there is none: the far ones are drawn first."""
    triangles = layer_triangles()
    depth = np.append(depth, np.full(len(points) - MESH_VERTICES, 1e6))
    shown = np.full(size_hw, -1, np.int32)
    corners = np.round(points * 16).astype(np.int32)
    order = np.argsort(-depth[triangles].mean(axis=1), kind="stable")
    for triangle, shape in zip(order.tolist(), corners[triangles[order]], strict=True):
        cv2.fillConvexPoly(shown, shape, triangle, cv2.LINE_8, 4)
    return shown


def _enlarged(picture: FloatArray, times: int) -> FloatArray:
    return cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR) if times > 1 else picture


def _triangle_maps(points: FloatArray) -> FloatArray:
    """Affine maps from the picture to the layers' frame, (T, 2, 3): columns x, y, 1."""
    triangles = layer_triangles()
    a, b, c = (points[triangles[:, k]].astype(np.float64) for k in range(3))
    target = layer_points_px().astype(np.float64)
    ta, tb, tc = (target[triangles[:, k]] for k in range(3))
    e1, e2 = b - a, c - a
    area = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]
    area = np.where(np.abs(area) < 1e-3, 1e-3, area)
    inverse = (
        np.stack([np.stack([e2[:, 1], -e2[:, 0]], 1), np.stack([-e1[:, 1], e1[:, 0]], 1)], 1) / area[:, None, None]
    )
    linear = np.einsum("tkc,tkd->tcd", np.stack([tb - ta, tc - ta], axis=1), inverse)
    offset = ta - np.einsum("tcd,td->tc", linear, a)
    return np.concatenate([linear, offset[..., None]], axis=2).astype(np.float32)
