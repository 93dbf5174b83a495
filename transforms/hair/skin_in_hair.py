"""Skin among what passes for hair: a hand in it, or the ear or the temple of a dark head in shade."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.face.skin_light import SHADED_LIGHTNESS
from transforms.head.head_crop import FACE_PX
from transforms.head.head_light import SKIN_SPREAD
from transforms.head.person import face_height_px
from transforms.picture.color_models import color_share
from transforms.picture.ramp import ramp

_SURE_MATTE, _TOLD, _LEAST_ALONG, _LOCK_PX = 0.9, 1.8, 0.5, 5
"""Distance of mean hair and skin, in deviations, from which on what is nearer to skin is no hair. By eye."""
_LEAST_APART, _MOST_COLORED = 0.14, 0.8
"""Steps of a* and b* by lightness between hair and skin from which on they tell, and the most of it that hair has by
the skin's: red hair has more. By eye."""

_EYE_CORNERS, _FOREHEAD = (33, 263), 10
_MORE_COLORFUL, _DARKER, _BLACK = (7.0, 12.0), (15.0, 25.0), 12.0
"""Steps of chroma that skin has more than hair, and of L that hair is darker, from which on they tell ears; L of what
has no color. By eye."""


def skin_in_hair(
    part: FloatArray, alpha: FloatArray, skin: FloatArray, face: Face, corner_px: tuple[int, int]
) -> FloatArray | None:
    """Find skin among what passes for hair.

    Parameters
    ----------
    part : ndarray, (h, w, 3) float32
        Lab of a part of a picture.
    alpha : ndarray, (h, w) float32
        Matte of the hair, 0..1.
    skin : ndarray, (3,) float32
        Lab color of the face.
    face : Face
        In pixels of the picture.
    corner_px : tuple of int
        x, y of the part's corner in the picture.

    Returns
    -------
    ndarray, (h, w) float32, or None
        0..1; None for none at all.
    """
    step = max(round(face_height_px(face) / FACE_PX), 1)
    small, found = cv2.blur(np.ascontiguousarray(part[::step, ::step]), (3, 3)), alpha[::step, ::step]
    sure = found > _SURE_MATTE
    if not sure.any():
        return None
    lit, shaded = _in_light(small, sure, skin), _in_shade(small, sure, skin)
    if shaded is not None:
        shaded *= _beside_eyes(face, shaded.shape, corner_px, step)
    ear = _as_colorful(small, sure, skin)
    if ear is not None:
        ear *= _on_ears(face, ear.shape, corner_px, step)
    near = [one for one in (lit, shaded, ear) if one is not None]
    if not near:
        return None
    # What is no broader than a lock is one, in the light.
    lock = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LOCK_PX, _LOCK_PX))
    broad = cv2.morphologyEx(np.maximum.reduce(near).astype(np.float32), cv2.MORPH_OPEN, lock)
    return cv2.resize(broad, alpha.shape[::-1]) if broad.any() else None


def _in_light(lab: FloatArray, sure: FloatArray, skin: FloatArray) -> FloatArray | None:
    """Tell by color: only hair that is far from the skin's tells."""
    hair = np.array(cv2.mean(lab, sure.astype(np.uint8))[:3])
    way = (hair - skin) / SKIN_SPREAD
    apart = float(way @ way)
    told = ramp(math.sqrt(apart), _TOLD, _TOLD + 1)
    if not told:
        return None
    # 0 the skin .. 1 the hair, along the line from one to the other.
    line = way / SKIN_SPREAD / apart
    along = cv2.transform(lab, np.append(line, -line @ skin)[None])
    like = np.clip(color_share(lab, skin, SKIN_SPREAD) / 0.3 - 1, 0, 1)
    return np.asarray(told * np.clip((_LEAST_ALONG - along) / 0.2, 0, 1) * like)


def _in_shade(lab: FloatArray, sure: FloatArray, skin: FloatArray) -> FloatArray | None:
    """Tell by color for its lightness: black hair has little of it, skin has as much in shade as in the light."""
    colors = lab[..., 1:] / (lab[..., :1] + SHADED_LIGHTNESS)
    own, hair = skin[1:] / (skin[0] + SHADED_LIGHTNESS), np.median(colors[sure], axis=0)
    way = own - hair
    apart, colored = float(np.hypot(*way)), float(np.hypot(*own))
    told = min((apart - _LEAST_APART) / 0.08, (colored - _LEAST_APART) / 0.08)
    told = min(told, (_MOST_COLORED - float(np.hypot(*hair)) / max(colored, 1e-3)) / 0.15, 1.0)
    if told <= 0:
        return None
    along = ((colors - hair) @ way) / apart**2
    return np.asarray(told * np.clip((along - 0.4) / 0.3, 0, 1))


def _as_colorful(lab: FloatArray, sure: FloatArray, skin: FloatArray) -> FloatArray | None:
    """Tell by color alone: where hair has clearly less of it than skin, an ear between its strands has more."""
    chroma = cv2.magnitude(lab[..., 1], lab[..., 2])
    hair, own = float(np.median(chroma[sure])), float(np.hypot(skin[1], skin[2]))
    # Locks of blond hair have more color than others as well.
    told = ramp(own - hair, *_MORE_COLORFUL) * ramp(float(skin[0] - np.median(lab[..., 0][sure])), *_DARKER)
    if not told:
        return None
    along = (chroma - hair) / (own - hair)
    return np.asarray(told * np.clip((along - 0.3) / 0.2, 0, 1) * (lab[..., 0] > _BLACK))


def _on_ears(face: Face, shape: tuple[int, ...], corner_px: tuple[int, int], step: int) -> FloatArray:
    """1 beyond the corners of the eyes, from a little above them down to below the nose, softly."""
    aside, below = _by_eyes(face, shape, corner_px, step, _EYE_CORNERS)
    tall = np.clip((below + 0.3) / 0.1, 0, 1) * np.clip((0.75 - below) / 0.1, 0, 1)
    return np.asarray(tall * np.clip((aside - 0.55) / 0.1, 0, 1) * np.clip((1.5 - aside) / 0.1, 0, 1), np.float32)


def _beside_eyes(face: Face, shape: tuple[int, ...], corner_px: tuple[int, int], step: int) -> FloatArray:
    """1 beyond the corners of the eyes and below the forehead's top, where temples and ears are, softly."""
    aside, below = _by_eyes(face, shape, corner_px, step, (_FOREHEAD,))
    return np.asarray(np.clip((aside - 0.42) / 0.1, 0, 1) * np.clip((below + 0.1) / 0.15, 0, 1), np.float32)


def _by_eyes(
    face: Face, shape: tuple[int, ...], corner_px: tuple[int, int], step: int, level: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """Return how far aside of the eyes' middle pixels lie, and below some vertices, in distances of the eyes."""
    right, left = ((face.landmarks_px[vertex, :2] - corner_px) / step for vertex in _EYE_CORNERS)
    across = (left - right) / max(float(left @ left + right @ right - 2 * left @ right), 1.0)
    down = np.array([-across[1], across[0]])
    middle = (left + right) / 2
    top = (face.landmarks_px[list(level), :2].mean(axis=0) - corner_px) / step
    columns = np.arange(shape[1], dtype=np.float32)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    aside = np.abs((columns - middle[0]) * across[0] + (rows - middle[1]) * across[1])
    return aside, (columns - top[0]) * down[0] + (rows - top[1]) * down[1]
