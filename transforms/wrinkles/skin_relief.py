"""Relief of leathery skin: fine lines that run along the skin's tension lines, crossed by fainter ones.

Source: directions from the relaxed skin tension lines (Borges 1984). Widths and depths by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.layer_frame import LAYER_PX, layer_points_px
from transforms.picture.streaks import streak_noise

_RUN = (
    (151, 0, 0.85),
    (69, 0, 0.85),
    (104, 5, 0.85),
    (139, 30, 0.9),
    (143, 5, 1.0),
    (116, 145, 1.1),
    (230, 5, 1.2),
    (119, 160, 1.15),
    (50, 122, 1.0),
    (205, 118, 1.0),
    (123, 104, 1.0),
    (93, 92, 0.8),
    (136, 96, 0.9),
    (57, 106, 1.1),
    (210, 100, 1.0),
    (199, 0, 0.85),
    (37, 92, 1.0),
    (5, 0, 0.4),
    (195, 0, 0.4),
    (9, 90, 0.7),
    (66, 0, 0.6),
)
"""Mesh point of the right half of the face, the lines' angle there in degrees clockwise from the horizontal as the
picture shows it, and their depth. By eye."""
_NEAR_PX = 6.0
_WIDTH_PX, _CROSSING = 1.1, 0.45
"""Width of a line in pixels of the layer, and how deep the crossing ones are."""
_PATCHES, _UNEVEN = 22, 0.5
"""Patches across the layer that are deeper and shallower, and their deviation."""
_VALLEY, _RIDGE = -2.6, 1.0


def relief_layer(scale: int, seed: int) -> FloatArray:
    """Return the relief, (scale LAYER_PX, scale LAYER_PX) float32, standard deviation about 1 where skin is creased.

    Parameters
    ----------
    scale : int
        Pixels for each of the layers' frame.
    seed : int
    """
    side = LAYER_PX * scale
    along, depth = _run_and_depth()
    along = cv2.resize(along, (side, side))
    along = np.asarray(along / np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-6), np.float32)
    across = np.dstack([-along[..., 1], along[..., 0]])
    width_px = _WIDTH_PX * scale
    lines = streak_noise(along, width_px, seed) + _CROSSING * streak_noise(across, width_px, seed + 1, 2)
    uneven = np.random.default_rng(seed).standard_normal((_PATCHES, _PATCHES), np.float32)
    lines *= np.clip(1 + _UNEVEN * cv2.resize(uneven, (side, side), interpolation=cv2.INTER_CUBIC), 0.3, 2)
    return np.asarray(np.clip(lines, _VALLEY, _RIDGE) * cv2.resize(depth, (side, side)), np.float32)


def _run_and_depth() -> tuple[FloatArray, FloatArray]:
    """Vectors along the lines, (LAYER_PX, LAYER_PX, 2), and their depth, between the points by inverse distances."""
    vertices, degrees, depths = (np.array(column) for column in zip(*_RUN, strict=True))
    right = layer_points_px()[vertices]
    twice = 2 * np.radians(degrees)
    # Double angles: vectors of opposite sign would cancel.
    known = np.stack([np.cos(twice), np.sin(twice), depths], axis=1)
    at = np.vstack([right, np.array([LAYER_PX - 1, 0]) + right * (-1, 1)])
    known = np.vstack([known, known * (1, -1, 1)])
    rows, columns = np.mgrid[:LAYER_PX, :LAYER_PX].astype(np.float32)
    total = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    mean = np.zeros((LAYER_PX, LAYER_PX, 3), np.float32)
    for (x, y), values in zip(at, known, strict=True):
        weight = 1 / ((columns - x) ** 2 + (rows - y) ** 2 + _NEAR_PX**2) ** 1.5
        total += weight
        mean += weight[..., None] * values.astype(np.float32)
    mean /= total[..., None]
    half = 0.5 * np.arctan2(mean[..., 1], mean[..., 0])
    return np.dstack([np.cos(half), np.sin(half)]), mean[..., 2]
