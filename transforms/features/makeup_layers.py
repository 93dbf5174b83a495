"""Where make-up goes: lash lines, lids and the hollows of the cheeks, drawn once in the canonical frame."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from quality.half_precision import single, to_half
from transforms.face.face_masks import face_masks
from transforms.face.layer_drawing import blobs
from transforms.face.layer_frame import LAYER_PX, layer_points_px

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


@cache
def eye_zone() -> NDArray[np.bool_]:
    """Where lashes and lids are drawn, (LAYER_PX, LAYER_PX)."""
    size_wh = (LAYER_PX, LAYER_PX)
    lashes = (cv2.resize(single(layer()), size_wh) for layer in (lash_layer, lower_lash_layer))
    zone: NDArray[np.bool_] = np.max([*lashes, lid_layer()], axis=0) > _LEAST_DRAWN
    return zone


@cache
def cheek_zone() -> NDArray[np.bool_]:
    """Where blush and hollows are drawn, (LAYER_PX, LAYER_PX)."""
    zone: NDArray[np.bool_] = np.maximum(face_masks().cheeks, hollow_layer()) > _LEAST_DRAWN
    return zone


@cache
def lash_layer() -> FloatArray:
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
    return to_half(np.clip(cv2.GaussianBlur(layer, (0, 0), 1.5) * 1.2, 0, 1))


@cache
def lower_lash_layer() -> FloatArray:
    """Lash line of the lower lid, at twice the layers' size."""
    points = layer_points_px()
    layer = np.zeros((LAYER_PX * _SCALE,) * 2, np.float32)
    for ids in _LOWER_LASHES:
        line = np.round(points[list(ids)] * _SCALE * 8).astype(np.int32)
        cv2.polylines(layer, [line], False, 1.0, 2, cv2.LINE_AA, 3)
    return to_half(np.clip(cv2.GaussianBlur(layer, (0, 0), 1.3) * 1.2, 0, 1))


@cache
def hollow_layer() -> FloatArray:
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
    return to_half(layer)


@cache
def lid_layer() -> FloatArray:
    """Shadow on both upper lids."""
    return to_half(blobs(_LID_POINTS, 7))
