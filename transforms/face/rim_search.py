"""Rims of glasses: the clearest curve around each eye, past its sides and below it.

Source: shortest path over a picture in polar coordinates (active contours by dynamic programming: Amini, Weymouth &
Jain, PAMI 12(9), 1990). Sizes and limits by eye on 42 portraits with glasses and 150 without.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.face.geometry import eye_corners_px
from transforms.face.rims import Rims
from transforms.face.thin_lines import thin_lines
from transforms.picture.ramp import ramp

_EYES = ((33, 133), (263, 362))
_FROM_DEG, _TO_DEG, _ANGLES = -25.0, 205.0, 64
"""Of the curve: from one side, 90 below the eye, to the other."""
_NEAREST_EYES, _FARTHEST_EYES, _RADII, _WIDER = 0.105, 0.34, 40, 1.55
"""Radii below the eye in distances of the eyes, and how much longer those to the sides are."""
_DARK_EYES, _LIGHT_EYES, _REDNESS_EYES = 0.03, 0.015, 0.13
"""Half the breadth of dark lines and of light ones, and the reach of what their color is compared with."""
_CLEAR = 20.0
"""Steps of L of a clear line."""
_STEEPEST, _STEP_COST = 2, np.float32(0.06)
_LEAST_RADIUS, _SURE_RADIUS = 9, 12
"""Curves nearer to the eye are bags and lashes, and between these maybe."""
_SURELY_NONE, _SURELY_RIMS = 0.52, 0.62
"""Clearness of the curve: 0.64 and more of real rims, less than 0.58 of folds as far from the eye."""


def find_rims(lab: FloatArray, landmarks_px: FloatArray) -> Rims:
    """Look for rims.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        CIE Lab.
    landmarks_px : ndarray, (>=468, >=2) float32
        In pixels of `lab`.

    Returns
    -------
    Rims
    """
    eyes_px = eye_corners_px(landmarks_px)
    curves = _curves(landmarks_px)
    rows, columns = _region(curves, eyes_px)
    part = lab[rows, columns]
    if not part.size:
        return Rims((), (), 0.0, eyes_px)
    corner = np.array([columns.start, rows.start], np.float32)
    lines = _lines(part, eyes_px)
    outlines, around, clearness = [], [], 0.0
    for xy in curves:
        here = cv2.remap(lines, xy - corner, np.empty(0, np.float32), cv2.INTER_LINEAR)
        radii = _clearest(here)
        if radii.mean() >= _SURE_RADIUS:
            outlines.append(xy[np.arange(_ANGLES), radii])
        else:
            around.append(xy[:, -1])
        if radii.mean() >= _LEAST_RADIUS:
            clearness = max(clearness, float(here[np.arange(_ANGLES), radii].mean()))
    likelihood = ramp(clearness, _SURELY_NONE, _SURELY_RIMS)
    return Rims(tuple(outlines), tuple(around), likelihood, eyes_px)


def rims_region(landmarks_px: FloatArray) -> tuple[slice, slice]:
    """Return the rows and columns that `find_rims` looks at; they may end beyond the picture."""
    return _region(_curves(landmarks_px), eye_corners_px(landmarks_px))


def _region(curves: list[FloatArray], eyes_px: float) -> tuple[slice, slice]:
    margin = round(_REDNESS_EYES * eyes_px)
    low = np.maximum(np.floor(np.min([xy.min(axis=(0, 1)) for xy in curves], axis=0)).astype(int) - margin, 0)
    high = np.maximum(np.ceil(np.max([xy.max(axis=(0, 1)) for xy in curves], axis=0)).astype(int) + margin, low + 2)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def _curves(landmarks_px: FloatArray) -> list[FloatArray]:
    """Return the points about each eye, (angles, radii, 2) float32, in pixels."""
    eyes_px = eye_corners_px(landmarks_px)
    across = (landmarks_px[263, :2] - landmarks_px[33, :2]) / max(eyes_px, 1.0)
    axes = np.array([across, (-across[1], across[0])], np.float32)
    return [
        (landmarks_px[list(corners), :2].mean(axis=0) + eyes_px * (_polar() @ axes)).astype(np.float32)
        for corners in _EYES
    ]


def _lines(lab: FloatArray, eyes_px: float) -> FloatArray:
    """Return how clear a line, dark or light, runs through each pixel, 0..1."""
    dark_px, light_px, around_px = (
        max(round(share * eyes_px), 1) for share in (_DARK_EYES, _LIGHT_EYES, _REDNESS_EYES)
    )
    return np.asarray(np.clip(thin_lines(lab, dark_px, light_px, around_px) / _CLEAR, 0, 1), np.float32)


def _clearest(lines: FloatArray) -> NDArray[np.intp]:
    """Return the radii, (angles,), of the path along which lines are clearest and which turns little."""
    count = lines.shape[1]
    padded = np.full(count + 2 * _STEEPEST, -np.inf, np.float32)
    best = padded[_STEEPEST : _STEEPEST + count]
    best[:] = lines[0]
    # A view: in each row what lies a step farther.
    from_beside = np.lib.stride_tricks.sliding_window_view(padded, count)
    costs = (_STEP_COST * np.abs(np.arange(-_STEEPEST, _STEEPEST + 1)))[:, None].astype(np.float32)
    steps = []
    for here in lines[1:]:
        ways = from_beside - costs
        steps.append(ways.argmax(axis=0) - _STEEPEST)
        np.add(ways.max(axis=0), here, out=best)
    radii = [int(best.argmax())]
    for step in reversed(steps):
        radii.append(radii[-1] + int(step[radii[-1]]))
    return np.array(radii[::-1])


@cache
def _polar() -> FloatArray:
    """Points around an eye, (angles, radii, 2): across and down, in distances of the eyes."""
    angles = np.deg2rad(np.linspace(_FROM_DEG, _TO_DEG, _ANGLES, dtype=np.float32))[:, None]
    radii = np.linspace(_NEAREST_EYES, _FARTHEST_EYES, _RADII, dtype=np.float32)
    return np.stack([_WIDER * np.cos(angles) * radii, np.sin(angles) * radii + np.float32(0.01)], axis=-1)
