"""Where the hairs of a stubble stand, and how they are drawn: one by one, as fine as a picture allows. By eye."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.face.face_view import FaceView
from transforms.face.layer_frame import LAYER_PX

_SEED = 11
_EYES_MM = 90.0
"""Usual distance of the outer corners of the eyes."""
_LENGTH_MM, _LEAST_LENGTH_PX = (0.3, 1.1), 1.3
_HAIRS_PER_MM2, _MOST_COVERED = 2.0, 0.45
_LEAST_DENSITY, _ASTRAY = 0.03, 0.45
"""Skin with fewer hairs has none; and how far hairs stand from even places, in distances from one to the next."""
_LEAN, _SPREAD = 0.5, 0.35
"""How far hairs lean out from the mouth, and how much each its own way, radians."""
_FINEST, _SHADES = 0.2, 6
_HAIR = 0.8
"""Share of the skin that a hair hides where it is a pixel wide."""
_WIDTH_MM, _LEAST_WIDTH = 0.55, 0.2
"""A hair as it shows; thinner than a pixel it is fainter."""
_COARSE_SIGMA_PX = 1.2
_THICK_MM = 0.16
"""A hair in a picture that shows single ones."""


@dataclass(frozen=True, eq=False)
class Hairs:
    """Short hairs in a picture.

    Attributes
    ----------
    lines : ndarray, (n, 2, 2) float32
        Root and tip, x and y, px; in the order of the roots' rows.
    px_per_mm : float
    """

    lines: FloatArray
    px_per_mm: float

    @property
    def opacity(self) -> float:
        """Share of the skin that the darkest hair hides, 0..1."""
        return _HAIR * min(max(_WIDTH_MM * self.px_per_mm, _LEAST_WIDTH), 1.0)

    @property
    def covered(self) -> float:
        """Mean share of a pixel that lies under hairs where all of them stand, 0..1."""
        most, per_px = _hairs_in_px(self.px_per_mm)
        return per_px * sum(most) / 2 * (_FINEST + 1) / 2 * self._width_px

    @property
    def _width_px(self) -> int:
        return max(round(_THICK_MM * self.px_per_mm), 1)

    def moved(self, x: float, y: float) -> Hairs:
        """Describe them in a picture whose pixel (x, y) was the first one."""
        return replace(self, lines=self.lines + np.array([x, y], np.float32))

    def drawn(self, left_top_px: tuple[int, int], size_wh: tuple[int, int], sigma_px: float) -> ImageArray:
        """Draw those of a piece of the picture.

        Parameters
        ----------
        left_top_px, size_wh : tuple of int
            The piece, px.
        sigma_px : float
            Deviation of the Gaussian that they are blurred by.

        Returns
        -------
        ndarray, (H, W) uint8
            Share of a pixel that lies under a hair, 0..255.
        """
        # Blurred hairs are drawn as coarse as they are seen.
        step = max(int(sigma_px / _COARSE_SIGMA_PX), 1)
        margin = math.ceil(3 * sigma_px) + self._width_px
        width, height = (-(-(side + 2 * margin) // step) for side in size_wh)
        left, top = (first - margin for first in left_top_px)
        layer = np.zeros((height, width), np.uint8)
        reach = _LENGTH_MM[1] * self.px_per_mm + _LEAST_LENGTH_PX
        roots = self.lines[:, 0]
        rows = slice(*np.searchsorted(roots[:, 1], (top - reach, top + step * height + reach)))
        across = roots[rows, 0] - left
        near = np.flatnonzero((across > -reach) & (across < step * width + reach)) + rows.start
        if not len(near):
            return np.zeros(size_wh[::-1], np.uint8)
        ends = (self.lines[near] - np.array([left, top], np.float32) + 0.5) * np.float32(16 / step) - 8
        ends = np.round(ends).astype(np.int32)
        thick_px = max(round(self._width_px / step), 1)
        darkest = 255 * min(self._width_px / (step * thick_px), 1)
        # By their own number, so that each piece draws a hair in the same shade.
        for k, shade in enumerate(np.linspace(darkest * _FINEST, darkest, _SHADES)):
            cv2.polylines(layer, list(ends[near % _SHADES == k]), False, float(shade), thick_px, cv2.LINE_AA, 4)
        blurred = cv2.GaussianBlur(layer, (0, 0), sigma_px / step)
        if step > 1:
            blurred = cv2.resize(blurred, (step * width, step * height))
        return np.asarray(blurred, np.uint8)[margin : margin + size_wh[1], margin : margin + size_wh[0]]


def grow_hairs(density: FloatArray, view: FaceView, axes: tuple[FloatArray, FloatArray], scale: float) -> Hairs:
    """Let short hairs grow, downward and out from the mouth.

    Parameters
    ----------
    density : ndarray, (h, w) float32
        0..1: how many of all hairs there are stand at a pixel.
    view : FaceView
        Of the same window.
    axes : tuple of ndarray, (2,)
        `face_axes`.
    scale : float
        The window's pixels in one of the picture that they grow in, at most 1.

    Returns
    -------
    Hairs
    """
    px_per_mm = view.eyes_px / (scale * _EYES_MM)
    lengths_px, per_px = _hairs_in_px(px_per_mm)
    rng = np.random.default_rng(_SEED)
    # Hairs keep apart: thrown at random they would clot.
    apart_px = scale / math.sqrt(per_px)
    height, width = density.shape
    rows, columns = np.mgrid[0.5 : height / apart_px, 0.5 : width / apart_px]
    nodes = np.stack([columns.ravel(), rows.ravel()], axis=1)
    roots = (nodes + rng.uniform(-_ASTRAY, _ASTRAY, nodes.shape)) * apart_px
    xs, ys = (np.clip(roots[:, k], 0, side - 1).astype(int) for k, side in enumerate((width, height)))
    grown = density[ys, xs]
    there = (grown > _LEAST_DENSITY) & (rng.random(len(ys)) < grown**1.5)
    roots, xs, ys = roots[there], xs[there], ys[there]
    aside = (view.window.layer_xy[ys, xs, 0] - LAYER_PX / 2) / (0.2 * LAYER_PX)
    lean = _LEAN * np.clip(aside, -1, 1) + rng.normal(0, _SPREAD, len(xs))
    length = rng.uniform(*lengths_px, len(xs))
    across, down = axes
    roots = (roots + 0.5) / scale - 0.5
    tips = roots + length[:, None] * (np.sin(lean)[:, None] * across + np.cos(lean)[:, None] * down)
    lines = np.stack([roots, tips], axis=1)[np.argsort(roots[:, 1], kind="stable")]
    return Hairs(lines.astype(np.float32), px_per_mm)


def face_axes(view: FaceView) -> tuple[FloatArray, FloatArray]:
    """Return the picture's unit vectors along the face's own x and y, (2,) each."""
    step = max(int(view.eyes_px / 20), 1)
    seen = view.window.visible[::step, ::step] > 0
    rows, columns = np.nonzero(seen)
    at = np.column_stack([columns * step, rows * step, np.ones(len(rows))])
    layer_xy = view.window.layer_xy[::step, ::step][seen]
    to_picture = np.linalg.lstsq(np.column_stack([layer_xy, np.ones(len(rows))]), at[:, :2], rcond=None)[0]
    across, down = (axis / max(float(np.linalg.norm(axis)), 1e-6) for axis in to_picture[:2])
    return across, down


def _hairs_in_px(px_per_mm: float) -> tuple[tuple[float, float], float]:
    """Return the least and the most length, px, and how many hairs there are in a pixel."""
    least, most = (max(length * px_per_mm, _LEAST_LENGTH_PX) for length in _LENGTH_MM)
    # Where a pixel is wider than a hair, fewer are drawn: they would close to a mask.
    return (least, most), min(_HAIRS_PER_MM2 / px_per_mm**2, 2 * _MOST_COVERED / (least + most))
