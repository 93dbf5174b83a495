"""Beard in: stubble as short hairs and a shadow under the skin, as dense as in the mean of bearded men.

Constants by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import LAYER_PX, face_masks
from transforms.face_view import FaceView

_SEED = 11
_SCALE = 2
_HAIRS = 9000
_VEIL, _HAIR = 0.14, 0.22
_USUAL_LIGHTNESS = 65.0


def add_stubble(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Add a beard's shadow and short hairs; 1 is a dark beard on the second day."""
    if strength <= 0:
        return lab
    # The same share of hairs stands out more on a fair skin.
    fair = min(max((_USUAL_LIGHTNESS / max(float(view.reference[0]), 1.0)) ** 2, 0.7), 1.5)
    free = view.skin_like * min(strength * fair, 2.6)
    zone = view.stubble * free
    hairs = view.window.sample(stubble_layer()) * free
    # Hairs take the place of a share of the skin; under the skin they are a faint cool veil.
    share = np.where(zone > 0, np.minimum(_VEIL * zone + _HAIR * hairs, 0.8), 0)[..., None]
    hair = np.broadcast_to(_hair_color(lab, view), lab.shape).copy()
    # In shade hair is darker, as skin is.
    hair[..., 0] *= np.clip(view.local_skin[..., 0] / max(float(view.reference[0]), 1.0), 0.3, 1.3)
    result: FloatArray = lab + (hair - lab) * share
    result[..., 2] -= 0.6 * zone * view.light
    return result


def _hair_color(lab: FloatArray, view: FaceView) -> FloatArray:
    """Color of the person's beard: that of the darker half of the brows, or a dark brown where they are hidden."""
    brows = lab[view.brows > 0.6]
    if len(brows) < 12:
        return view.reference * np.array([0.35, 0.42, 0.42], np.float32)
    dark = brows[brows[:, 0] <= np.median(brows[:, 0])]
    color: FloatArray = np.median(dark, axis=0)
    color[0] = min(float(color[0]), 0.42 * float(view.reference[0]))
    # Seen through skin, hair keeps some of the skin's warmth; without it light skins look ashen.
    color[1:] = np.maximum(color[1:], 0.6 * view.reference[1:])
    return color


@cache
def stubble_layer() -> FloatArray:
    """Short hairs, (2 LAYER_PX, 2 LAYER_PX) float32, 0..1, mean about 0.3; drawn downward and out from the mouth."""
    rng = np.random.default_rng(_SEED)
    side = LAYER_PX * _SCALE
    layer = np.zeros((side, side), np.float32)
    density = cv2.resize(face_masks().stubble, (side, side))
    ys, xs = np.nonzero(density > 0.05)
    chosen = rng.choice(len(ys), _HAIRS * 6)
    chosen = chosen[rng.random(len(chosen)) < density[ys[chosen], xs[chosen]] ** 1.3]
    middle = side / 2
    roots = np.stack([xs[chosen], ys[chosen]], axis=1) + rng.uniform(-0.5, 0.5, (len(chosen), 2))
    lean = 0.5 * np.clip((roots[:, 0] - middle) / (0.2 * side), -1, 1) + rng.normal(0, 0.35, len(chosen))
    length = rng.uniform(1.0, 3.0, len(chosen))
    tips = roots + length[:, None] * np.stack([np.sin(lean), np.cos(lean)], axis=1)
    hairs = np.round(np.stack([roots, tips], axis=1) * 8).astype(np.int32)
    for part, shade in zip(np.array_split(hairs, 8), np.linspace(0.35, 1.0, 8), strict=True):
        cv2.polylines(layer, list(part), False, float(shade), 1, cv2.LINE_AA, 3)
    return cv2.GaussianBlur(layer, (0, 0), 0.6)
