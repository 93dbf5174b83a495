"""The light on a head, told from the face: how bright it is, how warm, and what color skin has in it.

All pictures are OpenCV's float Lab, L 0..100, (H, W, 3) float32, or a part of a picture; faces are in their pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray
from transforms.picture.color_models import color_share, hull_mask
from transforms.picture.ramp import ramp

_SKIN = (50, 280, 205, 425, 109, 338, 151, 67, 297)
_USUAL_SKIN_LAB = (60.0, 14.0, 16.0)
_CAST_SAMPLES = 4000
_MOST_CAST, _USUAL_CAST_B = (0.1, 0.25), 0.05
"""By lightness. Of portraits in white light the least yellow twentieth reaches a b of 0.09 of L* at most, under a
lamp 0.25; by measure."""

SKIN_SPREAD = np.array([18, 6, 7], np.float32)
"""Deviations of the color of one person's skin."""
_MOST_SKIN_B, _MOST_SKIN_HUE_DEG, _SKIN_CAST_SHARE = 20.0, 62.0, 0.5
"""Skin in white light is not yellower than both. By eye."""


def exposure_ratio(lab: FloatArray, face: Face) -> float:
    """0.35..1 by the brightest parts of the face (shine, eyes, teeth), which tell light from skin tone."""
    points = face.landmarks_px[:MESH_VERTICES, :2].astype(int)
    low, high = np.maximum(points.min(axis=0), 0), points.max(axis=0) + 1
    inner = lab[low[1] : high[1], low[0] : high[0], 0]
    if inner.size == 0:
        return 1.0
    # Without the corners of its box: a bright wall tells nothing of the light on a face.
    mesh = hull_mask(points - low, (inner.shape[1], inner.shape[0]))
    if not mesh.any():
        return 1.0
    return float(np.clip(np.percentile(inner[mesh > 0], 97) / 72, 0.35, 1))


def skin_color(lab: FloatArray, face: Face) -> FloatArray:
    """Middle color of cheeks and forehead, as far as they lie in the part handed over."""
    seen = colors_at(lab, face, _SKIN)
    return np.asarray(np.median(seen, axis=0) if len(seen) else _USUAL_SKIN_LAB, np.float32)


def colors_at(lab: FloatArray, face: Face, vertices: Sequence[int]) -> FloatArray:
    """Return the pixels under some points of the mesh, (N, 3), as far as they lie in the part handed over."""
    points = face.landmarks_px[list(vertices), :2].astype(int)
    points = points[((points >= 0) & (points < (lab.shape[1], lab.shape[0]))).all(axis=1)]
    colors: FloatArray = lab[points[:, 1], points[:, 0]]
    return colors


def skin_warmth(lab: FloatArray, face: Face) -> float:
    """0 in a gray picture .. 1: a neutral gray beside skin looks blue, so it takes a little of the light's warmth."""
    return float(np.clip(np.hypot(*skin_color(lab, face)[1:]) / 15, 0, 1))


def skin_share(part: FloatArray, lab: FloatArray, face: Face) -> FloatArray:
    """Return 1 where a pixel of `part` has the color of the face in `lab`: a rim of skin or a bare scalp, (H, W)."""
    return color_share(part, skin_color(lab, face), SKIN_SPREAD)


def light_cast(part: FloatArray, skin: FloatArray) -> FloatArray:
    """Color of the light, (a, b) by lightness: a warm one where nothing at all in `part` is neutral or cool.

    Skin that is yellower than any in white light tells as much.
    """
    step = max(1, round(np.sqrt(part.shape[0] * part.shape[1] / _CAST_SAMPLES)))
    lightness, *colors = (
        cv2.resize(part[..., plane], None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
        for plane in range(3)
    )
    a, b = (np.quantile(color / np.maximum(lightness, 8) * (lightness > 8), 0.05) for color in colors)
    # A blue wall is redder than gray: only where nothing is blue either is the light a warm one.
    share = np.clip((a + 0.05) / 0.05, 0, 1) * np.clip((b + 0.05) / 0.05, 0, 1)
    cast = np.array([np.clip(a, 0, _MOST_CAST[0]), np.clip(b - _USUAL_CAST_B, 0, _MOST_CAST[1])]) * share
    yellow = ramp(math.degrees(math.atan2(skin[2], skin[1])), _MOST_SKIN_HUE_DEG, _MOST_SKIN_HUE_DEG + 8)
    on_skin = _SKIN_CAST_SHARE * yellow * max(float(skin[2]) - _MOST_SKIN_B, 0.0) / max(float(skin[0]), 20.0)
    return np.asarray(np.maximum(cast, [0, min(on_skin, _MOST_CAST[1])]), np.float32)
