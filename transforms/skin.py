"""Younger skin: wrinkles, pores and blotches taken out by bands of frequency, fine grain and features kept.

Source: frequency separation with the bilateral filter (Tomasi & Manduchi, ICCV 1998); constants by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import MOUSTACHE, NOSE, blobs, polygon
from transforms.face_view import FaceView
from transforms.skin_texture import tiled
from transforms.working_size import working_size

_BASE_EYES_PX = 90.0
_GRAIN_KEPT, _DETAIL_KEPT = 0.85, 0.12
_GRAIN_LIMIT = 3.5
"""Steps of L; grain beyond what pores have is stubble or a wrinkle."""
_CHILD_GRAIN_KEPT, _CHILD_GRAIN_LIMIT, _FILM_GRAIN = 0.15, 0.8, 0.48
_PLAIN_SIGMA_EYES, _SHINE_SIGMA_EYES = 0.1, 0.05
_LIGHT_KEPT, _HOLLOWS_KEPT, _COLOR_KEPT = 0.5, 0.05, 0.5
"""What a child's face keeps of the relief finer than `_PLAIN_SIGMA_EYES`: without its shine a face is a mask."""
_NOSE_KEPT = 0.5
"""Shade and light give the nose its form: without them it is gone."""
_DEEPEST = 10.0
"""Steps of L: what is darker is a fold and no form, and goes the more the darker it is."""
_UPPER_LIP_LIFT = 0.8
"""How far the upper lip is brought to the broad color around: the nose's shade and a shaved beard's darken it."""
_FOLD_REACH_EYES, _CHILD_FOLD_REACH_EYES = 0.03, 0.12
_MOUTH_FOLDS = (203, 206, 216, 212, 205, 207, 423, 426, 436, 432, 425, 427, 202, 204, 422, 424, 43, 273, 200)
_EYE_FOLDS = (35, 31, 111, 117, 143, 265, 261, 340, 346, 372, 118, 119, 120, 347, 348, 349, 8, 9, 107, 336)
_TILE_PX = 256
_SEED = 11


def smooth_skin(
    lab: FloatArray, view: FaceView, strength: float, glasses: float = 0.0, shaven: float = 0.0
) -> FloatArray:
    """Take wrinkles out of the skin: 1 takes out nearly all, from 1 to 2 hollows, deep folds and pores go as well.

    Folds next to the eyes stay behind `glasses` (0..1), and about the mouth where a beard was not `shaven` (0..1).
    """
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale, size = working_size(width, height, view.eyes_px, _BASE_EYES_PX)
    base = cv2.resize(lab, size, interpolation=cv2.INTER_AREA) if scale < 1 else lab.copy()
    eyes_px = view.eyes_px * scale
    for _ in range(3):
        base = cv2.bilateralFilter(base, 9, 11, max(eyes_px * 0.04, 1.0))
    childlike = min(max(strength - 1, 0.0), 1.0)
    if childlike:
        weight = cv2.resize(view.skin * view.skin_like, size, interpolation=cv2.INTER_AREA)
        nose = cv2.resize(view.window.sample(_nose_layer()), size, interpolation=cv2.INTER_AREA)
        lip = cv2.resize(view.window.sample(_upper_lip_layer()), size, interpolation=cv2.INTER_AREA)
        base = base + (_plain(base, weight, nose, lip, eyes_px) - base) * np.float32(childlike)
    base = cv2.resize(base, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = lab - cv2.GaussianBlur(lab, (0, 0), max(0.7, 0.007 * view.eyes_px))
    detail = (lab - base - grain) * np.float32(_DETAIL_KEPT * (1 - childlike))
    limit = _GRAIN_LIMIT + (_CHILD_GRAIN_LIMIT - _GRAIN_LIMIT) * childlike
    kept = _GRAIN_KEPT + (_CHILD_GRAIN_KEPT - _GRAIN_KEPT) * childlike
    result = base + detail + np.clip(grain, -limit, limit) * np.float32(kept)
    if childlike:
        # The grain of the picture itself, without the skin's: skin without any looks painted.
        cheek = np.abs(grain[..., 0][view.cheeks > 0.4])
        usual = min(float(np.median(cheek)), 1.0) if cheek.size > 20 else 0.4
        result[..., 0] += film_grain(height, width) * np.float32(_FILM_GRAIN * childlike * usual)
    amount = (
        np.clip(view.skin * 1.1, 0, 1)
        * (1 - view.brows)
        * _folds_too(view, childlike, glasses, shaven)
        * min(strength, 1.0)
    )
    smoothed: FloatArray = lab + (result - lab) * amount[..., None]
    return smoothed


def even_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Lighten bags, folds and shade finer than the light's own, and bring blotches to the skin's color."""
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale, size = working_size(width, height, view.eyes_px, 48.0)
    small = cv2.resize(lab, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(view.skin * view.skin_like, size, interpolation=cv2.INTER_AREA)
    eyes_px = view.eyes_px * scale
    fine = _weighted_blur(small, weight, 0.045 * eyes_px)
    broad = _weighted_blur(small, weight, 0.2 * eyes_px)
    change = (broad - fine) * np.array([0.6, 0.7, 0.7], np.float32)
    # Hollows fill up more than highlights sink.
    change[..., 0] = np.where(
        change[..., 0] > 0, np.minimum(change[..., 0], 10), 0.4 * np.maximum(change[..., 0], -8)
    )
    amount = (view.skin * view.skin_like * strength)[..., None]
    result: FloatArray = lab + cv2.resize(change, (width, height), interpolation=cv2.INTER_LINEAR) * amount
    return result


def _folds_too(view: FaceView, childlike: float, glasses: float, shaven: float) -> FloatArray:
    """Return `skin_like` and folds, too dark to look like skin: nose to mouth, for a child also about the eyes."""
    zone = view.beard > 0.5
    hairy = 1 - float(view.skin_like[zone].mean()) if zone.any() else 0.0
    bearded = min(max((hairy - 0.2) / 0.2, 0.0), 1.0) * (1 - min(shaven, 1.0))
    narrow, wide = (_closed(view, reach) for reach in (_FOLD_REACH_EYES, _CHILD_FOLD_REACH_EYES))
    mouth, eyes = cv2.split(view.window.sample(_fold_layers()))
    closed = narrow + (wide - narrow) * np.float32(childlike * (1 - bearded))
    like = view.skin_like + (closed - view.skin_like) * mouth
    like += (wide - like) * np.maximum(eyes - mouth, 0) * np.float32(childlike * (1 - glasses))
    return np.asarray(like, np.float32)


def _closed(view: FaceView, reach_eyes: float) -> FloatArray:
    reach = 2 * max(round(reach_eyes * view.eyes_px), 1) + 1
    # What is no skin anyway, as lips and nostrils, opens no way out of a fold.
    like = np.maximum(view.skin_like, 1 - np.minimum(2 * view.skin, 1))
    closed: FloatArray = cv2.morphologyEx(like, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return closed


def _weighted_blur(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray:
    total = cv2.GaussianBlur(weight, (0, 0), max(sigma_px, 0.6))
    blurred: FloatArray = cv2.GaussianBlur(lab * weight[..., None], (0, 0), max(sigma_px, 0.6))
    return np.where((total > 0.02)[..., None], blurred / np.maximum(total, 0.02)[..., None], lab).astype(np.float32)


def _plain(base: FloatArray, weight: FloatArray, nose: FloatArray, lip: FloatArray, eyes_px: float) -> FloatArray:
    """Fill folds and bags: the broad shade of the skin, with the light on it but without the hollows."""
    broad = _weighted_blur(base, weight, _PLAIN_SIGMA_EYES * eyes_px)
    relief = base - broad
    relief *= (_DEEPEST / np.maximum(-relief[..., :1], _DEEPEST)) ** 2
    around = _weighted_blur(base, weight * (1 - lip), 0.3 * eyes_px) - broad
    around[..., 0] = np.maximum(around[..., 0], 0)
    broad += around * (_UPPER_LIP_LIFT * lip * (1 - nose))[..., None]
    kept = relief * np.float32(_COLOR_KEPT)
    hollows = _HOLLOWS_KEPT + (_NOSE_KEPT - _HOLLOWS_KEPT) * nose
    # Broad shine stays; the ridges between folds, as bright, are narrow.
    shine = np.maximum(_weighted_blur(base, weight, _SHINE_SIGMA_EYES * eyes_px)[..., 0] - broad[..., 0], 0)
    kept[..., 0] = relief[..., 0] * hollows + _LIGHT_KEPT * shine * (1 - nose)
    plain: FloatArray = broad + kept
    return plain


def film_grain(height: int, width: int) -> FloatArray:
    """Return fixed noise of deviation 1, about a pixel fine, (height, width) float32."""
    return tiled(_noise_tile(), height, width)


@cache
def _noise_tile() -> FloatArray:
    noise: FloatArray = np.random.default_rng(_SEED).standard_normal((_TILE_PX, _TILE_PX)).astype(np.float32)
    # Rolled over itself, so that the tiles join without a seam.
    soft = noise + 0.5 * (np.roll(noise, 1, axis=0) + np.roll(noise, 1, axis=1))
    grain: FloatArray = soft / soft.std()
    return grain


@cache
def _nose_layer() -> FloatArray:
    """Where shade gives the nose its form."""
    return polygon(NOSE, 1.15, 3)


@cache
def _upper_lip_layer() -> FloatArray:
    return polygon(MOUSTACHE, 1.05, 4)


@cache
def _fold_layers() -> FloatArray:
    """Where a laugh folds the cheeks and the chin; crow's feet, bags and the frown, (LAYER_PX, LAYER_PX, 2)."""
    mouth, eyes = (np.minimum(1.6 * blobs(ids, 8), 1) for ids in (_MOUTH_FOLDS, _EYE_FOLDS))
    return np.ascontiguousarray(cv2.merge([mouth, eyes]).astype(np.float32))
