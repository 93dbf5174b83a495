"""How far hair reaches about a skull, and a hairdo stretched as far, so that no short hair stands out beyond it."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray

_ANGLES, _SKULL_FACES, _HAIRLINE_FACES, _MOST_REACH_FACES = 13, 0.2, 0.36, 1.0
"""Rays from the middle of the skull, how high that lies over the middle of the face, and what hair begins at and ends
at along them. By eye."""
_SURE, _FADE_ANGLES = 0.5, 4.0


def reach_faces(hair: FloatArray, u: FloatArray, v: FloatArray) -> FloatArray:
    """Tell how far hair reaches about the skull.

    Parameters
    ----------
    hair : ndarray, (h, w) float32
        How much of a pixel is hair, 0..1.
    u, v : ndarray, (h, w) float32
        Its place, face heights to the right and up from the middle of the face.

    Returns
    -------
    ndarray, (13,) float32
        Face heights from the middle of the skull, for rays from the right of the picture over the top to the left.
    """
    sure = hair > _SURE
    along, up = u[sure], v[sure] - _SKULL_FACES
    ray = np.round(np.arctan2(up, along) * ((_ANGLES - 1) / np.pi)).astype(int)
    reach = np.full(_ANGLES, _HAIRLINE_FACES, np.float32)
    kept = (ray >= 0) & (ray < _ANGLES)
    np.maximum.at(reach, ray[kept], np.hypot(along, up)[kept])
    return reach


def stretched_faces(at: FloatArray, reach: FloatArray, own_reach: FloatArray) -> FloatArray:
    """Tell how much farther out hair lies once it is stretched.

    Parameters
    ----------
    at : ndarray, (h, w, 2) float32
        Places to the right and down from the middle of the face, face heights.
    reach, own_reach : ndarray, (13,) float32
        `reach_faces` of the hair to stretch, and of what it is to cover.

    Returns
    -------
    ndarray, (h, w, 2) float32
        From where the hair of each place was to that place, face heights.
    """
    away = at + np.array([0, _SKULL_FACES], np.float32)
    radius = np.hypot(away[..., 0], away[..., 1])
    angle = np.arctan2(-away[..., 1], away[..., 0]) * ((_ANGLES - 1) / np.pi)
    angle = np.where(angle < -(_ANGLES - 1) / 2, angle + 2 * (_ANGLES - 1), angle)
    wanted = np.minimum(np.maximum(own_reach, reach), np.maximum(reach, _MOST_REACH_FACES)) - reach
    wanted = np.convolve(np.pad(wanted, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    more, had = (np.interp(angle, np.arange(_ANGLES), values) for values in (wanted, reach - _HAIRLINE_FACES))
    # Below the temples it hangs more and more as it did.
    below = np.maximum(-angle, angle - (_ANGLES - 1))
    more *= np.clip(1 - below / _FADE_ANGLES, 0, 1)
    over = np.maximum(radius - _HAIRLINE_FACES, 0)
    farther = over * (1 - had / np.maximum(had + more, 1e-3)) / np.maximum(radius, 1e-3)
    return np.asarray(away * farther[..., None], np.float32)
