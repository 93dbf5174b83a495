"""Outlines and materials of drawn things, on the canvas of a scene."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

CANVAS_WH = (900, 960)


def filled(points: FloatArray) -> FloatArray:
    """Fill an outline, (h, w) float32 0..1."""
    alpha = np.zeros(CANVAS_WH[::-1], np.float32)
    cv2.fillPoly(alpha, [np.round(np.asarray(points) * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return alpha


def box(left: float, top: float, right: float, bottom: float) -> FloatArray:
    """Return the corners of an upright rectangle, (4, 2)."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def rounded(points: FloatArray) -> FloatArray:
    """Draw a smooth closed curve near the points."""
    ring = np.concatenate([points, points[:1]])
    at = np.linspace(0, len(points), 40 * len(points), endpoint=False)
    curve = np.column_stack([np.interp(at, np.arange(len(ring)), ring[:, axis]) for axis in (0, 1)])
    kernel = np.hanning(41) / np.hanning(41).sum()
    wrapped = np.concatenate([curve[-20:], curve, curve[:20]])
    return np.column_stack([np.convolve(wrapped[:, axis], kernel, "valid") for axis in (0, 1)])


def spline(points: FloatArray) -> FloatArray:
    """Draw an open Catmull-Rom curve through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 16, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*pieces, points[-1:]])


def plain(rgb: tuple[float, float, float]) -> FloatArray:
    """Return one color everywhere, (h, w, 3)."""
    return np.broadcast_to(np.array(rgb, np.float32), (CANVAS_WH[1], CANVAS_WH[0], 3))


def cloth(rgb: tuple[float, float, float], seed: int, weave: float, folds: float = 0.12) -> FloatArray:
    """Return woven cloth with folds, (h, w, 3)."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[: CANVAS_WH[1], : CANVAS_WH[0]].astype(np.float32)
    coarse = cv2.GaussianBlur(rng.normal(0, 1, (70, 40)).astype(np.float32), (0, 0), 1.6)
    wide = cv2.resize(coarse, CANVAS_WH, interpolation=cv2.INTER_CUBIC)
    lit = 1 + folds * wide + weave * np.sin(xs * 1.9) * np.sin(ys * 1.7)
    cloth: FloatArray = np.array(rgb, np.float32) * lit[..., None]
    return cloth


def paper() -> FloatArray:
    """Return white paper with lines of writing."""
    sheet = np.full((CANVAS_WH[1], CANVAS_WH[0], 3), (236, 234, 226), np.float32)
    rng = np.random.default_rng(2)
    for y in range(0, CANVAS_WH[1], 13):
        x = 0
        while x < CANVAS_WH[0]:
            word = int(rng.integers(8, 40))
            cv2.line(sheet, (x, y), (x + word, y), (88, 88, 104), 2, cv2.LINE_AA)
            x += word + int(rng.integers(5, 12))
    return sheet


def soft_filled(points: FloatArray, soft_px: float) -> FloatArray:
    """Fill an outline with a soft edge, (h, w, 1)."""
    return cv2.GaussianBlur(filled(points), (0, 0), soft_px)[..., None]
