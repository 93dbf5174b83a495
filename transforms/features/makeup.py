"""Lips, lashes, lid shadow, blush and hollows of the cheeks; and lips that lose their red.

Colors by eye; which parts there are and how much of each by regression over random parts (docs/edit-strengths.md).
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from quality.half_precision import halved, single
from transforms.face.face_masks import face_masks
from transforms.face.face_view import FaceView
from transforms.face.layer_drawing import blobs
from transforms.face.layer_frame import LAYER_PX, layer_points_px
from transforms.face.lips import lift_lips
from transforms.face.skin_light import SHADED_LIGHTNESS
from transforms.picture.bounds import bounds

_RIGHT_LASHES = (33, 246, 161, 160, 159, 158, 157, 173, 133)
_LEFT_LASHES = (263, 466, 388, 387, 386, 385, 384, 398, 362)
_LOWER_LASHES = ((33, 7, 163, 144, 145, 153), (263, 249, 390, 373, 374, 380))
_WINGS = ((33, 226), (263, 446))
_HOLLOWS = ((93, 207), (323, 427))
_HOLLOW_PX = 9.0
_LID_POINTS = (27, 257, 28, 258, 29, 259)
_SCALE = 2
_LEAST_DRAWN = 0.002
"""Of a bell that never ends: less is no step of any color."""
_SKIN_LIGHTNESS, _LEAST_LIGHT = (48.0, 60.0, 70.0), (0.9, 0.78, 0.7)
"""Lightness of painted lips against the skin's, by the skin's: dark skin has lips of nearly its own lightness. By the
portraits of women."""
_REDDEST = 21.0
"""Steps of a* above the skin's from which on lips get no redder: women's have 4 to 21, 13 in the median."""
_LEAST_YELLOW, _MOST_YELLOWED = 0.45, 8.0
"""Yellow by red of lips against the skin's, below which they are purple, and the most steps of b* that they get."""
_LEAST_RED, _LEAST_DARK = 5.0, 7.0
"""Steps of a* above and of L below the skin that lips keep."""


def add_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Redden lips, darken lashes, shade lids and blush the cheeks; 1 is a usual make-up, negative takes it off."""
    if not strength:
        return lab
    if strength < 0:
        return _without_makeup(lab, view, -strength)
    strength *= view.color_need
    result = lab.copy(order="K")
    for add, part in (
        (_add_lips, bounds(view.lips > 0)),
        (_add_about_eyes, view.window.around(_eye_zone())),
        (_add_cheeks, view.window.around(_cheek_zone())),
    ):
        if part is not None:
            add(result[part], lab[part], view.within(part), strength)
    return result


def _add_lips(result: FloatArray, lab: FloatArray, view: FaceView, strength: float) -> None:
    lips = view.lips * strength * view.light
    skin = view.local_skin[..., 0]
    result[..., 0] -= 7.5 * lips * np.clip(result[..., 0] / np.maximum(skin, 1), 0, 1)
    # Lips that are red already would glow.
    redder = 13.0 * lips * np.clip((view.reference[1] + _REDDEST - lab[..., 1]) / 14, 0, 1)
    result[..., 1] += redder
    yellow_by_red = float(view.reference[2]) / max(float(view.reference[1]), 1.0)
    yellow = _LEAST_YELLOW * min(yellow_by_red, 2.0) * result[..., 1]
    result[..., 2] += lips * np.clip(yellow - result[..., 2], 0, _MOST_YELLOWED)
    least_light = float(np.interp(view.reference[0], _SKIN_LIGHTNESS, _LEAST_LIGHT))
    # Thin lips, and those that lie in shade, would turn black.
    result[..., 0] += lift_lips(result[..., 0], view.lips, skin, least_light)


def _add_about_eyes(result: FloatArray, lab: FloatArray, view: FaceView, strength: float) -> None:
    free = np.minimum(view.face * 1.5, 1)
    for layer, steps in ((_lash_layer(), 25.0), (_lower_lash_layer(), 12.5)):
        lashes = view.window.sample(layer) * free * (strength * view.window.eyes_open)
        result[..., 0] -= np.minimum(steps * lashes * view.light, 0.6 * result[..., 0])
    lids = view.window.sample(_lid_layer()) * free * (1 - view.brows) * strength * view.skin_like
    result[..., 0] -= 5.5 * lids * view.light
    # Lashes are black, not red: skin's color in the dark of a lash line looks sore.
    result[..., 1:] *= ((result[..., 0] + SHADED_LIGHTNESS) / (lab[..., 0] + SHADED_LIGHTNESS))[..., None]
    result[..., 1] += 2.0 * lids


def _add_cheeks(result: FloatArray, _: FloatArray, view: FaceView, strength: float) -> None:
    skin = view.skin * view.skin_like * strength * view.light
    result[..., 1] += 3.0 * view.cheeks * skin
    result[..., 0] -= 5.0 * view.window.sample(_hollow_layer()) * skin


def _without_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Lighten lash line and lids."""
    part = view.window.around(_eye_zone())
    if part is None:
        return lab
    view, own = view.within(part), lab[part]
    free = np.minimum(view.face * 1.5, 1) * strength * view.light
    gap = np.clip((view.local_skin[..., 0] - own[..., 0]) / 20, 0, 1)
    lighter = 6.0 * view.window.sample(_lash_layer()) * free * gap * view.window.eyes_open
    lighter += 5.0 * view.window.sample(_lid_layer()) * free * gap * view.skin_like * (1 - view.brows)
    result = lab.copy(order="K")
    result[part][..., 0] += lighter
    return result


def pale_lips(lab: FloatArray, unpainted: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Bring lips closer to the color of the skin; 1 takes most of their red, but lips remain lips.

    What other edits took from the lips of `unpainted` counts as taken: no lips grow as pale as the skin.
    """
    part = bounds(view.lips > 0)
    if strength <= 0 or part is None:
        return lab
    result = lab.copy(order="K")
    view, own, pale, unpainted = view.within(part), lab[part], result[part], unpainted[part]
    amount = view.lips * min(strength, 1.2)
    red = np.maximum(own[..., 1] - view.reference[1], 0)
    dark = np.clip(view.local_skin[..., 0] - 7 - own[..., 0], 0, 20)
    pale[..., 1] -= 0.6 * red * amount
    pale[..., 0] += 0.3 * dark * amount
    # The limits hold for the lips' own red and shade; lips paler than that keep what they have.
    least_red = np.minimum(unpainted[..., 1], view.reference[1] + _LEAST_RED)
    most_light = np.maximum(unpainted[..., 0], view.local_skin[..., 0] - _LEAST_DARK)
    pale[..., 1] += np.maximum(least_red - pale[..., 1], 0) * view.lips
    pale[..., 0] -= np.maximum(pale[..., 0] - most_light, 0) * view.lips
    return result


@cache
def _eye_zone() -> NDArray[np.bool_]:
    """Where lashes and lids are drawn, (LAYER_PX, LAYER_PX)."""
    size_wh = (LAYER_PX, LAYER_PX)
    lashes = (cv2.resize(single(layer()), size_wh) for layer in (_lash_layer, _lower_lash_layer))
    zone: NDArray[np.bool_] = np.max([*lashes, _lid_layer()], axis=0) > _LEAST_DRAWN
    return zone


@cache
def _cheek_zone() -> NDArray[np.bool_]:
    """Where blush and hollows are drawn, (LAYER_PX, LAYER_PX)."""
    zone: NDArray[np.bool_] = np.maximum(face_masks().cheeks, _hollow_layer()) > _LEAST_DRAWN
    return zone


@cache
def _lash_layer() -> FloatArray:
    """Upper lash line with a short wing, at twice the layers' size."""
    points = layer_points_px()
    layer = np.zeros((LAYER_PX * _SCALE,) * 2, np.float32)
    for ids in (_RIGHT_LASHES, _LEFT_LASHES):
        # Thin at the nose, thick outside.
        for k in range(len(ids) - 1):
            a, b = (np.round(points[ids[j]] * _SCALE * 8).astype(int) for j in (k, k + 1))
            width = 5 if k < 4 else 3
            cv2.line(layer, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0, width, cv2.LINE_AA, 3)
    for corner, outer in _WINGS:
        start = points[corner]
        end = start + 0.6 * (points[outer] - start) + np.array([0, -2.5])
        a, b = (np.round(p * _SCALE * 8).astype(int) for p in (start, end))
        cv2.line(layer, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 0.8, 2, cv2.LINE_AA, 3)
    return halved(np.clip(cv2.GaussianBlur(layer, (0, 0), 1.5) * 1.2, 0, 1))


@cache
def _lower_lash_layer() -> FloatArray:
    """Lash line of the lower lid, at twice the layers' size."""
    points = layer_points_px()
    layer = np.zeros((LAYER_PX * _SCALE,) * 2, np.float32)
    for ids in _LOWER_LASHES:
        line = np.round(points[list(ids)] * _SCALE * 8).astype(np.int32)
        cv2.polylines(layer, [line], False, 1.0, 2, cv2.LINE_AA, 3)
    return halved(np.clip(cv2.GaussianBlur(layer, (0, 0), 1.3) * 1.2, 0, 1))


@cache
def _hollow_layer() -> FloatArray:
    """Shade below the cheekbones, from the ear to the middle of the cheek, fading inward."""
    points = layer_points_px()
    ys, xs = np.mgrid[0:LAYER_PX, 0:LAYER_PX].astype(np.float32)
    layer = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for outer, inner in _HOLLOWS:
        along = points[inner] - points[outer]
        start = points[outer] + 0.12 * along
        t = np.clip(((xs - start[0]) * along[0] + (ys - start[1]) * along[1]) / float(along @ along), 0, 1)
        square = (xs - start[0] - t * along[0]) ** 2 + (ys - start[1] - t * along[1]) ** 2
        layer = np.maximum(layer, np.exp(-square / (2 * _HOLLOW_PX**2)) * (1 - 0.6 * t))
    return halved(layer)


@cache
def _lid_layer() -> FloatArray:
    return halved(blobs(_LID_POINTS, 7))
