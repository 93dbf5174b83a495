"""Younger skin: wrinkles, pores and blotches taken out by bands of frequency, fine grain and features kept.

Source: frequency separation with the bilateral filter (Tomasi & Manduchi, ICCV 1998); constants by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.landmark_ids import NOSE
from transforms.face.layer_drawing import blobs, polygon
from transforms.face.rims import Rims
from transforms.face.skin_texture import skin_texture
from transforms.face.wire import wire_of_glasses
from transforms.picture.blending import laid_over
from transforms.picture.bounds import bounds
from transforms.picture.normalized_blur import normalized_blur
from transforms.picture.ramp import ramp
from transforms.picture.working_size import reduced, working_size
from transforms.skin.young_form import form_layers, young_form

_BASE_EYES_PX = 72.0
_LEAST_SKIN = 0.004
"""Where there is less, nothing is seen of a change."""
_GRAIN_KEPT, _DETAIL_KEPT = 0.85, 0.12
_GRAIN_LIMIT = 3.5
"""Steps of L; grain beyond what pores have is stubble or a wrinkle."""
_CHILD_GRAIN_KEPT, _CHILD_GRAIN_LIMIT = 0.45, 1.5
_FOLD_REACH_EYES, _CHILD_FOLD_REACH_EYES = 0.03, 0.12
_MOUTH_FOLDS = (203, 206, 216, 212, 205, 207, 423, 426, 436, 432, 425, 427, 202, 204, 422, 424, 43, 273, 200)
_NOSE_WINGS, _WINGS_SHARE = (129, 358, 102, 331, 49, 279), 0.5
# fmt: off
_EYE_FOLDS = (
    35, 31, 111, 117, 143, 265, 261, 340, 346, 372, 118, 119, 120, 347, 348, 349, 8, 9, 107, 336,
    193, 245, 189, 122, 417, 465, 413, 351, 168,
)
_LIDS, _LIDS_SHARE = (221, 222, 223, 224, 225, 441, 442, 443, 444, 445), 0.6
"""Crow's feet, bags, frown and the root of the nose's shade; lids that hang, whose shade is softened only: it is a
part of who somebody is."""
# fmt: on
_BRIGHT = 12.0
"""Steps of L by which a point on the nose is brighter than the skin around. By eye."""
_PORES_KEPT, _PORES_EYES = 0.45, 0.01
"""Share of the cheeks' own texture, and its breadth, on a child's skin: none looks airbrushed, more makes older."""


def smooth_skin(
    lab: FloatArray, view: FaceView, strength: float, rims: Rims | None = None, shaven: float = 0.0
) -> FloatArray:
    """Take wrinkles out of the skin: 1 takes out nearly all, from 1 to 2 hollows, deep folds and pores go as well.

    `rims` of glasses and their wire stay, and folds next to them but for those seen through the lenses; folds about
    the mouth stay where a beard was not `shaven` (0..1).
    """
    part = bounds(view.skin > _LEAST_SKIN)
    if strength <= 0 or part is None:
        return lab
    smoothed = lab.copy()
    smoothed[part] = _smoothed(lab[part], view.within(part), strength, rims and rims.within(part), shaven)
    return smoothed


def _smoothed(lab: FloatArray, view: FaceView, strength: float, rims: Rims | None, shaven: float) -> FloatArray:
    height, width = lab.shape[:2]
    scale, size = working_size(width, height, view.eyes_px, _BASE_EYES_PX)
    base = reduced(lab, size)
    eyes_px = view.eyes_px * scale
    for _ in range(3):
        base = cv2.bilateralFilter(base, 7, 11, max(eyes_px * 0.04, 1.0))
    childlike = ramp(strength, 1, 2)
    if childlike:
        weight = reduced(view.skin * view.skin_like, size)
        layers = reduced(view.window.sample(form_layers()), size)
        base = base + (young_form(base, weight, layers, eyes_px) - base) * np.float32(childlike)
    base = cv2.resize(base, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = lab - cv2.GaussianBlur(lab, (0, 0), max(0.7, 0.007 * view.eyes_px))
    detail = (lab - base - grain) * np.float32(_DETAIL_KEPT * (1 - childlike))
    limit = _GRAIN_LIMIT + (_CHILD_GRAIN_LIMIT - _GRAIN_LIMIT) * childlike
    kept = _GRAIN_KEPT + (_CHILD_GRAIN_KEPT - _GRAIN_KEPT) * childlike
    result = base + detail + np.clip(grain, -limit, limit) * np.float32(kept)
    if childlike:
        # The person's own pores, as on a plain cheek: skin without any looks painted.
        texture = skin_texture(lab, view.bare_cheeks, view.eyes_px, (width, height), _PORES_EYES)
        texture *= np.float32(_PORES_KEPT * childlike)
        result += texture
    amount = (
        np.clip(view.skin * 1.1, 0, 1)
        * (1 - view.brows)
        * _folds_too(lab, view, childlike, rims, shaven)
        * min(strength, 1.0)
    )
    if rims is not None:
        amount *= 1 - wire_of_glasses(lab, view, rims)
    return laid_over(lab, result, amount.astype(np.float32))


def even_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Lighten bags, folds and shade finer than the light's own, and bring blotches to the skin's color."""
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale, size = working_size(width, height, view.eyes_px, 48.0)
    small = reduced(lab, size)
    weight = reduced(view.skin * view.skin_like, size)
    eyes_px = view.eyes_px * scale
    fine = normalized_blur(small, weight, 0.045 * eyes_px)
    broad = normalized_blur(small, weight, 0.2 * eyes_px)
    change = (broad - fine) * np.array([0.6, 0.7, 0.7], np.float32)
    # Hollows fill up more than highlights sink.
    change[..., 0] = np.where(
        change[..., 0] > 0, np.minimum(change[..., 0], 10), 0.4 * np.maximum(change[..., 0], -8)
    )
    amount = (view.skin * view.skin_like * strength)[..., None]
    result: FloatArray = lab + cv2.resize(change, (width, height), interpolation=cv2.INTER_LINEAR) * amount
    return result


def _folds_too(lab: FloatArray, view: FaceView, childlike: float, rims: Rims | None, shaven: float) -> FloatArray:
    """Return `skin_like` and folds, too dark to look like skin: nose to mouth, for a child also about the eyes."""
    zone = view.beard > 0.5
    hairy = 1 - float(view.skin_like[zone].mean()) if zone.any() else 0.0
    bearded = ramp(hairy, 0.2, 0.4) * (1 - min(shaven, 1.0))
    narrow, wide = (_closed(view, reach) for reach in (_FOLD_REACH_EYES, _CHILD_FOLD_REACH_EYES))
    mouth, eyes, nose = cv2.split(view.window.sample(_fold_layers()))
    closed = narrow + (wide - narrow) * np.float32(childlike * (1 - bearded))
    like = view.skin_like + (closed - view.skin_like) * mouth
    eyes = np.maximum(eyes - mouth, 0) * np.float32(childlike)
    glasses = np.float32(rims.likelihood if rims is not None else 0)
    like += (wide - like) * eyes * (1 - glasses)
    if rims is not None and childlike:
        through = rims.through(like.shape)
        part = bounds(through > 0)
        if part is not None:
            # As if nothing stood beyond the lens: its rim is no way out of a fold, and none itself.
            seen = _closed(view.within(part), _CHILD_FOLD_REACH_EYES, through[part])
            like[part] += np.maximum(seen - like[part], 0) * eyes[part] * through[part] * glasses
    # Bright points on the tip of the nose stand out once the skin around is smooth.
    bright = np.clip((lab[..., 0] - view.local_skin[..., 0]) / _BRIGHT, 0, 1)
    like += (np.maximum(wide, like) - like) * bright * nose * np.float32(childlike)
    return np.asarray(like, np.float32)


def _closed(view: FaceView, reach_eyes: float, within: FloatArray | None = None) -> FloatArray:
    reach = 2 * max(round(reach_eyes * view.eyes_px), 1) + 1
    # What is no skin anyway, as lips and nostrils, opens no way out of a fold.
    like = np.maximum(view.skin_like, 1 - np.minimum(2 * view.skin, 1))
    if within is not None:
        like = np.maximum(like, 1 - within)
    closed: FloatArray = cv2.morphologyEx(like, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return closed


@cache
def _fold_layers() -> FloatArray:
    """Where a laugh folds; crow's feet, bags and the frown; the nose, (LAYER_PX, LAYER_PX, 3) float16."""
    mouth, eyes = (np.minimum(1.6 * blobs(ids, 8), 1) for ids in (_MOUTH_FOLDS, _EYE_FOLDS))
    eyes = np.maximum(eyes, _LIDS_SHARE * np.minimum(1.6 * blobs(_LIDS, 8), 1))
    # The grooves about the wings are softened only: without them there is no nose.
    mouth = np.maximum(mouth, _WINGS_SHARE * blobs(_NOSE_WINGS, 8))
    return to_half(cv2.merge([mouth, eyes, polygon(NOSE, 1.0, 3)]))
