"""Where a face's points go: aging, sagging, a child's proportions, and the shape of the other gender.

All offsets are in the frontal frame of `geometry.fit_frontal` (x right in the picture, y down, cm), so they hold
under any pose. Sources: prototypes by Burt & Perrett 1995; craniofacial growth by Todd, Mark, Shaw & Pittenger 1980
(Sci. Am. 242(2)); proportions of children's faces in Farkas, Anthropometry of the Head and Face (1994); sizes by eye.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from quality.face import FloatArray
from transforms.face.canonical_layers import LEFT_BROW, LEFT_EYE, LIPS, MOUTH_OPENING, OVAL, RIGHT_BROW, RIGHT_EYE
from transforms.face.geometry import FrontalFit
from transforms.face.prototypes import prototypes
from transforms.plan.edit_plan import EditPlan

_FOREHEAD, _CHIN = 10, 152
# fmt: off
_SAG_CM: tuple[tuple[tuple[int, ...], tuple[float, float], float], ...] = (
    # points, offset (x right, y down), radius: jowls, cheeks, lids, brows, tip and wings of the nose
    ((136, 150), (-0.10, 0.28), 2.2), ((365, 379), (0.10, 0.28), 2.2),
    ((214, 202), (-0.05, 0.20), 1.5), ((434, 422), (0.05, 0.20), 1.5),
    ((159, 160, 158, 27, 28), (0.0, 0.09), 0.8), ((386, 385, 387, 257, 258), (0.0, 0.09), 0.8),
    ((105, 70), (0.0, 0.09), 1.2), ((334, 300), (0.0, 0.09), 1.2),
    ((4, 1, 2), (0.0, 0.12), 1.0), ((129, 358), (0.0, 0.06), 0.8),
    ((0, 37, 267), (0.0, 0.07), 0.5), ((17, 84, 314), (0.0, -0.06), 0.5),
)
# fmt: on
# fmt: off
_LIFT_CM: tuple[tuple[tuple[int, ...], tuple[float, float], float], ...] = (
    # as above: jowls in and up, tip and wings of the nose up, corners of the mouth up, upper lids open
    ((136, 150), (0.12, -0.20), 2.0), ((365, 379), (-0.12, -0.20), 2.0),
    ((4, 1, 2), (0.0, -0.12), 1.0), ((129, 358), (0.0, -0.06), 0.8),
    ((61,), (0.0, -0.05), 0.8), ((291,), (0.0, -0.05), 0.8),
    ((159, 160, 158, 161, 157), (0.0, -0.08), 0.45), ((386, 385, 387, 388, 384), (0.0, -0.08), 0.45),
)
# fmt: on
_MOUTH_SIDES, _MOUTH_HELD, _MOUTH_REACH_CM = (61, 146, 91, 291, 375, 321), 0.65, 1.1
"""Jowls that sink would draw the corners of the mouth down with them, by more than half a centimeter: no smile would
be left. So much of their way is kept from the mouth. By eye."""
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
_NOSE_CENTERS = (5, 195)
_SMALLER_FACE = 0.05
"""How far a child's face is drawn towards the temples: it is small in its head."""
_BIGGER_EYES, _WIDE_OPEN = 0.19, 0.44
"""Growth of a child's eyes, and the opening, in their widths, that counts as wide. By eye."""
GENDER_SHAPE_GAIN = 1.15
AGE_SHAPE_GAIN = 1.25
"""Blends of faces look younger and less marked than their members (Burt & Perrett 1995), so they are raised."""


def shape_offsets_cm(fit: FrontalFit, plan: EditPlan) -> FloatArray:
    """Return how far each mesh point moves.

    Parameters
    ----------
    fit : FrontalFit
    plan : EditPlan

    Returns
    -------
    ndarray, (468, 3) float32
        In the frontal frame, cm.
    """
    table = prototypes()
    offsets = table.shape_age_cm * (plan.age_shape_decades * AGE_SHAPE_GAIN)
    if plan.gender_shape:
        to_female, to_male = _female_cm()
        way = to_female if plan.gender_shape > 0 else to_male
        offsets = offsets + way * (plan.gender_shape * GENDER_SHAPE_GAIN)
        offsets += _scaled_about_eyes(fit.shape_cm, 0.05 * plan.gender_shape)
        fuller = _FULL_LIPS if plan.gender_shape > 0 else _THIN_LIPS
        offsets[:, 1] += fuller * plan.gender_shape * _taller_lips_cm(fit.shape_cm)
        if plan.gender_shape > 0:
            offsets[:, 1] += _scaled_about_eyes(fit.shape_cm, _TALL_EYES * plan.gender_shape)[:, 1]
    if plan.sag:
        offsets += abs(plan.sag) * (_sagging_cm() if plan.sag > 0 else _moving(table.shape_mean_cm, _LIFT_CM))
    if plan.growth:
        offsets += plan.growth * _childlike(fit.shape_cm)
    return offsets.astype(np.float32)


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


@cache
def _sagging_cm() -> FloatArray:
    """Return how a face sags, (468, 3) float32: the mouth keeps its expression."""
    mean_cm = prototypes().shape_mean_cm
    away = np.linalg.norm(mean_cm[:, None] - mean_cm[list(_MOUTH_SIDES)][None], axis=2).min(axis=1)
    held = _MOUTH_HELD * np.exp(-((away / _MOUTH_REACH_CM) ** 2))
    sagging: FloatArray = _moving(mean_cm, _SAG_CM) * (1 - held)[:, None]
    return sagging.astype(np.float32)


def _moving(mean_cm: FloatArray, moves: tuple[tuple[tuple[int, ...], tuple[float, float], float], ...]) -> FloatArray:
    offsets = np.zeros_like(mean_cm)
    for points, (right, down), radius in moves:
        distance = np.linalg.norm(mean_cm[:, None] - mean_cm[list(points)][None], axis=2).min(axis=1)
        offsets += np.exp(-(distance**2) / (2 * radius**2))[:, None] * np.array([right, down, 0], np.float32)
    return offsets


def _scaled_about_eyes(shape_cm: FloatArray, gain: float) -> FloatArray:
    """Grow the eyes; the motion fades out around them."""
    offsets = np.zeros_like(shape_cm)
    for eye in (RIGHT_EYE, LEFT_EYE):
        center = shape_cm[list(eye)].mean(axis=0)
        away = shape_cm - center
        distance = np.hypot(away[:, 0], 1.3 * away[:, 1])
        # 1.6 cm holds the opening; at the brow and the root of the nose little is left.
        fade = np.exp(-((np.maximum(distance - 1.2, 0) / 0.9) ** 2))
        offsets += gain * fade[:, None] * away
    offsets[:, 2] = 0
    return offsets


def _taller_lips_cm(shape_cm: FloatArray) -> FloatArray:
    """Return how far down each point moves for lips of twice the height, (468,)."""
    away = shape_cm - shape_cm[list(LIPS)].mean(axis=0)
    distance = np.hypot(0.7 * away[:, 0], 1.3 * away[:, 1])
    fade = np.exp(-((np.maximum(distance - 1.2, 0) / 0.7) ** 2))
    down: FloatArray = fade * away[:, 1]
    return down


def _gaussian(values: FloatArray, center: float, width: float) -> FloatArray:
    curve: FloatArray = np.exp(-(((values - center) / width) ** 2))
    return curve


def _childlike(shape_cm: FloatArray) -> FloatArray:
    """Give a child's proportions: features low, small nose and mouth, big eyes, full cheeks, short round jaw."""
    top, chin = shape_cm[_FOREHEAD], shape_cm[_CHIN]
    height = float(np.linalg.norm(top[:2] - chin[:2]))
    level = (chin[1] - shape_cm[:, 1]) / height
    offsets = np.zeros_like(shape_cm)
    # Down is positive: eyes and nose sink, the chin rises.
    offsets[:, 1] += height * (0.040 * _gaussian(level, 0.62, 0.22) - 0.023 * _gaussian(level, -0.02, 0.2))
    middle = float(shape_cm[[_FOREHEAD, _CHIN, 5], 0].mean())
    aside = shape_cm[:, 0] - middle
    # The chin keeps its breadth: narrower, it is pointed, and a child's is round.
    offsets[:, 0] -= 0.02 * aside
    offsets[:, 0] += np.sign(aside) * np.minimum(np.abs(aside) / 3.0, 1) * 0.07 * _gaussian(level, 0.33, 0.14)
    temples = shape_cm[[127, 356]].mean(axis=0) - np.array([0, 0.1 * height, 0], np.float32)
    offsets -= _SMALLER_FACE * (shape_cm - temples)
    offsets += _scaled_about_eyes(shape_cm, _BIGGER_EYES * _narrowness(shape_cm))
    offsets += _shrunk(shape_cm, _NOSE_CENTERS, 2.2, (0.09, 0.15))
    offsets += _shrunk(shape_cm, (*LIPS, *MOUTH_OPENING), 2.6, (0.09, -0.03))
    offsets[:, 2] = 0
    return offsets


def _narrowness(shape_cm: FloatArray) -> float:
    """0.4 where eyes are wide open already, which stare when they grow, 1 where lids hang."""
    widths = [float(np.linalg.norm(shape_cm[a, :2] - shape_cm[b, :2])) for a, b in ((33, 133), (362, 263))]
    heights = [float(np.linalg.norm(shape_cm[a, :2] - shape_cm[b, :2])) for a, b in ((159, 145), (386, 374))]
    openness = sum(heights) / max(sum(widths), 1e-3)
    return min(max((_WIDE_OPEN - openness) / 0.12, 0.4), 1.0)


def _shrunk(shape_cm: FloatArray, ids: Iterable[int], radius_cm: float, by: tuple[float, float]) -> FloatArray:
    """Draw points towards a center, across by `by[0]` and along by `by[1]`, fading out at a radius."""
    away = shape_cm - shape_cm[list(ids)].mean(axis=0)
    distance = np.hypot(away[:, 0], away[:, 1])
    fade = np.exp(-((np.maximum(distance - 0.6 * radius_cm, 0) / (0.5 * radius_cm)) ** 2))
    drawn: FloatArray = -away * fade[:, None] * np.array([by[0], by[1], 0], np.float32)
    return drawn


GLASSES_POINTS = tuple(
    sorted({*RIGHT_EYE, *LEFT_EYE, *RIGHT_BROW, *LEFT_BROW, 168, 6, 197, 122, 351, 111, 340, 117, 346, 118,
            347, 119, 348, 35, 265, 226, 446, 143, 372, 34, 264, 127, 356, 193, 417, 245, 465, 8, 9, 100, 329, 101,
            330, 50, 280, 227, 447})
)  # fmt: skip


def stiffened(offsets_px: FloatArray, points_px: FloatArray, stiffness: float) -> FloatArray:
    """Make the region of glasses move as one rigid piece with a uniform scale, so that frames stay straight.

    Parameters
    ----------
    offsets_px, points_px : ndarray, (468, 2) float32
    stiffness : float
        0 leaves the offsets as they are, 1 is rigid.

    Returns
    -------
    ndarray, (468, 2) float32
    """
    if stiffness <= 0:
        return offsets_px
    ids = list(GLASSES_POINTS)
    points, target = points_px[ids], points_px[ids] + offsets_px[ids]
    a, b = points - points.mean(axis=0), target - target.mean(axis=0)
    # Complex least squares: one factor holds rotation and scale.
    z, w = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    factor = (np.conj(z) @ w) / max(float((np.abs(z) ** 2).sum()), 1e-6)
    moved = factor * ((points_px - points.mean(axis=0)) @ np.array([1, 1j]))
    rigid = np.stack([moved.real, moved.imag], axis=1) + target.mean(axis=0) - points_px
    inside = np.zeros(len(points_px), np.float32)
    inside[ids] = stiffness
    mixed: FloatArray = offsets_px + (rigid - offsets_px) * inside[:, None]
    return mixed.astype(np.float32)


CONTROL_POINTS = tuple(
    sorted({*OVAL, *RIGHT_EYE, *LEFT_EYE, *LIPS, *MOUTH_OPENING[::2], *RIGHT_BROW, *LEFT_BROW,
            1, 2, 4, 5, 6, 168, 197, 195, 98, 327, 64, 294, 129, 358, 48, 278, 50, 280, 205, 425, 36, 266, 187, 411,
            147, 376, 9, 151, 108, 337, 69, 299, 200, 199, 18, 83, 313, 214, 434, 202, 422, 101, 330, 118, 347})
)  # fmt: skip
"""Mesh points that carry the warp: dense where features are, sparse on cheeks and forehead."""
