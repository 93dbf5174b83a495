"""Color differences of the age and gender prototypes, added at low frequency.

Source: Burt & Perrett 1995; Rowland & Perrett 1995 (see `prototypes`). Gains and limits by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import halved
from transforms.canonical_layers import (
    BEARD,
    LAYER_PX,
    LEFT_BROW,
    LEFT_EYE,
    LIPS,
    NOSE,
    RIGHT_BROW,
    RIGHT_EYE,
    blobs,
    face_masks,
    layer_points_px,
    padded,
    polygon,
)
from transforms.face_view import FaceView, colorfulness, faded, headroom, own_hue
from transforms.lab import planar
from transforms.prototypes import gender_prototypes, prototypes

_CHEEKS_PER_DECADE = (-0.2, 0.6, 0.1)
"""How the cheeks, to which the prototypes are relative, change themselves: two thirds of the same regression."""
_HOLLOW, _YELLOW_OF_RED = 0.55, 0.55
_LIPS_YELLOW = 0.25
_LIGHT_OF_MEANS, _MOST_RED, _MOST_YELLOW, _PALENESS, _SHADE_COLOR = 1.2, 1.4, 1.1, (0.5, 0.2), np.float32(0.15)
"""Steps of L, a* and b* in thirty years, and of a* and b* for each step of L that old skin is darker. By eye."""
_MOST_COLORFUL, _LEAST_COLORFUL = 1.35, 0.25
"""Color by lightness against that of the cheeks, that age may give to skin at most, and the least that cheeks count
for: where the light bleached them, old skin in shade would be violet. By eye."""
_SHADED_LIGHTNESS = 16.0
"""What is in shade has color in proportion to L* + 16, as CIE 1976 has it (ISO/CIE 11664-4)."""
_SKIN_GAIN_FEMALE, _SKIN_GAIN_MALE = 0.55, 1.1
_GENDER_GAINS = (
    (BEARD, 1.0, 6.0, 1.4, 1.6),
    (NOSE, 1.0, 5.0, 0.65, 0.8),
    (RIGHT_BROW, 1.5, 4.0, 0.5, 0.2),
    (LEFT_BROW, 1.5, 4.0, 0.5, 0.2),
    (RIGHT_EYE, 1.5, 4.0, 1.35, 2.0),
    (LEFT_EYE, 1.5, 4.0, 1.35, 2.0),
    (RIGHT_EYE, 1.0, 1.0, 0.5, 0.05),
    (LEFT_EYE, 1.0, 1.0, 0.5, 0.05),
    (LIPS, 1.15, 3.0, 1.4, 1.0),
)
"""Polygon, growth, soft edge in layer pixels, gain towards a woman and towards a man: what turns the judged gender
most at the least loss of identity, by regression over random gains (see docs/edits.md), gets more than the mean
difference. The eyeball itself gets little, and the brows have an edit of their own."""
_FOREHEAD_SHARE_FEMALE, _FOREHEAD_SHARE_MALE = 0.7, 0.35
_FOLD_LIGHT_LOST, _FOLD_COLOR_LOST, _EYES_COLOR_LOST = 0.7, 0.65, 0.65
_FOLD_RADIUS_PX, _SOFTENED = 8.0, 1.0
_AGE_LIMITS = (8.0, 4.0, 4.0)
_FEMALE_LIMITS, _MALE_LIMITS = (14.0, 11.0, 7.0), (14.0, 11.0, 4.0)
_SHADOW_TAKEN = 0.9
_FOLD_POINTS = (203, 206, 216, 423, 426, 436)
_YOUTH_MOUTH, _YOUTH_CHEEKS = 1.6, 1.35
"""Light about mouth and cheeks makes younger at no loss of identity, about eyes and on the forehead it does not: by
regression over random edits (see docs/edits.md)."""
_YOUTH_COLOR = 0.3
"""Share of the mean change of a* and b*: in full, a young mouth and jaw turn gray and the forehead pink, and no judge
sees it."""
_BLOOM = ((2.0, 0.4), (0.5, 2.4), (0.0, 6.0))
"""Steps of L and a* on the skin, more of them on the cheeks, and on the lips. By eye."""
_ROUND_PARTS = (
    ((50, 280), 15.0, 4.5),
    (_FOLD_POINTS, 7.0, 2.5),
    ((4,), 6.0, 6.5),
    ((195,), 5.0, 3.5),
    ((199,), 9.0, 4.0),
    ((151, 108, 337), 20.0, 2.0),
    ((18,), 5.0, -3.5),
    ((132, 361), 14.0, -3.5),
)
"""Mesh points, radius in layer pixels, steps of L: light on a child's round cheeks, nose, chin and forehead, shade
beside and between them. By eye."""


def add_age_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add the color of aging; 1 is thirty years, negative is younger."""
    if not strength:
        return lab
    layer, hue = (_age_layer(), own_hue(view.reference)) if strength > 0 else (_youth_layer(), np.ones(2))
    amount = _on_skin(view) * view.light * headroom(lab[..., 0])
    aged = _add(lab, view, layer, np.append(1, hue) * strength, _AGE_LIMITS, amount)
    if strength > 0:
        # Lips lose their red with age: without the skin's yellow in its place they would be purple.
        yellow = np.maximum(view.reference[2] - aged[..., 2], 0) * view.lips
        aged[..., 2] += min(_LIPS_YELLOW * strength, 0.5) * yellow
    return aged


def no_more_colorful(lab: FloatArray, before: FloatArray, view: FaceView) -> FloatArray:
    """Keep aged skin from more color by lightness than it had, or cheeks have: rouge in shade would be orange."""
    cheeks = float(np.hypot(view.reference[1], view.reference[2]) / (view.reference[0] + _SHADED_LIGHTNESS))
    had, has = (cv2.magnitude(one[..., 1], one[..., 2]) / (one[..., 0] + _SHADED_LIGHTNESS) for one in (before, lab))
    most = np.maximum(had, np.float32(_MOST_COLORFUL * max(cheeks, _LEAST_COLORFUL)))
    too_much = np.maximum(1 - most / np.maximum(has, np.float32(1e-3)), 0) * view.skin
    result = lab.copy(order="K")
    for k in (1, 2):
        result[..., k] -= lab[..., k] * too_much
    return result


def add_gender_tone(lab: FloatArray, view: FaceView, strength: float, shaven: float = 0.0) -> FloatArray:
    """Add the color difference of the genders, features included; positive is female.

    Where a beard was just taken out, `shaven` (0..1) keeps some of the men's beard shadow from coming back.
    """
    if not strength:
        return lab
    if strength > 0:
        # In haze a little turns a face, hard light and dark brows ask for more (r = 0.5 of contrast and judgment).
        strength *= view.contrast
    features = np.maximum(view.eyes * view.window.eyes_open, view.brows) * np.minimum(view.face * 2, 1)
    amount = np.maximum(_on_skin(view), features)
    if strength < 0:
        amount = amount * (1 - _SHADOW_TAKEN * min(shaven, 1.0) * np.minimum(1.6 * view.beard, 1))
    # A fair skin needs no more than a usual one, a dark skin more than its share of light.
    to_female, to_male = _gender_layers()
    layer, limits = (to_female, _FEMALE_LIMITS) if strength > 0 else (to_male, _MALE_LIMITS)
    toned = _add(lab, view, layer, np.full(3, strength), limits, amount * cv2.pow(np.minimum(view.light, 1), 0.6))
    return _shaded_as_skin(lab, toned, view) if strength < 0 else toned


def _shaded_as_skin(lab: FloatArray, toned: FloatArray, view: FaceView) -> FloatArray:
    """Let burnt-out skin show less of a beard's shade, and in it the color that light took: else it is gray."""
    shade = np.minimum(toned[..., 0] - lab[..., 0], 0) * view.skin
    seen = headroom(np.maximum(lab[..., 0], view.local_skin[..., 0]))
    toned[..., 0] -= shade * (1 - seen)
    back = faded(lab[..., 0]) * shade * seen * np.float32(colorfulness(view.reference))
    toned[..., 1:] -= back[..., None] * view.fading
    return toned


def _on_skin(view: FaceView) -> FloatArray:
    """Return where skin and lips are seen."""
    shown: FloatArray = np.maximum(view.skin, 0.8 * view.lips) * np.maximum(view.skin_like, view.lips)
    return shown


def _add(
    lab: FloatArray,
    view: FaceView,
    layer: FloatArray,
    factors: FloatArray,
    limits: tuple[float, float, float],
    amount: FloatArray,
) -> FloatArray:
    limit = np.array(limits, np.float32)
    change = planar(view.window.sample(layer))
    change *= factors.astype(np.float32)
    np.clip(change, -limit, limit, out=change)
    # What is bright already would burn out.
    burnt = 1 - np.clip((90 - lab[..., 0]) / 25, 0, 1)
    change[..., 0] -= np.maximum(change[..., 0], 0) * burnt
    change *= amount[..., None]
    change += lab
    return change


def add_bloom(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Give the skin a child's bloom: lighter, rosy cheeks, red lips."""
    if strength <= 0:
        return lab
    amount = view.light * np.float32(strength)
    skin = view.skin * view.skin_like * amount
    lighter = skin * view.window.sample(_roundness_layer())
    result = lab.copy(order="K")
    for mask, (light, red) in zip((skin, skin * view.cheeks, view.lips * amount), _BLOOM, strict=True):
        lighter += np.float32(light) * mask
        result[..., 1] += np.float32(red) * mask
    lighter *= np.clip((95 - lab[..., 0]) / 25, 0, 1)
    result[..., 0] += lighter
    return result


@cache
def _roundness_layer() -> FloatArray:
    """Light and shade of a child's form, steps of L."""
    layer = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for ids, radius_px, steps in _ROUND_PARTS:
        layer += np.float32(steps) * blobs(ids, radius_px)
    return halved(layer)


@cache
def _age_layer() -> FloatArray:
    change = _mean_change()
    # What stands beside the face on one side is no age, and the means' own light none either.
    change = (change + change[:, ::-1]) / 2
    change[..., 0] -= _LIGHT_OF_MEANS
    # Old skin is redder and yellower in its shades: where the means lose color, others' beards and hair are in them.
    # A cheek is hollow in some of the old: in everybody it would be a smudge.
    change[..., 0] = np.where(change[..., 0] < 0, _HOLLOW * change[..., 0], change[..., 0])
    shade = -np.minimum(change[..., :1], 0)
    change[..., 1:] = np.maximum(change[..., 1:], _SHADE_COLOR * shade - np.array(_PALENESS, np.float32))
    change[..., 1] = np.minimum(change[..., 1], _MOST_RED)
    # Red without yellow is a bruise.
    change[..., 2] = np.clip(change[..., 2], _YELLOW_OF_RED * change[..., 1], _MOST_YELLOW)
    return halved(change)


def _mean_change() -> FloatArray:
    change = padded(prototypes().color_age) + np.array(_CHEEKS_PER_DECADE, np.float32)
    mask = face_masks()
    # Brows of the old are lighter in the mean face; `hair` grays them instead.
    return change * (3.0 * (1 - 0.7 * mask.brows) * (1 - 0.8 * mask.eyes))[..., None].astype(np.float32)


@cache
def _youth_layer() -> FloatArray:
    """Return the color of a negative strength: the younger men's beards in the mean faces darken no young skin."""
    layer = _mean_change()
    layer[..., 0] = np.minimum(layer[..., 0], 0)
    eyes = np.clip(polygon(RIGHT_EYE, 2.0, 8) + polygon(LEFT_EYE, 2.0, 8), 0, 1)
    mouth = np.maximum(polygon(BEARD, 1.05, 8), blobs(_FOLD_POINTS, 8)) * (1 - eyes)
    brow_y = float(layer_points_px()[[66, 296], 1].mean())
    forehead = np.clip((brow_y - np.arange(LAYER_PX, dtype=np.float32)) / 15, 0, 1)[:, None] * (1 - eyes)
    gain = np.float32(_YOUTH_CHEEKS) + (_YOUTH_MOUTH - _YOUTH_CHEEKS) * mouth
    gain += (1 - _YOUTH_CHEEKS) * np.maximum(eyes, forehead)
    layer[..., 0] *= gain
    layer[..., 1:] *= _YOUTH_COLOR
    return halved(layer)


@cache
def _gender_layers() -> tuple[FloatArray, FloatArray]:
    """Female minus male, weighted for the way to a woman and for the way to a man."""
    return halved(_gender_layer(True)), halved(_gender_layer(False))


def _gender_layer(to_female: bool) -> FloatArray:
    change = padded(gender_prototypes().color_female)
    # The men's red noses, turned round, would be green.
    change[..., 1] = np.maximum(change[..., 1], -1.5)
    # Above the brows the mean faces differ by hair, and at the sides too; only the middle is skin in both.
    points = layer_points_px()
    ys, xs = np.mgrid[0:LAYER_PX, 0:LAYER_PX].astype(np.float32)
    brow_y, middle_x = float(points[[66, 296], 1].mean()), float(points[9, 0])
    share = _FOREHEAD_SHARE_FEMALE if to_female else _FOREHEAD_SHARE_MALE
    below = share + (1 - share) * np.clip((ys - brow_y + 30) / 45, 0, 1)
    aside = np.clip((104 - np.abs(xs - middle_x)) / 30, 0, 1)
    gain = np.full((LAYER_PX, LAYER_PX), _SKIN_GAIN_FEMALE if to_female else _SKIN_GAIN_MALE, np.float32)
    for ids, grow, blur_px, female, male in _GENDER_GAINS:
        wanted = female if to_female else male
        gain += (wanted - gain) * polygon(ids, grow, blur_px)
    weight = cv2.GaussianBlur((below * aside).astype(np.float32), (0, 0), 3) * gain
    layer: FloatArray = change * weight[..., None]
    if not to_female:
        # The men smile otherwise than the women: the light beside their folds is a gray stain on a still face.
        folds = np.maximum(polygon(BEARD, 1.0, 6), polygon(NOSE, 1.15, 5)) * (1 - polygon(LIPS, 1.1, 2))
        beside = blobs(_FOLD_POINTS, _FOLD_RADIUS_PX) * (1 - polygon(LIPS, 1.1, 2))
        shade = layer[..., 0]
        shade = np.where(shade < 0, shade * (1 - np.maximum(_FOLD_LIGHT_LOST * folds, beside)), shade)
        # A shade that ends in a step is a painted beard.
        soft = _SOFTENED / _MALE_LIMITS[0]
        layer[..., 0] = np.where(shade > 0, np.tanh(shade * soft) / soft, shade)
        layer[..., 1:] *= (1 - np.maximum(_FOLD_COLOR_LOST * folds, beside))[..., None]
        # Men's eyes lie deeper, in warmer light: on a young lid that is a sunset.
        eyes = np.clip(polygon(RIGHT_EYE, 1.6, 5) + polygon(LEFT_EYE, 1.6, 5), 0, 1)
        layer[..., 1:] *= (1 - _EYES_COLOR_LOST * eyes)[..., None]
    return layer
