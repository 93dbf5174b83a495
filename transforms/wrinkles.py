"""Wrinkles: creases of averaged old portraits, and fine lines along the anatomical lines of the face.

Sources: detail transfer through a warp, Liu, Shan & Zhang 2001 (SIGGRAPH, expression ratio images); creases from
`prototypes`; directions of the lines from the relaxed skin tension lines (Borges 1984). Depths and widths by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import (
    CHIN,
    FRAME_PX,
    LAYER_PX,
    MOUSTACHE,
    PAD_PX,
    blur_reach_px,
    face_masks,
    layer_points_px,
    patch,
    polygon,
)
from transforms.face_view import FaceView
from transforms.prototypes import prototypes

_SCALE = 2
_SEED = 20260101
_FOREHEAD_LINES = (
    (0.16, 4.0, ((0.3, 0.52), (0.58, 0.74))),
    (0.29, 8.5, ((0.12, 0.58), (0.55, 0.88))),
    (0.52, 9.5, ((0.04, 0.48), (0.45, 0.96))),
    (0.66, 4.0, ((0.36, 0.64),)),
    (0.78, 7.5, ((0.1, 0.56), (0.62, 0.92))),
)
"""Height above the brows as a share of the forehead, depth in steps of L, and from where to where each line runs, as
shares of the forehead's width: no two alike, deep and shallow ones by turns. By eye."""
_VALLEY_LIMIT, _RIDGE_LIMIT = -16.0, 3.5
"""A crease is a dark valley; bright ridges look like paint."""
_WARMTH = (0.26, 0.16)
"""Steps of a* and b* for each step of L that a crease is darker; without them pale skin looks ashen."""
_CREASE_SIGMA_PX, _CREASE_GAIN = 9.0, 1.45
_MOST_CREASED, _MOST_LINED = 1.9, 1.25
_DEEPEST = 24.0
"""Steps of L that creases and lines together approach."""
_FOLD_SHADE = 0.28
"""Shade of a fold, as a share of the skin's lightness, that is deep already. By eye."""


def add_wrinkles(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Darken along creases.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    view : FaceView
    strength : float
        1 is a person of about 70.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if strength <= 0:
        return lab
    # Creases come early, fine lines late.
    creases = view.window.sample(crease_layer()) * min(strength, _MOST_CREASED)
    lines = view.window.sample(line_layer()) * strength * min(strength, _MOST_LINED)
    depth = creases + lines + _own_valleys(lab[..., 0], view.eyes_px) * min(strength, 1.5)
    # Ridges would burn out on a bright skin.
    depth = np.where(depth > 0, depth * np.clip((92 - lab[..., 0]) / 20, 0, 1), depth)
    depth = np.where(depth < 0, -_DEEPEST * np.tanh(-depth / _DEEPEST) * _unfolded(lab, view), depth)
    depth *= view.skin * view.skin_like * view.light
    result = lab.copy()
    result[..., 0] += depth
    # Plain shade would take color too; a crease is warmer: light scatters in its walls.
    result[..., 1:] -= np.minimum(depth, 0)[..., None] * np.array(_WARMTH, np.float32)
    return result


def _unfolded(lab: FloatArray, view: FaceView) -> FloatArray:
    """Return how far skin still can fold: a laugh's own deep folds, in shade already, would turn black."""
    local = view.local_skin[..., 0]
    shade = (local - lab[..., 0]) / np.maximum(_FOLD_SHADE * local, 4)
    room: FloatArray = np.clip(1.3 - shade, 0.25, 1)
    return room


def _own_valleys(lightness: FloatArray, eyes_px: float) -> FloatArray:
    """Deepen what is there: the person's own lines, as the valleys of the band of wrinkles."""
    # Coarser than pores and stubble: raised, they would be sand.
    fine = cv2.GaussianBlur(lightness, (0, 0), max(0.8, 0.012 * eyes_px))
    band = fine - cv2.GaussianBlur(lightness, (0, 0), max(1.6, 0.045 * eyes_px))
    valleys: FloatArray = 0.6 * np.clip(band, -9, 1.0)
    return valleys


@cache
def crease_layer() -> FloatArray:
    """Creases of averaged old faces, (LAYER_PX, LAYER_PX) float32, steps of L."""
    men, women = prototypes().creases
    # Women's hair hangs into the forehead of their mean.
    share = 0.35 * np.clip((np.arange(FRAME_PX) - 0.25 * FRAME_PX) / 20, 0, 1)[:, None]
    mixed = men + share * (women - men)
    mixed = 0.7 * mixed + 0.3 * mixed[:, ::-1]
    # The mean's folds are broad: what is coarser than a fold is shade that the light of this face does not cast.
    mixed -= cv2.GaussianBlur(mixed, (0, 0), _CREASE_SIGMA_PX)
    shaped = np.clip(_CREASE_GAIN * mixed, _VALLEY_LIMIT, _RIDGE_LIMIT)
    # Stubble is in the mean too: on the chin only half is kept.
    chin = np.clip(polygon(CHIN, 1.15, 6) + polygon(MOUSTACHE, 1.0, 4), 0, 1)
    layer: FloatArray = np.pad(shaped, PAD_PX) * face_masks().skin * (1 - 0.5 * chin)
    return layer.astype(np.float32)


@cache
def line_layer() -> FloatArray:
    """Fine lines, (2 LAYER_PX, 2 LAYER_PX) float32, steps of L."""
    rng = np.random.default_rng(_SEED)
    side = LAYER_PX * _SCALE
    layer = np.zeros((side, side), np.float32)
    for path, depth, width in _lines(rng):
        _engrave(layer, path, depth, width, rng)
    layer += _crosshatch(rng, side)
    limited: FloatArray = np.clip(1.1 * layer, -18, 4).astype(np.float32)
    return limited


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
        found.append((np.array([p[wing] + (0, -2), *p[list(fold)]]), 13.0, 1.2))
        found.append((np.array([p[mouth[0]] + (sign * 2, 2), p[mouth[1]] + (0, 5), p[mouth[2]]]), 9.0, 1.1))
        for angle in (-40, -24, -8, 6, 20, 36, 50):
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
    left, right = p[103][0] + 6, p[332][0] - 6
    bottom, top = p[9][1], p[10][1]
    for level, depth, spans in _FOREHEAD_LINES:
        for start, end in spans:
            # Forehead lines dip in the middle, where the two halves of the frontalis part, and break anywhere.
            x0, x1 = (left + (right - left) * (share + rng.uniform(-0.04, 0.04)) for share in (start, end))
            xs = np.linspace(x0, x1, 7)
            arch = 3 * np.cos((np.abs(xs - p[9][0]) - 24) / 24)
            tilt = rng.normal(0, 1.1) * np.linspace(-1, 1, 7)
            ys = bottom + (top - bottom) * (level + rng.normal(0, 0.015)) - arch + tilt + rng.normal(0, 0.35, 7)
            found.append((np.stack([xs, ys], axis=1), depth * rng.uniform(0.8, 1.1), rng.uniform(0.9, 1.4)))
    for point in (39, 37, 0, 267, 269):
        foot = p[point] + np.array([0, -2])
        found.append((np.array([foot, foot + np.array([rng.normal(0, 0.7), -8])]), 3.0, 0.6))
    for point in (84, 17, 314):
        foot = p[point] + np.array([0, 3])
        found.append((np.array([foot, foot + np.array([rng.normal(0, 0.7), 5])]), 2.0, 0.6))
    return found


def _curve(path: FloatArray, count: int) -> FloatArray:
    """Catmull-Rom spline through the points of a path."""
    ends = np.vstack([2 * path[0] - path[1], path, 2 * path[-1] - path[-2]])
    where = np.linspace(0, len(path) - 1 - 1e-6, count)
    k = where.astype(int)
    t = (where - k)[:, None]
    a, b, c, d = ends[k], ends[k + 1], ends[k + 2], ends[k + 3]
    spline: FloatArray = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return spline


def _engrave(layer: FloatArray, path: FloatArray, depth: float, width: float, rng: np.random.Generator) -> None:
    """Add a valley that tapers at its ends, wavers and breaks, with a faint ridge below it."""
    curve = _curve(np.asarray(path, np.float64), 48)
    waver = np.cumsum(rng.normal(0, 0.08, curve.shape), axis=0)
    waver -= np.linspace(0, 1, 48)[:, None] * waver[-1]
    curve = (curve + waver) * _SCALE
    below = round(2.0 * width * _SCALE)
    part, origin = patch(layer, curve, blur_reach_px(width * _SCALE * 2.5) + below)
    strokes = np.zeros_like(part)
    uneven = np.interp(np.arange(48), np.linspace(0, 47, 9), rng.uniform(0.45, 1.0, 9))
    taper = np.sin(np.pi * (np.arange(48) + 0.5) / 48) ** 0.7 * uneven
    corners = np.round((curve - origin) * 8).astype(int)
    for k in range(47):
        first, second = (int(v) for v in corners[k]), (int(v) for v in corners[k + 1])
        cv2.line(strokes, tuple(first), tuple(second), float(taper[k]), 2, cv2.LINE_AA, 3)
    narrow = cv2.GaussianBlur(strokes, (0, 0), width * _SCALE * 0.6)
    wide = cv2.GaussianBlur(strokes, (0, 0), width * _SCALE * 2.5)
    ridge = np.roll(cv2.GaussianBlur(strokes, (0, 0), width * _SCALE * 1.2), below, axis=0)
    peak = max(float(narrow.max()), 1e-6)
    part -= depth * (narrow / peak + 0.55 * wide / max(float(wide.max()), 1e-6) - 0.45 * ridge / peak)


def _crosshatch(rng: np.random.Generator, side: int) -> FloatArray:
    """Leathery fine texture: two crossing bands of stretched noise, strongest on cheeks and around the eyes."""
    across = cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), 3.4, sigmaY=1.1)
    along = cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), 1.1, sigmaY=3.0)
    texture = across / across.std() + 0.7 * along / along.std()
    leather: FloatArray = np.clip(texture, -2.6, 1.3) * np.float32(0.9)
    return leather
