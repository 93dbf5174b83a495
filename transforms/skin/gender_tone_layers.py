"""How the genders differ in color, in the canonical frame: steps of Lab, from the mean faces.

Source: Rowland & Perrett 1995 (see `prototypes`). Gains by eye but where said.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.landmark_ids import (
    BEARD,
    FOLD_POINTS,
    LEFT_BROW,
    LEFT_EYE,
    LIPS,
    MOUSTACHE,
    NOSE,
    RIGHT_BROW,
    RIGHT_EYE,
)
from transforms.face.layer_drawing import blobs, polygon
from transforms.face.layer_frame import LAYER_PX, layer_points_px, padded
from transforms.face.prototypes import gender_prototypes

MOST_SHADE = 14.0
"""Steps of L by which a gender edit changes skin at most."""
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
most at the least loss of identity, by regression over random gains (docs/edit-strengths.md), gets more than the mean
difference. The eyeball itself gets little, and the brows have an edit of their own."""
_FOREHEAD_SHARE_FEMALE, _FOREHEAD_SHARE_MALE = 0.7, 0.35
_FOLD_LIGHT_LOST, _FOLD_COLOR_LOST, _EYES_COLOR_LOST = 0.7, 0.65, 0.65
_FOLD_RADIUS_PX, _SOFTENED = 8.0, 1.0
_TO_HAIRS = 0.4
"""How much of the shade above the lips is left to the hairs of a stubble: all of it would be painted."""


@cache
def gender_layers() -> tuple[FloatArray, FloatArray]:
    """Female minus male, weighted for the way to a woman and for the way to a man."""
    return to_half(_gender_layer(True)), to_half(_gender_layer(False))


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
        beside = blobs(FOLD_POINTS, _FOLD_RADIUS_PX) * (1 - polygon(LIPS, 1.1, 2))
        shade = layer[..., 0]
        shade = np.where(shade < 0, shade * (1 - np.maximum(_FOLD_LIGHT_LOST * folds, beside)), shade)
        # A shade that ends in a step is a painted beard.
        soft = _SOFTENED / MOST_SHADE
        layer[..., 0] = np.where(shade > 0, np.tanh(shade * soft) / soft, shade)
        layer[..., 0] *= 1 - _TO_HAIRS * polygon(MOUSTACHE, 1.05, 4)
        layer[..., 1:] *= (1 - np.maximum(_FOLD_COLOR_LOST * folds, beside))[..., None]
        # Men's eyes lie deeper, in warmer light: on a young lid that is a sunset.
        eyes = np.clip(polygon(RIGHT_EYE, 1.6, 5) + polygon(LEFT_EYE, 1.6, 5), 0, 1)
        layer[..., 1:] *= (1 - _EYES_COLOR_LOST * eyes)[..., None]
    return layer
