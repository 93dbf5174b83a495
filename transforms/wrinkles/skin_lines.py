"""Fine lines along the anatomical lines of the face, and leathery relief.

Source: directions of the lines from the relaxed skin tension lines (Borges 1984). Depths and widths by eye.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.layer_frame import LAYER_PX, layer_points_px
from transforms.wrinkles.engraving import engrave
from transforms.wrinkles.skin_relief import relief_layer

_SCALE = 2
_SEED = 20260101
_RELIEF = 1.0


@cache
def line_layer() -> FloatArray:
    """Fine lines, (2 LAYER_PX, 2 LAYER_PX) float16, steps of L; those of the forehead are in `furrows`."""
    rng = np.random.default_rng(_SEED)
    side = LAYER_PX * _SCALE
    layer = np.zeros((side, side), np.float32)
    for path, depth, width in _lines(rng):
        engrave(layer, path * _SCALE, depth, width * _SCALE, rng)
    layer += np.float32(_RELIEF) * relief_layer(_SCALE, _SEED)
    return to_half(np.clip(1.3 * layer, -18, 5))


def _lines(rng: np.random.Generator) -> list[tuple[FloatArray, float, float]]:
    """Paths in layer pixels, depth in steps of L, width in layer pixels."""
    p = layer_points_px()
    found: list[tuple[FloatArray, float, float]] = []
    for sign, corner, wing, fold, mouth, brow, under, low in (
        (-1.0, 33, 129, (206, 216, 212), (61, 57, 210), 55, (111, 117, 118, 119, 120, 121), (110, 24, 23, 22, 26)),
        (
            1.0,
            263,
            358,
            (426, 436, 432),
            (291, 287, 430),
            285,
            (340, 346, 347, 348, 349, 350),
            (339, 254, 253, 252, 256),
        ),
    ):
        found.append((np.array([p[wing] + (0, -2), *p[list(fold)]]), 5.0, 0.8))
        found.append((np.array([p[mouth[0]] + (sign * 2, 2), p[mouth[1]] + (0, 5), p[mouth[2]]]), 5.5, 1.9))
        for angle in (-52, -40, -28, -17, -6, 5, 16, 27, 38, 50):
            turn = np.radians(angle + rng.normal(0, 4))
            length = rng.uniform(11, 22)
            start = p[corner] + np.array([sign * rng.uniform(4, 7), rng.normal(0, 1)])
            bend = np.array([0, rng.normal(0, 1.5) + 0.05 * angle])
            end = start + length * np.array([sign * np.cos(turn), np.sin(turn)])
            found.append((np.array([start, (start + end) / 2 + bend, end]), rng.uniform(6, 10), 0.7))
        found.append((np.array([p[i] + (0, -3) for i in under]), 7.0, 1.8))
        for drop in (2.0, 4.5, 7.0):
            path = np.array([p[i] + (0, drop + rng.normal(0, 0.5)) for i in low])
            found.append((path, rng.uniform(3, 5), 0.7))
        column = p[brow] + np.array([-sign * 3.0, 0])
        found.append((column + np.array([[0, 2], [-sign, -8], [0, -16]]), 9.0, 1.0))
    for point in (40, 39, 37, 0, 267, 269, 270):
        foot = p[point] + np.array([0, -2])
        found.append((np.array([foot, foot + np.array([rng.normal(0, 0.7), -8])]), 4.0, 0.6))
    for point in (84, 17, 314):
        foot = p[point] + np.array([0, 3])
        found.append((np.array([foot, foot + np.array([rng.normal(0, 0.7), 5])]), 2.0, 0.6))
    return found
