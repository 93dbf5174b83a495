"""Lips, lashes, lid shadow, blush and hollows of the cheeks; and lips that lose their red.

Colors by eye; which parts there are and how much of each by regression over random parts (see docs/edits.md).
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import LAYER_PX, blobs, layer_points_px
from transforms.face_view import FaceView

_RIGHT_LASHES = (33, 246, 161, 160, 159, 158, 157, 173, 133)
_LEFT_LASHES = (263, 466, 388, 387, 386, 385, 384, 398, 362)
_LOWER_LASHES = ((33, 7, 163, 144, 145, 153), (263, 249, 390, 373, 374, 380))
_WINGS = ((33, 226), (263, 446))
_HOLLOWS = ((93, 207), (323, 427))
_HOLLOW_PX = 9.0
_LID_POINTS = (27, 257, 28, 258, 29, 259)
_SCALE = 2
_LEAST_RED, _LEAST_DARK = 5.0, 7.0
"""Steps of a* above and of L below the skin that lips keep."""


def add_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Redden lips, darken lashes, shade lids and blush the cheeks; 1 is a usual make-up, negative takes it off."""
    if not strength:
        return lab
    if strength < 0:
        return _without_makeup(lab, view, -strength)
    result = lab.copy()
    strength *= view.contrast
    lips = view.lips * strength * view.light
    result[..., 0] -= 7.5 * lips
    # Lips that are red already would glow.
    result[..., 1] += 13.0 * lips * np.clip((view.reference[1] + 26 - lab[..., 1]) / 14, 0, 1)
    result[..., 2] += 1.5 * lips
    free = np.minimum(view.face * 1.5, 1)
    lashes = view.window.sample(_lash_layer()) * free * (strength * view.window.eyes_open)
    result[..., 0] -= np.minimum(22.0 * lashes * view.light, 0.6 * result[..., 0])
    lower = view.window.sample(_lower_lash_layer()) * free * (strength * view.window.eyes_open)
    result[..., 0] -= np.minimum(11.0 * lower * view.light, 0.6 * result[..., 0])
    lids = view.window.sample(_lid_layer()) * free * (1 - view.brows) * strength * view.skin_like
    result[..., 0] -= 5.5 * lids * view.light
    result[..., 1] += 3.5 * lids
    blush = view.cheeks * view.skin * view.skin_like * strength * view.light
    result[..., 1] += 3.0 * blush
    result[..., 0] -= 5.0 * view.window.sample(_hollow_layer()) * view.skin * view.skin_like * strength * view.light
    return result


def _without_makeup(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Lighten lash line and lids."""
    result = lab.copy()
    free = np.minimum(view.face * 1.5, 1) * strength * view.light
    gap = np.clip((view.local_skin[..., 0] - lab[..., 0]) / 20, 0, 1)
    result[..., 0] += 6.0 * view.window.sample(_lash_layer()) * free * gap * view.window.eyes_open
    result[..., 0] += 5.0 * view.window.sample(_lid_layer()) * free * gap * view.skin_like * (1 - view.brows)
    return result


def pale_lips(lab: FloatArray, unpainted: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Bring lips closer to the color of the skin; 1 takes most of their red, but lips remain lips.

    What other edits took from the lips of `unpainted` counts as taken: no lips grow as pale as the skin.
    """
    if strength <= 0:
        return lab
    amount = view.lips * min(strength, 1.2)
    red = np.maximum(lab[..., 1] - view.reference[1], 0)
    dark = np.clip(view.local_skin[..., 0] - 7 - lab[..., 0], 0, 20)
    result = lab.copy()
    result[..., 1] -= 0.6 * red * amount
    result[..., 0] += 0.3 * dark * amount
    # The limits hold for the lips' own red and shade; lips paler than that keep what they have.
    least_red = np.minimum(unpainted[..., 1], view.reference[1] + _LEAST_RED)
    most_light = np.maximum(unpainted[..., 0], view.local_skin[..., 0] - _LEAST_DARK)
    result[..., 1] += np.maximum(least_red - result[..., 1], 0) * view.lips
    result[..., 0] -= np.maximum(result[..., 0] - most_light, 0) * view.lips
    return result


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
    lashes: FloatArray = np.clip(cv2.GaussianBlur(layer, (0, 0), 1.5) * 1.2, 0, 1).astype(np.float16)
    return lashes


@cache
def _lower_lash_layer() -> FloatArray:
    """Lash line of the lower lid, at twice the layers' size."""
    points = layer_points_px()
    layer = np.zeros((LAYER_PX * _SCALE,) * 2, np.float32)
    for ids in _LOWER_LASHES:
        line = np.round(points[list(ids)] * _SCALE * 8).astype(np.int32)
        cv2.polylines(layer, [line], False, 1.0, 2, cv2.LINE_AA, 3)
    lashes: FloatArray = np.clip(cv2.GaussianBlur(layer, (0, 0), 1.3) * 1.2, 0, 1).astype(np.float16)
    return lashes


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
    return layer.astype(np.float32)


@cache
def _lid_layer() -> FloatArray:
    return blobs(_LID_POINTS, 7)
