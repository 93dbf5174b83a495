"""Color differences of the age and gender prototypes, added at low frequency.

Source: Burt & Perrett 1995; Rowland & Perrett 1995 (see `prototypes`). Gains and limits by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import LAYER_PX, face_masks, layer_points_px, padded
from transforms.face_view import FaceView
from transforms.prototypes import prototypes

_CHEEKS_PER_DECADE = (-0.2, 0.6, 0.1)
"""How the cheeks, to which the prototypes are relative, change themselves: two thirds of the same regression."""
_AGE_LIMITS, _GENDER_LIMITS = (8.0, 4.0, 4.0), (14.0, 11.0, 7.0)
_BLOOM = ((2.5, 1.5, 0.3), (0.5, 4.0, 0.5), (0.0, 5.0, 0.0))
"""Steps of Lab on the skin, more of them on the cheeks, and on the lips. By eye."""


def add_age_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add the color of aging; 1 is thirty years, negative is younger."""
    if not strength:
        return lab
    return _add(lab, view, _age_layer(), strength, _AGE_LIMITS)


def add_gender_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add the color difference of the genders; positive is female."""
    if not strength:
        return lab
    return _add(lab, view, _gender_layer(), strength, _GENDER_LIMITS)


def _add(
    lab: FloatArray, view: FaceView, layer: FloatArray, strength: float, limits: tuple[float, float, float]
) -> FloatArray:
    limit = np.array(limits, np.float32)
    change = np.clip(view.window.sample(layer) * np.float32(strength), -limit, limit)
    # What is bright already would burn out.
    room = np.clip((90 - lab[..., 0]) / 25, 0, 1)
    change[..., 0] = np.where(change[..., 0] > 0, change[..., 0] * room, change[..., 0])
    amount = np.maximum(view.skin, 0.8 * view.lips) * np.maximum(view.skin_like, view.lips) * view.light
    result: FloatArray = lab + change * amount[..., None]
    return result


def add_bloom(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Give the skin a child's bloom: lighter, rosy cheeks, red lips."""
    if strength <= 0:
        return lab
    skin = view.skin * view.skin_like * view.light
    masks = np.dstack([skin, skin * view.cheeks, view.lips * view.light]) * np.float32(strength)
    amount = masks @ np.array(_BLOOM, np.float32)
    amount[..., 0] *= np.clip((95 - lab[..., 0]) / 25, 0, 1)
    result: FloatArray = lab + amount
    return result


@cache
def _age_layer() -> FloatArray:
    change = padded(prototypes().color_age) + np.array(_CHEEKS_PER_DECADE, np.float32)
    mask = face_masks()
    # Brows of the old are lighter in the mean face; `hair` grays them instead.
    return change * (3.0 * (1 - 0.7 * mask.brows) * (1 - 0.8 * mask.eyes))[..., None].astype(np.float32)


@cache
def _gender_layer() -> FloatArray:
    change = padded(prototypes().color_female)
    mirrored = 0.5 * (change + change[:, ::-1])
    # The men's red noses, turned round, would be green.
    mirrored[..., 1] = np.maximum(mirrored[..., 1], -1.5)
    # Above the brows the mean faces differ by hair, and at the sides too; only the middle is skin in both.
    points = layer_points_px()
    ys, xs = np.mgrid[0:LAYER_PX, 0:LAYER_PX].astype(np.float32)
    brow_y, middle_x = float(points[[66, 296], 1].mean()), float(points[9, 0])
    below = 0.15 + 0.85 * np.clip((ys - brow_y + 30) / 45, 0, 1)
    aside = np.clip((104 - np.abs(xs - middle_x)) / 30, 0, 1)
    weight = below * aside * (1 - 0.8 * face_masks().eyes)
    layer: FloatArray = mirrored * cv2.GaussianBlur(weight.astype(np.float32), (0, 0), 3)[..., None]
    return layer
