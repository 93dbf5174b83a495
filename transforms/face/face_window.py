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
from transforms.face.layer_frame import LAYER_PX, layer_points_px, ring_px
from transforms.face.layer_map import layer_map
from transforms.picture.bounds import bounds

PATTERNS = 24
_SKIPPING_PX = 1.5
"""Step from which on a layer is blurred first: layers themselves are softer than a pixel."""


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
    if step_px > _SKIPPING_PX:
        # In place, but for a layer that is kept at single precision.
        full = cv2.GaussianBlur(full, (0, 0), 0.45 * step_px, dst=full if full is not layer else None)
    return full


def face_window(landmarks_px: FloatArray, height_px: int, width_px: int, pattern: int = 0) -> FaceWindow:
    """Find the window of a face in a picture of a given size.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, 3) float32
    height_px, width_px : int
    pattern : int

    Returns
    -------
    FaceWindow
        Cut at the picture's border.

    Raises
    ------
    ValueError
        If the face lies outside the picture.
    """
    outermost = np.vstack([landmarks_px[:MESH_VERTICES, :2], ring_px(landmarks_px)])
    low = np.maximum(np.floor(outermost.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(outermost.max(axis=0)).astype(int) + 1, (width_px, height_px))
    if (high - low < 2).any():
        raise ValueError("the face lies outside the picture")
    columns, rows = (slice(int(first), int(stop)) for first, stop in zip(low, high, strict=True))
    layer_xy, visible = layer_map(landmarks_px, rows, columns)
    eyes_px = eye_corners_px(landmarks_px)
    step_px = eye_corners_px(layer_points_px()) / max(eyes_px, 1.0)
    return FaceWindow(rows, columns, layer_xy, visible, eyes_px, step_px, pattern, _eyes_open(landmarks_px))


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
