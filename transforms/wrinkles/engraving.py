"""Lines engraved into a layer of skin: a valley, shade around it and the lit flank below. Widths by eye."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.layer_drawing import blur_reach_px, patch

_STEPS = 48


def catmull_rom(path: FloatArray, count: int) -> FloatArray:
    """Return `count` points, (count, 2), of the Catmull-Rom spline through the points of a path, (N, 2)."""
    ends = np.vstack([2 * path[0] - path[1], path, 2 * path[-1] - path[-2]])
    where = np.linspace(0, len(path) - 1 - 1e-6, count)
    k = where.astype(int)
    t = (where - k)[:, None]
    a, b, c, d = ends[k], ends[k + 1], ends[k + 2], ends[k + 3]
    spline: FloatArray = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return spline


def engrave(layer: FloatArray, path_px: FloatArray, depth: float, width_px: float, rng: np.random.Generator) -> None:
    """Add a valley that tapers at its ends, wavers and breaks, with its lit flank below it.

    Parameters
    ----------
    layer : ndarray, (h, w) float32
        Steps of L; changed in place.
    path_px : ndarray, (N, 2)
        In pixels of `layer`.
    depth : float
        Steps of L.
    width_px : float
    rng : Generator
    """
    curve = catmull_rom(np.asarray(path_px, np.float64), _STEPS)
    waver = np.cumsum(rng.normal(0, 0.08, curve.shape), axis=0)
    waver -= np.linspace(0, 1, _STEPS)[:, None] * waver[-1]
    curve = curve + waver * width_px
    below = round(2.0 * width_px)
    part, origin = patch(layer, curve, blur_reach_px(width_px * 2.5) + below)
    strokes = np.zeros_like(part)
    uneven = np.interp(np.arange(_STEPS), np.linspace(0, _STEPS - 1, 9), rng.uniform(0.25, 1.0, 9))
    taper = np.sin(np.pi * (np.arange(_STEPS) + 0.5) / _STEPS) ** 1.1 * uneven
    corners = np.round((curve - origin) * 8).astype(int)
    for k in range(_STEPS - 1):
        first, second = (int(v) for v in corners[k]), (int(v) for v in corners[k + 1])
        cv2.line(strokes, tuple(first), tuple(second), float(taper[k]), 2, cv2.LINE_AA, 3)
    narrow = cv2.GaussianBlur(strokes, (0, 0), width_px * 0.6)
    wide = cv2.GaussianBlur(strokes, (0, 0), width_px * 2.5)
    ridge = np.roll(cv2.GaussianBlur(strokes, (0, 0), width_px * 1.3), below, axis=0)
    valley = 0.9 * _to_one(narrow) + 0.55 * _to_one(wide) - 0.75 * _to_one(ridge)
    part -= depth * valley


def _to_one(strokes: FloatArray) -> FloatArray:
    return strokes / max(float(strokes.max()), 1e-6)
