"""Where the skin beyond the mesh is forehead, ears and neck: hands beside or below a face do not grow young with it.

Distances in heights of the face, by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import FloatArray
from transforms.face.landmark_ids import OVAL
from transforms.picture.broad_blur import broad_blur

_FOREHEAD, _CHIN = 10, 152
_NECK, _NECK_END = 0.46, 0.6
"""Half the breadth of a neck, and where surely nothing of it is left."""
_EARS, _EARS_END = 0.2, 0.3
"""How far ears reach from the outline."""
_JAW, _BROWS = (0.12, 0.3), (0.75, 0.9)
"""Level, from the chin, at which necks end and ears begin, and at which ears end and the forehead begins."""
_HELD = (0.25, 0.6)
"""Cover of the outline from which on, and from which on surely, what lies beyond it is a hand."""
_SPREAD = 0.12


def following_skin(points: FloatArray, away: FloatArray, cover_ratio: FloatArray | None) -> FloatArray:
    """Tell where skin, if there is any, belongs to the head.

    Parameters
    ----------
    points : ndarray, (478, 2) float32
        Landmarks in pixels of the wanted picture.
    away : ndarray, (h, w) float32
        Distance from the face's outline, in heights of the face; 0 within.
    cover_ratio : ndarray, (S, S) float32, or None
        What covers the face, in `canonical_frame(S)`.

    Returns
    -------
    ndarray, (h, w) float32
        0 beside the neck, beyond the ears, and below a jaw that is covered .. 1.
    """
    level, across = face_positions(points, away.shape)
    aside = np.abs(across)
    neck, ears = falling(aside, _NECK, _NECK_END), falling(away, _EARS, _EARS_END)
    forehead = 1 - falling(level, *_BROWS)
    below = falling(level, *_JAW)
    follows = below * neck + (1 - below) * np.maximum(ears, forehead)
    held = _held_rim(cover_ratio)
    if held is not None:
        rim = np.round(points[list(OVAL)]).astype(int)
        seen = ((rim >= 0) & (rim < away.shape[::-1])).all(axis=1)
        known, covered = np.zeros((2, *away.shape), np.float32)
        known[rim[seen, 1], rim[seen, 0]] = 1
        covered[rim[seen, 1], rim[seen, 0]] = held[seen]
        spread_px = _SPREAD * max(float(np.hypot(*(points[_FOREHEAD] - points[_CHIN]))), 1.0)
        near, hand = (broad_blur(part, spread_px) for part in (known, covered))
        follows *= 1 - below * np.clip(hand / np.maximum(near, 1e-6), 0, 1)
    return np.asarray(follows, np.float32)


def face_positions(points: FloatArray, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Return the level, 0 chin .. 1 top of the mesh, and the way across from the middle, both in face heights.

    Parameters
    ----------
    points : ndarray, (>=468, 2) float32
        Landmarks in pixels.
    shape : (h, w)
        Of both planes, float32.
    """
    up = points[_FOREHEAD] - points[_CHIN]
    up = up / max(float(up @ up), 1.0)
    x = (np.arange(shape[1]) - points[_CHIN, 0]).astype(np.float32)
    y = (np.arange(shape[0]) - points[_CHIN, 1]).astype(np.float32)[:, None]
    return x * up[0] + y * up[1], y * up[0] - x * up[1]


def falling(values: FloatArray, start: float, end: float) -> FloatArray:
    """1 up to `start`, 0 from `end` on."""
    share: FloatArray = np.clip((end - values) / (end - start), 0, 1)
    return share


def _held_rim(cover_ratio: FloatArray | None) -> FloatArray | None:
    """Return how surely each point of the outline is covered, (36,) float32; None where none is."""
    if cover_ratio is None:
        return None
    size = cover_ratio.shape[0]
    frame = canonical_frame(size)
    # At the outline itself the map knows nothing.
    inner = frame.vertices_px[list(OVAL)]
    inner = (inner + (inner.mean(axis=0) - inner) * 0.12).astype(np.float32)
    grown = cv2.blur(np.ascontiguousarray(cover_ratio, np.float32), (5, 5))
    ratio = cv2.remap(grown, inner[None], np.empty(0, np.float32), cv2.INTER_LINEAR)[0]
    low, high = _HELD
    held: FloatArray = np.clip((ratio - low) / (high - low), 0, 1)
    return held if held.any() else None
