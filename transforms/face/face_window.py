"""The part of a picture around one face, with the map from its pixels to the canonical layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import MESH_VERTICES, FloatArray
from quality.half_precision import single
from transforms.face.geometry import eye_corners_px
from transforms.face.layer_frame import LAYER_PX, layer_points_px, layer_triangles, ring_px
from transforms.picture.bounds import bounds

_OUTSIDE = -1000.0
_BESIDE_TRIANGLE_PX = np.float32(2.0)
_STEPS_PER_EYES = 43
"""The map is found on so fine a grid and enlarged, by eye."""
PATTERNS = 24


@dataclass(frozen=True, eq=False)
class FaceWindow:
    """Rows and columns of a picture, and where their pixels lie in the layers' frame.

    Attributes
    ----------
    rows, columns : slice
    layer_xy : ndarray, (h, w, 2) float32
        Position in the layers' frame; far outside it where there is no face.
    visible : ndarray, (h, w) float32
        1 on the face and its surroundings, 0 outside, soft in between.
    eyes_px : float
        Distance of the outer corners of the eyes.
    layer_step_px : float
        Pixels of a layer in a pixel of the window.
    pattern : int
        0..PATTERNS - 1, by the proportions of the face: which random pattern this person has at any age.
    eyes_open : float
        0.35 shut or cast down .. 1 open: how much of what is painted about the eyes fits them.
    """

    rows: slice
    columns: slice
    layer_xy: FloatArray
    visible: FloatArray
    eyes_px: float
    layer_step_px: float
    pattern: int
    eyes_open: float

    def sample(self, layer: FloatArray) -> FloatArray:
        """Bring a canonical layer (S, S) or (S, S, C), S a multiple of LAYER_PX, to the window's pixels.

        Big layers are kept in half precision or in bytes, since they stay in memory; OpenCV reads no half precision.
        """
        scale = layer.shape[0] / LAYER_PX
        layer = prefiltered(layer, self.layer_step_px * scale)
        xy, fractions = self._maps if scale == 1 else _fixed_point((self.layer_xy + 0.5) * np.float32(scale) - 0.5)
        sampled: FloatArray = cv2.remap(layer, xy, fractions, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return sampled

    @cached_property
    def _maps(self) -> tuple[FloatArray, FloatArray]:
        """`layer_xy` as `cv2.remap` would turn it at every call: half of its time."""
        return _fixed_point(self.layer_xy)

    def within(self, part: tuple[slice, slice]) -> FaceWindow:
        """Return the window of some of these rows and columns."""
        rows, columns = (
            slice(whole.start + inner.start, whole.start + inner.stop)
            for whole, inner in zip((self.rows, self.columns), part, strict=True)
        )
        return replace(self, rows=rows, columns=columns, layer_xy=self.layer_xy[part], visible=self.visible[part])

    def around(self, drawn: NDArray[np.bool_]) -> tuple[slice, slice] | None:
        """Return the rows and columns on which what is drawn in a layer falls, None where nothing of it does.

        Parameters
        ----------
        drawn : ndarray, (S, S) bool
            S a multiple of LAYER_PX.
        """
        found = bounds(drawn)
        if found is None:
            return None
        rows, columns = found
        scale = drawn.shape[0] / LAYER_PX
        reach = 2 * (1 + self.layer_step_px)
        low = np.array([(side.start + 0.5) / scale - 0.5 - reach for side in (columns, rows)])
        high = np.array([(side.stop - 0.5) / scale - 0.5 + reach for side in (columns, rows)])
        return bounds(cv2.inRange(self.layer_xy, low, high) > 0)


def _fixed_point(xy: FloatArray) -> tuple[FloatArray, FloatArray]:
    whole, fractions = cv2.convertMaps(xy, np.empty(0, np.float32), cv2.CV_16SC2)
    return whole, fractions


def prefiltered(layer: FloatArray, step_px: float) -> FloatArray:
    """Blur a layer of which a picture takes only every `step_px`-th pixel, so that nothing flickers between them.

    Layers are float16, float32 or bytes; the result is float32 or bytes.
    """
    full = single(layer)
    if step_px > 1.2:
        # In place, but for a layer that is kept at single precision.
        full = cv2.GaussianBlur(full, (0, 0), 0.45 * step_px, dst=full if full is not layer else None)
    return full


def face_window(landmarks_px: FloatArray, height_px: int, width_px: int, pattern: int = 0) -> FaceWindow:
    """Rasterise the extended mesh of a face in a picture of a given size.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, 3) float32
    height_px, width_px : int
    pattern : int

    Returns
    -------
    FaceWindow
        Cut at the picture's border.
    """
    points = np.vstack([landmarks_px[:MESH_VERTICES, :2], ring_px(landmarks_px)]).astype(np.float32)
    low = np.maximum(np.floor(points.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 1, (width_px, height_px))
    if (high - low < 2).any():
        raise ValueError("the face lies outside the picture")
    width, height = (int(side) for side in high - low)
    eyes_px = eye_corners_px(points)
    half = min(max(int(eyes_px / _STEPS_PER_EYES), 1), 3)
    small = (-(-height // half), -(-width // half))
    local = (points - low + 0.5) / half - 0.5
    triangles = layer_triangles()
    depth = np.append(landmarks_px[:MESH_VERTICES, 2], np.full(len(points) - MESH_VERTICES, 1e6))
    index = np.full(small, -1, np.int32)
    corners = np.round(local * 16).astype(np.int32)
    order = np.argsort(-depth[triangles].mean(axis=1), kind="stable")
    for triangle, shape in zip(order.tolist(), corners[triangles[order]], strict=True):
        cv2.fillConvexPoly(index, shape, triangle, cv2.LINE_8, 4)
    affine = _triangle_maps(local, triangles)
    ys, xs = np.mgrid[0 : small[0], 0 : small[1]].astype(np.float32)
    index_shown = np.maximum(index, 0)
    chosen = affine[index_shown]
    layer_xy: FloatArray = chosen[..., 0] * xs[..., None] + chosen[..., 1] * ys[..., None] + chosen[..., 2]
    # Between closed lips triangles have no area: what is drawn of them would lie anywhere in the layers.
    corners = layer_points_px()[triangles]
    low_xy, high_xy = corners.min(axis=1) - _BESIDE_TRIANGLE_PX, corners.max(axis=1) + _BESIDE_TRIANGLE_PX
    np.clip(layer_xy, low_xy[index_shown], high_xy[index_shown], out=layer_xy)
    layer_xy[index < 0] = _OUTSIDE
    known = (index >= 0).astype(np.float32)
    layer_xy, known = (_doubled(part, half)[:height, :width] for part in (layer_xy, known))
    layer_xy = np.ascontiguousarray(layer_xy, np.float32)
    visible = (known > 0.999).astype(np.float32)
    layer_xy[visible == 0] = _OUTSIDE
    canonical_eyes_px = eye_corners_px(layer_points_px())
    return FaceWindow(
        slice(int(low[1]), int(high[1])),
        slice(int(low[0]), int(high[0])),
        layer_xy,
        visible,
        eyes_px,
        canonical_eyes_px / max(eyes_px, 1.0),
        pattern,
        _eyes_open(landmarks_px),
    )


def _eyes_open(landmarks_px: FloatArray) -> float:
    ratios = []
    for upper, lower, inner, outer in ((159, 145, 133, 33), (386, 374, 362, 263)):
        width = float(np.linalg.norm(landmarks_px[inner, :2] - landmarks_px[outer, :2]))
        ratios.append(float(np.linalg.norm(landmarks_px[upper, :2] - landmarks_px[lower, :2])) / max(width, 1e-3))
    return min(max((max(ratios) - 0.12) / 0.1, 0.35), 1.0)


def pattern_of(landmarks_px: FloatArray) -> int:
    """Choose a random pattern by a face's proportions, so that not all faces grow the same spots."""
    across = eye_corners_px(landmarks_px)
    down = float(np.linalg.norm(landmarks_px[10, :2] - landmarks_px[152, :2]))
    return int(1000 * across / max(down, 1.0)) % PATTERNS


def _doubled(picture: FloatArray, times: int) -> FloatArray:
    return cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_LINEAR) if times > 1 else picture


def _triangle_maps(points: FloatArray, triangles: FloatArray) -> FloatArray:
    """Affine maps from the picture to the layers' frame, (T, 2, 3): columns x, y, 1."""
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
