"""Fixed pictures for shaving on the canonical face: the mean shaved face, and where beards and moustaches reach."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.beard.neck_light import below_jaw
from transforms.face.landmark_ids import BEARD, LIPS, MOUSTACHE, NOSE, OVAL
from transforms.face.layer_drawing import polygon
from transforms.face.layer_frame import LAYER_PX, layer_points_px, padded
from transforms.face.prototypes import prototypes

RIM_SHADE = 0.3
_RIM_AT_FACES, _RIM_FALL_FACES = -0.025, 0.015
# fmt: off
_CHEEKS = (
    (234, 93, 132, 58, 172, 214, 207, 205, 50, 123, 227),
    (454, 323, 361, 288, 397, 434, 427, 425, 280, 352, 447),
)
_MOUSTACHE_REACH = (203, 129, 98, 97, 2, 326, 327, 358, 423, 426, 436, 410, 291, 0, 61, 186, 216, 206)
# fmt: on
"""Cheeks up to the ears; a moustache from beside the wings of the nose, where a smile lifts its ends, to beside the
corners of the mouth."""


@cache
def bare_face() -> FloatArray:
    """Mean shaved color against the cheeks, (LAYER_PX, LAYER_PX, 3) float16."""
    table = prototypes()
    # The regression's mean is of half women; at 35 with all the women's share no stubble is left in it.
    color = table.color_mean - 1.5 * table.color_age + 0.5 * table.color_female
    return to_half(padded(color))


@cache
def rim_shade() -> FloatArray:
    """How much darker the lower rim of chin and jaw is than in the mean face, (LAYER_PX, LAYER_PX) float16.

    Mean faces are blurred where outlines differ: of 391 portraits without a beard the lightness falls twice as far.
    """
    points = layer_points_px()
    height_px = float(points[152, 1] - points[10, 1])
    inside = (polygon(OVAL, 1.0, 0.5) > 0.5).view(np.uint8)
    within, away = (cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (inside, 1 - inside))
    beyond = (away - within) / np.float32(height_px)
    down = (np.arange(LAYER_PX, dtype=np.float32) - points[152, 1]) / height_px
    beneath = below_jaw(down)[:, None]
    return to_half(RIM_SHADE * beneath / (1 + np.exp((_RIM_AT_FACES - beyond) / _RIM_FALL_FACES)))


@cache
def beard_reach() -> FloatArray:
    """Where a full beard may reach, a moustache, and a beard up the cheeks, (LAYER_PX, LAYER_PX, 3) float16."""
    no_lips = 1 - polygon(LIPS, 1.05, 2)
    beard = polygon(BEARD, 1.22, 8) * (1 - polygon(NOSE, 1.1, 3))
    cheeks = np.maximum(*(polygon(cheek, 1.0, 8) for cheek in _CHEEKS))
    moustache = polygon(_MOUSTACHE_REACH, 1.1, 5) * (1 - polygon(NOSE, 1.0, 1.5))
    return to_half(np.dstack([beard * no_lips, moustache * no_lips, cheeks]))


@cache
def upper_lip() -> FloatArray:
    """Where every moustache grows, (LAYER_PX, LAYER_PX) float16."""
    return to_half(polygon(MOUSTACHE, 1.0, 1.5) * (1 - polygon(LIPS, 1.1, 2)))
