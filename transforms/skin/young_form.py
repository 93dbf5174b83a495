"""Hollows, folds and bags give way to the form of a young face, in the skin's own color.

Without any relief a face is a mask: what is taken out is replaced by the relief of the mean faces at a young age.

Source: prototypes, Burt & Perrett 1995 (see `prototypes`); shares by measure on training portraits and by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_masks import face_masks
from transforms.face.geometry import eye_corners_px
from transforms.face.landmark_ids import MOUSTACHE, NOSE
from transforms.face.layer_drawing import polygon
from transforms.face.layer_frame import layer_points_px, padded
from transforms.face.prototypes import prototypes
from transforms.face.skin_light import SHADED_LIGHTNESS
from transforms.picture.normalized_blur import normalized_blur

_BROAD_EYES, _SHINE_EYES = 0.1, 0.05
"""Blurs in distances of the eyes: of the shade that stays, and of the shine on it."""
_LIGHT_KEPT, _HOLLOWS_KEPT, _COLOR_KEPT = 0.5, 0.05, 0.5
"""What a young face keeps of the relief finer than `_BROAD_EYES`."""
_NOSE_KEPT = 0.5
"""Shade and light give the nose its form: without them it is gone."""
_FORM, _FORM_DECADES = 1.1, -4.0
"""Share of the mean relief, and the decades from the mean age of 50 at which it is taken."""
_LEAST_DEPTH, _MOST_DEPTH = 0.3, 1.2
"""How deep this face's relief is against the mean's: flat light and hard light."""
_FOLD, _SHINING = 9.0, 7.0
"""Steps of L from the broad shade at which skin is fold or shine, whose colors are not the skin's."""
_LEAST_WEIGHT = 0.02
_DEEPEST = 10.0
"""Steps of L: what is darker is a fold and no form, and goes the more the darker it is."""
_MOST_COLORFUL = 1.35
"""Color by lightness against the median of the face: once its shine is gone, rouge would glow, but shade in warm
light is as colorful, and gray without. By eye."""
_UPPER_LIP_LIFT = 0.8
"""How far the upper lip is brought to the broad color around: the nose's shade and a shaved beard's darken it."""


def young_form(base: FloatArray, weight: FloatArray, layers: FloatArray, eyes_px: float) -> FloatArray:
    """Replace the relief of a face.

    Parameters
    ----------
    base : ndarray, (h, w, 3) float32
        CIE Lab, without what is fine.
    weight : ndarray, (h, w) float32
        How surely a pixel is skin, 0..1.
    layers : ndarray, (h, w, 3) float32
        `form_layers` as they lie on this face.
    eyes_px : float
        Distance of the outer corners of the eyes.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    nose, lip, form = cv2.split(layers)
    broad = normalized_blur(base, weight, _BROAD_EYES * eyes_px)
    away = base[..., 0] - broad[..., 0]
    usual = np.exp(-(np.maximum(-away / _FOLD, away / _SHINING) ** 4))
    broad = normalized_blur(base, weight * np.maximum(usual, _LEAST_WEIGHT), _BROAD_EYES * eyes_px)
    relief = base - broad
    broad[..., 1:] *= _no_rouge(broad, weight)
    relief *= (_DEEPEST / np.maximum(-relief[..., :1], _DEEPEST)) ** 2
    around = normalized_blur(base, weight * (1 - lip), 0.3 * eyes_px) - broad
    around[..., 0] = np.maximum(around[..., 0], 0)
    broad += around * (_UPPER_LIP_LIFT * lip * (1 - nose))[..., None]
    depth = float((relief[..., 0] * form * weight).sum()) / max(float((form * form * weight).sum()), 1e-3)
    depth = min(max(depth, _LEAST_DEPTH), _MOST_DEPTH)
    hollows = _HOLLOWS_KEPT + (_NOSE_KEPT - _HOLLOWS_KEPT) * nose
    # Broad shine stays; the ridges between folds, as bright, are narrow.
    shine = np.maximum(normalized_blur(base, weight, _SHINE_EYES * eyes_px)[..., 0] - broad[..., 0], 0)
    kept = relief * np.float32(_COLOR_KEPT)
    kept[..., 0] = relief[..., 0] * hollows + _LIGHT_KEPT * shine * (1 - nose)
    kept[..., 0] += np.float32(_FORM * depth) * form * (1 - hollows)
    young: FloatArray = broad + kept
    return young


def _no_rouge(broad: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the share of its color, (h, w, 1), that skin keeps: no part has much more of it than the whole face."""
    face = weight > 0.5
    if not face.any():
        return np.ones((1, 1, 1), np.float32)
    shaded = np.maximum(broad[..., 0], 0) + np.float32(SHADED_LIGHTNESS)
    colorful = cv2.magnitude(broad[..., 1], broad[..., 2]) / shaded
    usual = np.median(colorful[face])
    return np.asarray(np.minimum(_MOST_COLORFUL * usual / np.maximum(colorful, 1e-3), 1)[..., None], np.float32)


@cache
def form_layers() -> FloatArray:
    """Return nose, upper lip (masks) and the relief of a young face (steps of L), (LAYER_PX, LAYER_PX, 3) float16."""
    return to_half(cv2.merge([polygon(NOSE, 1.15, 3), polygon(MOUSTACHE, 1.05, 4), _relief()]))


def _relief() -> FloatArray:
    table = prototypes()
    color = padded(table.color_mean + np.float32(_FORM_DECADES) * table.color_age)
    # Both halves alike: what is left of a difference is light.
    color = np.ascontiguousarray((color + color[:, ::-1]) / 2)
    skin = face_masks().skin
    broad = normalized_blur(color, skin, _BROAD_EYES * eye_corners_px(layer_points_px()))
    relief: FloatArray = (color - broad)[..., 0] * np.minimum(1.3 * skin, 1)
    return relief
