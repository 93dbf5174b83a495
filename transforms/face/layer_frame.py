"""The frame of all canonical layers: `canonical_frame(256)` with a border that reaches beyond the mesh.

With `PAD_PX` around, layers can fade out past jaw and hairline: 36 points around the outline, `RING_REACH` times as
far from its center, extend the mesh.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.canonical import canonical_frame, canonical_mesh
from quality.face import MESH_VERTICES, FloatArray
from transforms.face.landmark_ids import OVAL

FRAME_PX = 256
PAD_PX = 48
LAYER_PX = FRAME_PX + 2 * PAD_PX
RING_REACH = 1.3


@cache
def layer_points_px() -> FloatArray:
    """Return the extended mesh, (504, 2) float32, in the layers' frame."""
    mesh = canonical_frame(FRAME_PX).vertices_px + PAD_PX
    points: FloatArray = np.vstack([mesh, ring_px(mesh)]).astype(np.float32)
    points.setflags(write=False)
    return points


def ring_px(points_px: FloatArray) -> FloatArray:
    """Return the 36 points around a mesh's outline, (36, 2)."""
    outline = points_px[list(OVAL), :2]
    center = outline.mean(axis=0)
    ring: FloatArray = center + (outline - center) * RING_REACH
    return ring


@cache
def layer_triangles() -> NDArray[np.int32]:
    """Return the extended mesh's triangles, (970, 3) int32."""
    count = len(OVAL)
    inner, outer = np.array(OVAL), np.arange(count) + MESH_VERTICES
    inner_next, outer_next = np.roll(inner, -1), np.roll(outer, -1)
    skirt = np.vstack([np.stack([inner, inner_next, outer], 1), np.stack([inner_next, outer_next, outer], 1)])
    return np.vstack([canonical_mesh().triangles.astype(np.int32), skirt.astype(np.int32)])


def padded(picture: FloatArray) -> FloatArray:
    """Bring a picture of the canonical frame to the layers' frame and carry its colors outward beyond the mesh.

    Normalized convolution (Knutsson & Westin, CVPR 1993) at a quarter of the size: what is carried is smooth.

    Parameters
    ----------
    picture : ndarray, (S, S, 3) float32

    Returns
    -------
    ndarray, (LAYER_PX, LAYER_PX, 3) float32
    """
    full = cv2.resize(picture, (FRAME_PX, FRAME_PX), interpolation=cv2.INTER_LINEAR)
    # At the rim of the mesh the pictures hold something of what lies behind.
    inner = cv2.erode(canonical_frame(FRAME_PX).valid.astype(np.uint8), np.ones((9, 9), np.uint8))
    known = np.pad(inner.astype(np.float32), PAD_PX)[..., None]
    full = np.pad(full, ((PAD_PX, PAD_PX), (PAD_PX, PAD_PX), (0, 0))) * known
    weight, small = (cv2.resize(part, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) for part in (known, full))
    carried = np.broadcast_to(small.sum(axis=(0, 1)) / weight.sum(), small.shape)
    for sigma in (12.0, 4.0, 1.0):
        total = cv2.GaussianBlur(weight, (0, 0), sigma)[..., None]
        mean = cv2.GaussianBlur(small, (0, 0), sigma) / np.maximum(total, 1e-4)
        carried = carried + (mean - carried) * np.clip(total / 0.25, 0, 1)
    beyond = cv2.resize(carried, (LAYER_PX, LAYER_PX), interpolation=cv2.INTER_LINEAR)
    return (full + beyond * (1 - known)).astype(np.float32)
