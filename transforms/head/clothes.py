"""Clothes below a face: of a color that neither skin in any shade nor the beard has, and all that lies beneath such.

Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.picture.bounds import bounds

_LEAST_BEARD_PX = 12
_BEARD_PERCENTILES = (4, 96)
_SHADED_BEARD = 0.75
"""Lightness to which shade may bring a beard, against its median."""
_BEARD_LIMITS = np.array([7.0, 4.0, 4.5], np.float32)
_SKIN_LIMITS = (5.0, 6.0)
"""Steps of L, a* and b* beyond a beard's range, and of a* and b* beyond those of shaded skin."""
_MOST_COLORED = 1.3
"""Color of matt skin against that of cheeks, which shine."""
_BRIGHTEST_SKIN, _SURELY_BRIGHTER = 1.12, 1.24
_SEED_FACES = 0.22
"""Clothes reach down to here below the chin, at least."""


def beard_range(lab: FloatArray, hairy: FloatArray) -> FloatArray | None:
    """Return the lowest and the highest L, a* and b* of a beard, (2, 3) float32; None where little of it is seen.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    hairy : ndarray, (h, w) float32
        How surely a pixel of the face shows hairs, 0..1.
    """
    sample = lab[hairy > 0.6]
    if len(sample) < _LEAST_BEARD_PX:
        return None
    limits = np.percentile(sample, _BEARD_PERCENTILES, axis=0)
    limits[0, 0] = min(limits[0, 0], _SHADED_BEARD * np.median(sample[:, 0]))
    return np.asarray(limits, np.float32)


def unlike_beard(lab: FloatArray, limits: FloatArray) -> FloatArray:
    """Return 0 where a color could be the beard's whose `beard_range` this is .. 1, (h, w) float32."""
    beyond = (lab - np.clip(lab, limits[0], limits[1])) / _BEARD_LIMITS
    away = cv2.sqrt(np.einsum("ijk,ijk->ij", beyond, beyond))
    return np.asarray(np.clip(away - 0.5, 0, 1), np.float32)


def unlike_skin(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """Return 0 where a color could be this skin's, (3,) Lab, in light or any shade .. 1, (h, w) float32.

    Skin in the shade keeps from as much of its color as of its lightness to most of its color.
    """
    light = lab[..., 0] / max(float(skin[0]), 1.0)
    shade = np.clip(light, 0.05, 1)
    most = np.float32(_MOST_COLORED) * cv2.pow(shade, 0.4)
    square = np.zeros_like(light)
    for channel, limit in zip((1, 2), _SKIN_LIMITS, strict=True):
        ends = skin[channel] * shade, skin[channel] * most
        low, high = ends if skin[channel] >= 0 else ends[::-1]
        square += ((lab[..., channel] - np.clip(lab[..., channel], low, high)) / limit) ** 2
    bright = (light - _BRIGHTEST_SKIN) / (_SURELY_BRIGHTER - _BRIGHTEST_SKIN)
    return np.asarray(np.clip(np.maximum(cv2.sqrt(square) - 1, bright), 0, 1), np.float32)


def clothes_below(
    lab: FloatArray, skin: FloatArray, limits: FloatArray, below_face: FloatArray, down: FloatArray, is_short: bool
) -> FloatArray:
    """Find clothes on the upright crop of a head.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    skin : ndarray, (3,) float32
        Lab color of the cheeks.
    limits : ndarray, (2, 3) float32
        `beard_range`.
    below_face : ndarray, (h, w) float32
        Where the person is and the face is not, 0..1.
    down : ndarray, (h, w) float32
        Face heights below the chin.
    is_short : bool
        Whether the beard ends above the clothes.

    Returns
    -------
    ndarray, (h, w) float32
        0..1.
    """
    clothes = np.zeros_like(below_face)
    part = bounds(below_face > 0)
    if part is None:
        return clothes
    lab, down = lab[part], down[part]
    found = unlike_skin(lab, skin) * unlike_beard(lab, limits) * below_face[part]
    found = np.asarray(cv2.GaussianBlur(found, (0, 0), 0.7), np.float32)
    _, labels = cv2.connectedComponents((found > 0.5).view(np.uint8))
    low = np.unique(labels[(down > _SEED_FACES) & (labels > 0)])
    found *= cv2.dilate(np.isin(labels, low).view(np.uint8), np.ones((3, 3), np.uint8))
    clothes[part] = found
    if is_short:
        # A tie between the points of a collar may have any color: no short beard comes out from under clothes again.
        row = np.zeros_like(found[:1])
        for k in np.flatnonzero((down > 0).any(axis=1)):
            row = np.maximum(cv2.dilate(row, np.ones((1, 3), np.uint8)), found[k : k + 1] * (down[k] > 0))
            clothes[part][k] = np.maximum(found[k], row[0])
    return clothes
