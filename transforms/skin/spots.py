"""Uneven pigment of old skin: age spots (solar lentigines) and broad mottling. Number, size and color by eye.

Source: Fink, Grammer & Matts 2006, Evolution and Human Behavior 27:433-442: evenness of skin color alone changes
perceived age by up to twenty years.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.layer_drawing import blur_reach_px, patch
from transforms.face.layer_frame import FRAME_PX, LAYER_PX, PAD_PX
from transforms.face.skin_light import headroom, own_hue
from transforms.picture.lab import planar

PIGMENTS = 4
"""Patterns that are drawn: each person has one of them."""
_SEED = 7
_COUNT = 34
_COLOR = (-5.0, 1.6, 3.5)
_PATCH_SIGMAS_PX = (1.2, 2.5, 5.0)


def add_spots(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add spots of steps `_COLOR` in Lab; 1 is a person of about 70."""
    if strength <= 0:
        return lab
    layer = spot_layer(view.window.pattern % PIGMENTS)
    part = view.window.around(layer > 0)
    if part is None:
        return lab
    view = view.within(part)
    amount = view.window.sample(layer) * _shown(lab[part], view, strength)
    color = np.array(_COLOR, np.float32)
    color[1:] *= own_hue(view.unfaded)
    result = lab.copy(order="K")
    result[part] += amount[..., None] * color
    return result


def add_mottling(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add broad blotches, darker and redder or paler than the skin; 1 is a person of about 70."""
    if strength <= 0:
        return lab
    layer = mottle_layer(view.window.pattern % PIGMENTS)
    change = planar(view.window.sample(layer))
    change *= _shown(lab, view, strength)[..., None]
    change[..., 1:] *= own_hue(view.unfaded)
    # What is bright already would burn out.
    burnt = 1 - np.clip((92 - lab[..., 0]) / 25, 0, 1)
    change[..., 0] -= np.maximum(change[..., 0], 0) * burnt
    change += lab
    return change


def _shown(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Return how much of a pigment is seen on each pixel: little in shadow, and little in shine."""
    shown: FloatArray = view.skin * view.skin_like * view.light * headroom(lab[..., 0]) * np.float32(strength)
    return shown


@cache
def mottle_layer(pattern: int) -> FloatArray:
    """Band-passed noise, (LAYER_PX, LAYER_PX, 3) float16, steps of Lab; redness partly of its own pattern."""
    rng = np.random.default_rng(_SEED + pattern)
    dark, red = (_band(rng.standard_normal((LAYER_PX, LAYER_PX)).astype(np.float32)) for _ in range(2))
    # Pigment takes blue away and blood green: no patch is grayer or bluer than the skin.
    dark, red = np.clip(dark, -2.2, 1.4), np.clip(red, -0.6, 2)
    brown = -np.minimum(dark, 0.3)
    return to_half(np.dstack([1.5 * dark - 0.3 * red, 0.8 * red + 0.3 * brown, 0.1 * red + 0.4 * brown]))


def _band(noise: FloatArray) -> FloatArray:
    """Patches of many sizes: of one size they would be a leopard's."""
    band = np.zeros_like(noise)
    for sigma in _PATCH_SIGMAS_PX:
        finer, broader = (cv2.GaussianBlur(noise, (0, 0), times * sigma) for times in (1, 3))
        band += sigma * (finer - broader)
    scaled: FloatArray = band / band.std()
    return scaled


@cache
def spot_layer(pattern: int) -> FloatArray:
    """Spots, (LAYER_PX, LAYER_PX) float16, 0..1."""
    rng = np.random.default_rng(_SEED + pattern)
    layer = np.zeros((LAYER_PX, LAYER_PX), np.float32)
    for _ in range(_COUNT):
        at = np.array([[PAD_PX + rng.uniform(25, FRAME_PX - 25), PAD_PX + rng.uniform(15, 0.75 * FRAME_PX)]])
        radius = rng.gamma(2.0, 0.8) + 0.6
        axes = (round(radius * 8), round(radius * rng.uniform(0.6, 1) * 8))
        sigma = 0.5 + 0.3 * radius
        part, origin = patch(layer, at, blur_reach_px(sigma) + math.ceil(radius))
        spot = np.zeros_like(part)
        x, y = (round(float(place) * 8) for place in (at - origin)[0])
        cv2.ellipse(spot, (x, y), axes, rng.uniform(0, 180), 0, 360, rng.uniform(0.3, 0.9), -1, cv2.LINE_AA, 3)
        np.maximum(part, cv2.GaussianBlur(spot, (0, 0), sigma), out=part)
    return to_half(layer)
