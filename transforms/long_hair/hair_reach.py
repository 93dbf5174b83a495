"""How far hair reaches about a skull, and a hairdo stretched as far, so that no short hair stands out beyond it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray

SKULL_FACES = 0.2
"""How high the middle of the skull lies over the middle of the face."""
_ANGLES, _HAIRLINE_FACES, _MOST_REACH_FACES = 13, 0.36, 1.0
"""Rays from the middle of the skull, and what hair begins at and ends at along them. By eye."""
_SURE, _EARS_V, _MOST_SKULL_FACES, _SPECK_PX = 0.5, -0.1, (0.68, 0.85), 5
_FAR_NARROWER, _HELD_FACES = 1.2, 0.05
_FULLER_FACES = 0.16
"""How much farther than the head longer hair reaches at most. By eye."""
_LEAST_HAIR_FACES, _LEAST_SQUEEZED, _HANGS_TO_V, _HANGS_FADE_FACES = 0.05, 0.5, -0.2, 0.7
"""The least share of its own breadth that the outermost hair keeps, and down to where hair hangs as far out as at the
temples. By eye."""


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
    return _reach(hair > _SURE, u, v - SKULL_FACES)


def head_reach_faces(hair: FloatArray, skull: FloatArray, u: FloatArray, v: FloatArray) -> FloatArray:
    """Tell how far hair must reach to cover a head: its hair, bald skull and ears.

    Parameters
    ----------
    hair, skull : ndarray, (h, w) float32
        How much of a pixel is hair, and is skin or hair of a person, 0..1.
    u, v : ndarray, (h, w) float32
        As for `reach_faces`.

    Returns
    -------
    ndarray, (13,) float32
        As `reach_faces`.
    """
    up = v - SKULL_FACES
    level = np.maximum(up, 0)
    beside, above = _MOST_SKULL_FACES
    near = (skull > _SURE) & (v > _EARS_V) & (np.hypot(u / beside, level / above) < 1)
    of_hair, of_skull = (cv2.medianBlur(seen.view(np.uint8), _SPECK_PX) > 0 for seen in (hair > _SURE, near))
    return np.maximum(_reach(of_hair, u, up), _reach(of_skull, u, level))


def _reach(covered: ImageArray, along: FloatArray, up: FloatArray) -> FloatArray:
    along, up = along[covered], up[covered]
    ray = np.round(np.arctan2(up, along) * ((_ANGLES - 1) / np.pi)).astype(int)
    reach = np.full(_ANGLES, _HAIRLINE_FACES, np.float32)
    kept = (ray >= 0) & (ray < _ANGLES)
    np.maximum.at(reach, ray[kept], np.hypot(along, up)[kept])
    return reach


def narrowed(reach: FloatArray, yaw_deg: float) -> FloatArray:
    """Tell how far a hairdo, seen from the front, reaches about a turned head: less on the far side.

    Parameters
    ----------
    reach : ndarray, (13,) float32
        `reach_faces`.
    yaw_deg : float
        Of the head; negative for one that looks to the left of the picture.

    Returns
    -------
    ndarray, (13,) float32
    """
    angle = np.linspace(0, np.pi, _ANGLES)
    along, up = reach * np.cos(angle), reach * np.sin(angle)
    far = along * np.sign(yaw_deg) > _HAIRLINE_FACES
    narrow = np.sign(along) * (_HAIRLINE_FACES + (np.abs(along) - _HAIRLINE_FACES) / _far_breadth(yaw_deg))
    return np.asarray(np.hypot(np.where(far, narrow, along), up), np.float32)


def unnarrowed_faces(along: FloatArray, yaw_deg: float) -> FloatArray:
    """Tell how much farther from the middle hair of a turned head lies in the hairdo seen from the front.

    Parameters
    ----------
    along : ndarray, (h, w) float32
        Face heights to the right of the middle of the face.
    yaw_deg : float
        As for `narrowed`.

    Returns
    -------
    ndarray, (h, w) float32
        Face heights to the right.
    """
    side = np.sign(yaw_deg)
    return np.asarray(side * np.maximum(side * along - _HAIRLINE_FACES, 0) * (_far_breadth(yaw_deg) - 1), np.float32)


def _far_breadth(yaw_deg: float) -> float:
    """How much broader the far side's hair is seen from the front than it is on a turned head."""
    return 1 + _FAR_NARROWER * abs(math.sin(math.radians(yaw_deg)))


def stretched_faces(
    at: FloatArray, rim: FloatArray, from_rim: FloatArray, reach: FloatArray, own_reach: FloatArray
) -> FloatArray:
    """Tell how much farther out hair lies once it is stretched: the more, the farther out, and the hairline stays.

    Parameters
    ----------
    at : ndarray, (h, w, 2) float32
        Places to the right and down from the middle of the face, face heights.
    rim : ndarray, (n, 2)
        The rim of the face, likewise.
    from_rim : ndarray, (13,) float32
        How far out of it hair begins.
    reach, own_reach : ndarray, (13,) float32
        `reach_faces` of the hair to stretch, and of what it is to cover.

    Returns
    -------
    ndarray, (h, w, 2) float32
        From where the hair of each place was to that place, face heights.
    """
    v, (along, up, radius, angle) = -at[..., 1], about_skull(at)
    angle = angle * ((_ANGLES - 1) / np.pi)
    fuller = np.clip(reach, own_reach, own_reach + _FULLER_FACES)
    wanted = np.minimum(fuller, np.maximum(reach, _MOST_REACH_FACES)) - reach
    wanted = evened(wanted)
    at_rim = rim_radius_faces(rim, _ANGLES)
    begins = np.maximum(at_rim + from_rim, np.maximum(at_rim, _HAIRLINE_FACES) + _HELD_FACES)
    kinds = (wanted, np.maximum(reach - begins, _LEAST_HAIR_FACES), begins)
    more, had, begins = (np.interp(angle, np.arange(_ANGLES), values) for values in kinds)
    more *= np.clip((v - _HANGS_TO_V) / _HANGS_FADE_FACES + 1, 0, 1)
    outermost = np.maximum(had + more, 1e-3)
    power = np.clip((1 - _LEAST_SQUEEZED) * outermost / np.maximum(more, 1e-3), 1, 2)
    out = np.maximum(radius - begins, 0) / outermost
    farther = more * np.minimum(out, 1) ** power / np.maximum(radius, 1e-3)
    return np.dstack([along * farther, -up * farther]).astype(np.float32)


def about_skull(at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return how far right of the middle of the skull places lie and how far up, their distance and angle, radians.

    Places, (h, w, 2), are given to the right and down from the middle of the face, face heights. Below the temples
    hair hangs straight down: what lies there is on their level.
    """
    along, up = at[..., 0], np.maximum(-at[..., 1] - SKULL_FACES, 0)
    return along, up, np.hypot(along, up), np.arctan2(up, along)


def evened(rays: FloatArray) -> FloatArray:
    """Even out what neighboring rays tell, (n,)."""
    even: FloatArray = np.convolve(np.pad(rays, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    return even


def rim_radius_faces(rim: FloatArray, angles: int) -> FloatArray:
    """Return how far from the middle of the skull the rim of the face, (n, 2), lies along rays, (angles,)."""
    along, up = rim[:, 0], -rim[:, 1] - SKULL_FACES
    above = up > -_HAIRLINE_FACES
    along, up = along[above], np.maximum(up[above], 0)
    angle = np.arctan2(up, along)
    order = np.argsort(angle)
    radius: FloatArray = np.interp(np.linspace(0, np.pi, angles), angle[order], np.hypot(along, up)[order])
    return radius
