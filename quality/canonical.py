"""MediaPipe's canonical face mesh and the frontal frame in which regions are fixed pictures.

A face is warped to the frontal view of the canonical mesh, triangle by triangle: for each pixel of the frame its
triangle and barycentric weights are known once and for all, so a warp is one product and one `cv2.remap`.

Source: the geometry metadata inside `face_landmarker.task` (MediaPipe `face_geometry`, Apache-2.0), extracted by
`bench/train/canonical_mesh.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import MESH_VERTICES, FloatArray, ImageArray

_MESH_FILE = Path(__file__).parent / "data" / "canonical_mesh.npz"
_FRAME_MARGIN_PX = 2.0


@dataclass(frozen=True, eq=False)
class CanonicalMesh:
    """The canonical mesh.

    Attributes
    ----------
    vertices_cm : ndarray, (468, 3) float32
        x right in the picture of a frontal face, y up, z towards the camera; centimeters.
    triangles : ndarray, (898, 3) int16
    procrustes_weights : ndarray, (468,) float32
        MediaPipe's 33 weights for fitting the pose; zero elsewhere.
    """

    vertices_cm: FloatArray
    triangles: NDArray[np.int16]
    procrustes_weights: FloatArray


@dataclass(frozen=True, eq=False)
class CanonicalFrame:
    """The frontal frame of `size_px` by `size_px` pixels.

    Attributes
    ----------
    size_px : int
    vertices_px : ndarray, (468, 2) float32
        Mesh vertices in the frame, x right, y down.
    valid : ndarray, (size, size) bool
        Pixels that the mesh covers.
    corners : ndarray, (size, size, 3) int16
        Vertices of each pixel's triangle (those of triangle 0 where not valid).
    weights : ndarray, (size, size, 3) float32
        Barycentric weights of the three corners.
    """

    size_px: int
    vertices_px: FloatArray
    valid: NDArray[np.bool_]
    corners: NDArray[np.int16]
    weights: FloatArray

    def source_map_px(self, landmarks_px: FloatArray) -> FloatArray:
        """Return where each frame pixel lies in the picture.

        Parameters
        ----------
        landmarks_px : ndarray, (>=468, >=2) float32

        Returns
        -------
        ndarray, (size, size, 2) float32
            x, y in the picture; meaningful only where `valid`.
        """
        mapped = np.empty((self.size_px, self.size_px, 2), np.float32)
        for axis, positions_px in enumerate(np.ascontiguousarray(landmarks_px[:MESH_VERTICES, :2].T)):
            corners_px = positions_px.take(self.corners) * self.weights
            mapped[..., axis] = corners_px[..., 0] + corners_px[..., 1] + corners_px[..., 2]
        return mapped

    def warp(self, image: ImageArray, landmarks_px: FloatArray) -> ImageArray:
        """Warp a face into the frame; pixels outside the picture or the mesh are 0.

        Parameters
        ----------
        image : ndarray, (H, W, C) or (H, W) uint8
        landmarks_px : ndarray, (>=468, >=2) float32

        Returns
        -------
        ndarray, (size, size, C) or (size, size) uint8
        """
        source = self.source_map_px(landmarks_px)
        inside = source[self.valid]
        low = np.maximum(np.floor(inside.min(axis=0)).astype(int) - 2, 0)
        high = np.minimum(np.ceil(inside.max(axis=0)).astype(int) + 3, (image.shape[1], image.shape[0]))
        if (high <= low).any():
            return np.zeros((self.size_px, self.size_px, *image.shape[2:]), np.uint8)
        part = image[low[1] : high[1], low[0] : high[0]]
        source = source - low.astype(np.float32)
        # Shrinking by more than half a step aliases: reduce first, by area, to the frame's own resolution.
        step = float(np.median(np.abs(np.diff(source[..., 0], axis=1))[self.valid[:, 1:] & self.valid[:, :-1]]))
        if step > 1.5:
            scale = 1.0 / step
            part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            source = (source + 0.5) * scale - 0.5
        warped = cv2.remap(part, source.astype(np.float32), np.empty(0, np.float32), cv2.INTER_LINEAR)
        warped[~self.valid] = 0
        return warped.astype(np.uint8, copy=False)


@cache
def canonical_mesh() -> CanonicalMesh:
    """Load the canonical mesh; arrays are read-only."""
    with np.load(_MESH_FILE) as stored:
        arrays = [stored[name] for name in ("vertices_cm", "triangles", "procrustes_weights")]
    for array in arrays:
        array.setflags(write=False)
    return CanonicalMesh(*arrays)


@cache
def canonical_frame(size_px: int) -> CanonicalFrame:
    """Build the frontal frame of a size: the mesh, seen from the front, fills it but for two pixels."""
    mesh = canonical_mesh()
    flat = mesh.vertices_cm[:, :2] * np.array([1, -1], np.float32)
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = (size_px - 2 * _FRAME_MARGIN_PX) / float((high - low).max())
    vertices = ((flat - (low + high) / 2) * scale + size_px / 2).astype(np.float32)
    corners, weights, valid = _rasterize(vertices, mesh, size_px)
    return CanonicalFrame(size_px, vertices, valid, corners, weights)


def _rasterize(
    vertices_px: FloatArray, mesh: CanonicalMesh, size_px: int
) -> tuple[NDArray[np.int16], FloatArray, NDArray[np.bool_]]:
    """Corners and weights of the nearest triangle under each pixel center."""
    corners_px = vertices_px[mesh.triangles].astype(np.float64)
    # A row of the inverse holds the factors on x and y and the offset of one corner's weight.
    homogeneous = np.concatenate([corners_px, np.ones((len(corners_px), 3, 1))], axis=2)
    is_solid = np.abs(np.linalg.det(homogeneous)) > 1e-9
    to_weights = np.zeros_like(homogeneous)
    to_weights[is_solid] = np.linalg.inv(homogeneous[is_solid]).transpose(0, 2, 1)
    low = np.maximum(np.floor(corners_px.min(axis=1)).astype(np.int32), 0)
    high = np.minimum(np.ceil(corners_px.max(axis=1)).astype(np.int32) + 1, size_px)
    # Every pixel of every triangle's box, one after the other: a loop over the triangles takes many times as long.
    boxes_wh = (high - low) * is_solid[:, None]
    counts = boxes_wh.prod(axis=1)
    index = np.repeat(np.arange(len(counts)), counts)
    rows, columns = np.divmod(np.arange(len(index)) - (np.cumsum(counts) - counts)[index], boxes_wh[index, 0])
    xs, ys = columns + low[index, 0], rows + low[index, 1]
    factors = to_weights[index]
    w = factors[..., 0] * xs[:, None] + factors[..., 1] * ys[:, None] + factors[..., 2]
    inside = np.flatnonzero((w >= -1e-6).all(axis=1))
    index, w = index[inside], w[inside]
    depth = np.einsum("nk,nk->n", w, mesh.vertices_cm[:, 2][mesh.triangles[index]])
    # The nearest last: where triangles overlap, what is written last stays. Rounded, so that the two sides of an edge
    # are equally near on any machine.
    order = np.lexsort((-index, depth.round(6)))
    chosen = np.full((size_px, size_px), -1)
    weights = np.zeros((size_px, size_px, 3), np.float32)
    at = ys[inside[order]], xs[inside[order]]
    chosen[at], weights[at] = index[order], w[order]
    return mesh.triangles[np.maximum(chosen, 0)], weights, chosen >= 0
