"""Brows: heavier by darkening along their own hairs, lighter by lifting them towards the skin. By eye."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_view import FaceView
from transforms.face.landmark_ids import LEFT_BROW, RIGHT_BROW
from transforms.face.layer_drawing import polygon
from transforms.picture.ramp import ramp

_RIGHT_UNDERSIDE = (46, 53, 52, 65, 55, 193, 221, 222, 223, 224, 225, 113)
_LEFT_UNDERSIDE = (276, 283, 282, 295, 285, 417, 441, 442, 443, 444, 445, 342)

_DARKEST = 55.0
"""Steps of L below the skin from which on no brow grows darker. By eye."""
_GRAYED, _SPARKLE, _HAIRS_EYES = np.float32(0.44), np.float32(0.5), 0.02
"""How far brows are lifted towards the skin, how much the contrast of their hairs rises, and the breadth of a few of
these in distances of the eyes. By eye."""
_PALE, _PALE_WITHIN, _YOUNG_DEPTH, _YOUNG_COLOR = 0.7, 0.3, 24.0, np.float32(0.7)
"""Chroma by the skin's from which on hairs are gray; steps of L below it and chroma by it that they had. By eye."""


def change_brows(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Make brows heavier (positive) or finer and lighter (negative); 1 and -1 are the usual full change."""
    if not strength:
        return lab
    part = view.window.around((_layers()[..., 0] > 0) | (_layers()[..., 1] > 0))
    if part is None:
        return lab
    view, lightness = view.within(part), lab[part][..., 0]
    layers = view.window.sample(_layers())
    result = lab.copy(order="K")
    free = np.minimum(view.face * 2, 1)
    if strength > 0:
        # Hair is darker than skin already: what is dark grows darker, so that the brow keeps its hairs.
        gap = view.local_skin[..., 0] - lightness
        # What is nearly black stays: darker it would be a painted bar.
        own = np.clip(gap / 25, 0.25, 1) * np.clip((_DARKEST - gap) / 25, 0.1, 1)
        darker = np.minimum(layers[..., 0] * free * own * 13 * strength * view.light, 0.5 * lightness)
        result[part][..., 0] -= darker
        return result
    gap = np.clip(view.local_skin[..., 0] - lightness, 0, 40)
    # The underside goes, and of dark brows more, so that they grow finer rather than gray.
    lighter = gap * free * -strength * np.maximum((0.25 + 0.006 * gap) * layers[..., 1], 0.18 * layers[..., 0])
    result[part][..., 0] += lighter
    return result


def gray_brows(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Gray the hairs of the brows; 1 is a person of about 70, negative gives gray hairs their color back."""
    if not strength:
        return lab
    part = view.window.around(_layers()[..., 0] > 0)
    if part is None:
        return lab
    view, own = view.within(part), lab[part]
    brows = view.window.sample(_layers())[..., 0] * np.minimum(view.face * 2, 1) * min(abs(strength), 1.2)
    deeper = view.local_skin[..., 0] - own[..., 0]
    if strength < 0:
        return _pigmented(lab, part, view, brows, deeper)
    result = lab.copy(order="K")
    hair = np.clip((deeper - 3) / 20, 0, 1) * brows
    # Gray hairs are lighter and colorless, and lie between dark ones: the brow stays darker than the skin.
    fine = own[..., 0] - cv2.GaussianBlur(own[..., 0], (0, 0), max(_HAIRS_EYES * view.eyes_px, 0.8))
    result[part][..., 0] += hair * (_GRAYED * np.maximum(deeper, 0) + _SPARKLE * fine)
    result[part][..., 1:] -= (hair * 0.6)[..., None] * (own[..., 1:] - 0.35 * view.local_skin[..., 1:])
    return result


def _pigmented(
    lab: FloatArray, part: tuple[slice, slice], view: FaceView, brows: FloatArray, deeper: FloatArray
) -> FloatArray:
    """Darken what has less color than the skin and is not dark: white hairs."""
    own, skin = lab[part], view.local_skin
    # Skin that the light bleaches is as pale as white hair.
    bleached = np.maximum(own[..., :1] - skin[..., :1], 0) * view.fading
    skins = cv2.magnitude(*(np.maximum(skin[..., 1 + k] - bleached[..., k], 0) for k in (0, 1)))
    color = cv2.magnitude(own[..., 1], own[..., 2])
    pale = np.clip((_PALE - color / np.maximum(skins, 1)) / _PALE_WITHIN, 0, 1) * _tells_gray(view.reference)
    white = pale * brows * np.clip((_YOUNG_DEPTH - deeper) / _YOUNG_DEPTH, 0, 1)
    if not white.any():
        return lab
    result = lab.copy(order="K")
    result[part][..., 0] -= white * (_YOUNG_DEPTH - deeper)
    result[part][..., 1:] += white[..., None] * (_YOUNG_COLOR * skin[..., 1:] - own[..., 1:])
    return result


def _tells_gray(skin_lab: FloatArray) -> float:
    """0 where skin has so little color, or so little light, that gray hairs look the same .. 1."""
    chroma = float(np.hypot(skin_lab[1], skin_lab[2]))
    return ramp(chroma, 8, 13) * ramp(float(skin_lab[0]), 25, 35)


@cache
def _layers() -> FloatArray:
    """Wide brows and their undersides, (LAYER_PX, LAYER_PX, 2)."""
    brows = polygon(RIGHT_BROW, 1.25, 2.5) + polygon(LEFT_BROW, 1.25, 2.5)
    under = polygon(_RIGHT_UNDERSIDE, 1.0, 2.0) + polygon(_LEFT_UNDERSIDE, 1.0, 2.0)
    return to_half(cv2.merge([np.clip(brows, 0, 1), np.clip(under, 0, 1)]))
