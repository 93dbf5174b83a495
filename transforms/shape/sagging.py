"""How an old face sags and a young one is lifted, in cm of the frontal frame.

Sizes by eye.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.face import FloatArray
from transforms.face.prototypes import prototypes

_Moves = tuple[tuple[tuple[int, ...], tuple[float, float], float], ...]
"""Landmarks, their offset (x right, y down) and the radius of what follows, cm."""
# fmt: off
_SAG_CM: _Moves = (
    # jowls, cheeks, lids, brows, tip and wings of the nose
    ((136, 150), (-0.10, 0.28), 2.2), ((365, 379), (0.10, 0.28), 2.2),
    ((214, 202), (-0.05, 0.20), 1.5), ((434, 422), (0.05, 0.20), 1.5),
    ((159, 160, 158, 27, 28), (0.0, 0.09), 0.8), ((386, 385, 387, 257, 258), (0.0, 0.09), 0.8),
    ((105, 70), (0.0, 0.09), 1.2), ((334, 300), (0.0, 0.09), 1.2),
    ((4, 1, 2), (0.0, 0.12), 1.0), ((129, 358), (0.0, 0.06), 0.8),
    ((0, 37, 267), (0.0, 0.07), 0.5), ((17, 84, 314), (0.0, -0.06), 0.5),
)
_LIFT_CM: _Moves = (
    # jowls in and up, tip and wings of the nose up, corners of the mouth up, upper lids open
    ((136, 150), (0.12, -0.20), 2.0), ((365, 379), (-0.12, -0.20), 2.0),
    ((4, 1, 2), (0.0, -0.12), 1.0), ((129, 358), (0.0, -0.06), 0.8),
    ((61,), (0.0, -0.05), 0.8), ((291,), (0.0, -0.05), 0.8),
    ((159, 160, 158, 161, 157), (0.0, -0.08), 0.45), ((386, 385, 387, 388, 384), (0.0, -0.08), 0.45),
)
# fmt: on
_MOUTH_SIDES, _MOUTH_HELD, _MOUTH_REACH_CM = (61, 146, 91, 291, 375, 321), 0.65, 1.1
"""Jowls that sink would draw the corners of the mouth down with them, by more than half a centimeter: no smile would
be left. So much of their way is kept from the mouth. By eye."""


@cache
def sagging_cm() -> FloatArray:
    """Return how a face sags, (468, 3) float32, cm: the mouth keeps its expression."""
    mean_cm = prototypes().shape_mean_cm
    away = np.linalg.norm(mean_cm[:, None] - mean_cm[list(_MOUTH_SIDES)][None], axis=2).min(axis=1)
    held = _MOUTH_HELD * np.exp(-((away / _MOUTH_REACH_CM) ** 2))
    sagging: FloatArray = _moving(mean_cm, _SAG_CM) * (1 - held)[:, None]
    return sagging.astype(np.float32)


@cache
def lifting_cm() -> FloatArray:
    """Return how a face is lifted, (468, 3) float32, cm."""
    return _moving(prototypes().shape_mean_cm, _LIFT_CM)


def _moving(mean_cm: FloatArray, moves: _Moves) -> FloatArray:
    offsets = np.zeros_like(mean_cm)
    for points, (right, down), radius in moves:
        distance = np.linalg.norm(mean_cm[:, None] - mean_cm[list(points)][None], axis=2).min(axis=1)
        offsets += np.exp(-(distance**2) / (2 * radius**2))[:, None] * np.array([right, down, 0], np.float32)
    return offsets
