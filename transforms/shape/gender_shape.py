"""The shape of the other gender, in cm of the frontal frame.

Source: prototypes by Burt & Perrett 1995, raised part by part as judges read them.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.face import FloatArray
from transforms.face.landmark_ids import LEFT_BROW, LEFT_EYE, LIPS, OVAL, RIGHT_BROW, RIGHT_EYE
from transforms.face.prototypes import prototypes
from transforms.shape.eye_size import scaled_about_eyes

_NOSE_POINTS = (1, 2, 4, 5, 6, 197, 195, 98, 327, 129, 358, 48, 278, 64, 294)
_GENDER_SHARES = (
    ((*RIGHT_BROW, *LEFT_BROW), 0.7, 1.65, 2.1),
    ((*RIGHT_EYE, *LEFT_EYE), 0.6, 2.1, 2.1),
    (_NOSE_POINTS, 0.9, 0.6, 0.6),
    (LIPS, 0.8, 0.0, 0.0),
    (OVAL, 2.0, 0.35, 0.35),
)
_REST_SHARE = 0.6
"""Points, reach in cm, share of the mean difference between the genders towards a woman and towards a man. Measured
part by part: brows and lids turn the judged gender most at the least loss of identity, mouth and outline nothing."""
_FULL_LIPS, _THIN_LIPS, _TALL_EYES = 0.34, 0.1, 0.14
"""A woman's lips and eyes are taller by these shares, a man's lips lower: turns much for little. A shorter chin turns
the wrong way, a longer one nothing."""
GENDER_SHAPE_GAIN = 1.15


def gender_cm(shape_cm: FloatArray, strength: float) -> FloatArray:
    """Return how far each point moves towards a woman, or for a strength below 0 towards a man, (468, 3), cm."""
    to_female, to_male = _female_cm()
    way = to_female if strength > 0 else to_male
    offsets = way * (strength * GENDER_SHAPE_GAIN)
    offsets += scaled_about_eyes(shape_cm, 0.05 * strength)
    fuller = _FULL_LIPS if strength > 0 else _THIN_LIPS
    offsets[:, 1] += fuller * strength * _taller_lips_cm(shape_cm)
    if strength > 0:
        offsets[:, 1] += scaled_about_eyes(shape_cm, _TALL_EYES * strength)[:, 1]
    return offsets


@cache
def _female_cm() -> tuple[FloatArray, FloatArray]:
    """Female minus male shape, each part of the face by its share for the way to a woman and for that to a man."""
    table = prototypes()
    total = np.zeros(len(table.shape_mean_cm), np.float32)
    shares = np.zeros((2, len(table.shape_mean_cm)), np.float32)
    for points, radius, *wanted in _GENDER_SHARES:
        away = np.linalg.norm(table.shape_mean_cm[:, None] - table.shape_mean_cm[list(points)][None], axis=2)
        near = np.exp(-((away.min(axis=1) / radius) ** 2))
        total += near
        shares += near * np.array(wanted, np.float32)[:, None]
    rest = np.clip(1 - total, 0, 1) * _REST_SHARE
    to_female, to_male = ((share / np.maximum(total, 1) + rest)[:, None] * table.shape_female_cm for share in shares)
    return to_female.astype(np.float32), to_male.astype(np.float32)


def _taller_lips_cm(shape_cm: FloatArray) -> FloatArray:
    """Return how far down each point moves for lips of twice the height, (468,)."""
    away = shape_cm - shape_cm[list(LIPS)].mean(axis=0)
    distance = np.hypot(0.7 * away[:, 0], 1.3 * away[:, 1])
    fade = np.exp(-((np.maximum(distance - 1.2, 0) / 0.7) ** 2))
    down: FloatArray = fade * away[:, 1]
    return down
