"""Beard in: a faint shadow under the skin, as dense as in the mean of bearded men, and short hairs before it.

On the neck both are only in the chin's shade. Constants by eye.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.stubble_hairs import Hairs, face_axes, grow_hairs
from transforms.face.face_view import FaceView
from transforms.picture.bounds import bounds
from transforms.picture.ramp import ramp

_SHARE = 0.34
"""Share of the skin that hairs and shadow hide together."""
_MOST_SHARE = 0.85
_FINE_EYES_PX, _MELTED = 80.0, 0.3
_ON_NECK = 0.8
_USUAL_LIGHTNESS, _BURNT_LIGHTNESS = 65.0, 97.0


@dataclass(frozen=True, eq=False)
class Stubble:
    """Hairs that are to be drawn before a window.

    Attributes
    ----------
    lab : ndarray, (h, w, 3) float32
        Their color, CIE Lab.
    cover : ndarray, (h, w) float32
        How much of the skin the darkest of them hide, 0..1.
    hairs : Hairs
        In the picture that they are drawn in, whose first pixel is that of the window.
    """

    lab: FloatArray
    cover: FloatArray
    hairs: Hairs


def add_stubble(lab: FloatArray, view: FaceView, strength: float, scale: float) -> tuple[FloatArray, Stubble | None]:
    """Add a beard's shadow, and tell which hairs are to be drawn before it.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    view : FaceView
    strength : float
        1 is a dark beard on the second day.
    scale : float
        The window's pixels in a pixel of the picture that the hairs are drawn in, at most 1.

    Returns
    -------
    shaded : ndarray, (h, w, 3) float32
    stubble : Stubble or None
        None where nothing grows.
    """
    if strength <= 0:
        return lab, None
    stubble = view.stubble
    part = bounds((stubble > 0) | (view.throat > 0), math.ceil(0.1 * view.eyes_px))
    if part is None:
        return lab, None
    hair, axes = _hair_color(lab, view), face_axes(view)
    view, skin = view.within(part), lab[part]
    # The same share of hairs stands out more on a fair skin.
    fair = min(max((_USUAL_LIGHTNESS / max(float(view.reference[0]), 1.0)) ** 2, 0.7), 1.5)
    density = np.maximum(stubble[part], _ON_NECK * _shaded_neck(skin, view))
    # Burnt-out skin has no room for hairs of a believable color.
    free = (
        view.skin_like
        * np.clip((_BURNT_LIGHTNESS - view.local_skin[..., 0]) / 10, 0.4, 1)
        * min(strength * fair, 2.6)
    )
    hairs = grow_hairs(density, view, axes, scale)
    # Hairs take the place of a share of the skin; under the skin they are a faint cool veil.
    # Where they melt into it a dense one would be a painted patch.
    melted = ramp(view.eyes_px, _FINE_EYES_PX, _FINE_EYES_PX - 30)
    veil = cv2.GaussianBlur(density, (0, 0), max(0.03 * view.eyes_px, 0.6)) * density ** np.float32(
        0.5 + 0.6 * melted
    )
    free *= np.where(density > 0, 1 - np.float32(_MELTED * melted), 0)
    color, cover = lab.copy(order="K"), np.zeros_like(stubble)
    # In shade hair is darker, as skin is.
    shade = np.clip(view.local_skin[..., 0] / max(float(view.reference[0]), 1.0), 0.3, 1.3)
    for plane, (own, light) in enumerate(zip(hair, (shade, 1, 1), strict=True)):
        color[part][..., plane] = own * light
    cover[part] = np.minimum(hairs.opacity * (0.5 + 0.5 * density) * free, _MOST_SHARE)
    shaded = lab.copy(order="K")
    share = np.minimum(max(_SHARE - hairs.opacity * hairs.covered, 0.0) * veil * free, _MOST_SHARE)
    shaded[part] += (color[part] - skin) * share[..., None]
    shaded[part][..., 2] -= 0.6 * veil * free * view.light
    return shaded, Stubble(color, cover, hairs.moved(part[1].start / scale, part[0].start / scale))


def _shaded_neck(lab: FloatArray, view: FaceView) -> FloatArray:
    """Find skin below the chin that lies in its shade, (h, w): a hand that the chin rests on does not."""
    shade = 1 - lab[..., 0] / np.maximum(view.local_skin[..., 0], 1.0)
    soft = cv2.GaussianBlur(shade.astype(np.float32), (0, 0), max(0.02 * view.eyes_px, 0.6))
    neck: FloatArray = view.throat * np.clip((soft - 0.02) / 0.08, 0, 1)
    return neck


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
