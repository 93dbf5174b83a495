"""What the color edits need to know of a face in its window: its parts, its skin, its light and what covers it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import FloatArray
from transforms.broad_blur import blurred_small, broad_blur
from transforms.canonical_layers import FRAME_PX, LAYER_PX, PAD_PX, mask_stacks
from transforms.color_models import mean_color
from transforms.face_window import FaceWindow

_BURNT_OUT, _BURNING, _SEEN_BURNT_OUT = 97.0, 82.0, 0.4
"""Lightness of a full sensor, that from which on it has little left, and how much of a shade a full one shows."""
_FADED_FROM, _FADED_WITHIN = 68.0, 14.0
"""Lightness from which on skin may be burnt out, and steps of L within which it is."""
_USUAL_RED_SHARE, _USUAL_DEVIATION = 0.48, 14.0
"""Of a* in a* and b*; steps of L. Medians of portraits."""
_BRIGHT, _LEAST_LIT = 62.0, 30.0
_LEAST_COVERED, _COVER_REACH_EYES = 0.25, 0.12
_SMALL_EYES_PX = 48.0
"""Distance of the eyes at which slow fields (skin color, light) are computed."""


@dataclass(frozen=True, eq=False)
class FaceView:
    """A face in its window; arrays are (h, w) float32, masks 0..1.

    Attributes
    ----------
    window : FaceWindow
    exposed : ndarray
        1 = free of cover.
    face, around, skin, eyes, brows, lips, beard, throat, cheeks, stubbly : ndarray
        As `canonical_layers.FaceMasks`, already without what is covered; `stubbly` is its `stubble`.
    skin_like : ndarray
        1 where the color is that of the skin nearby: not hair, frames of glasses, teeth or background.
    light : ndarray
        Local brightness against a usual light skin, 0.2..1.15: layers are scaled by it, so that shadow stays shadow.
    local_skin : ndarray, (h, w, 3) float32
        Lab color of the skin nearby.
    reference : ndarray, (3,) float32
        Lab color of the cheeks.
    contrast : float
        Deviation of L over the face against a usual portrait's, 0.6..1.25: low in haze, high in hard light.
    fading : ndarray, (2,) float32
        Steps of a* and b* that this skin loses for each step of L that light burns it out, 0..0.7.
    """

    window: FaceWindow
    exposed: FloatArray
    face: FloatArray
    around: FloatArray
    skin: FloatArray
    eyes: FloatArray
    brows: FloatArray
    lips: FloatArray
    beard: FloatArray
    throat: FloatArray
    cheeks: FloatArray
    stubbly: FloatArray
    skin_like: FloatArray
    light: FloatArray
    local_skin: FloatArray
    reference: FloatArray
    contrast: float
    fading: FloatArray

    @property
    def eyes_px(self) -> float:
        """Distance of the outer corners of the eyes."""
        return self.window.eyes_px

    @cached_property
    def stubble(self) -> FloatArray:
        """Where stubble grows, (h, w) float32, 0..1."""
        # A hand at the chin is seen in part: beside what is known to be covered nothing grows.
        reach = max(round(_COVER_REACH_EYES * self.eyes_px), 1)
        near = cv2.erode(self.exposed, np.ones((2 * reach + 1,) * 2, np.uint8))
        grows: FloatArray = self.stubbly * broad_blur(near, 0.4 * reach)
        return grows

    def within(self, part: tuple[slice, slice]) -> FaceView:
        """Return the view of some rows and columns of the window."""
        masks: dict[str, Any] = {
            name: value[part]
            for name, value in ((field.name, getattr(self, field.name)) for field in fields(self))
            if isinstance(value, np.ndarray) and value.ndim > 1
        }
        return replace(self, window=self.window.within(part), **masks)


def exposure(window: FaceWindow, cover_ratio: FloatArray | None) -> FloatArray:
    """Return how much of each window pixel is free of cover, with a soft edge.

    Parameters
    ----------
    window : FaceWindow
    cover_ratio : ndarray, (S, S) float32, or None
        In `canonical_frame(S)`, 1 = covered.
    """
    if cover_ratio is None:
        return window.visible
    size = cover_ratio.shape[0]
    pad = round(PAD_PX * size / FRAME_PX)
    known = np.pad(canonical_frame(size).valid.astype(np.float32), pad)
    ratio = np.pad(cover_ratio, pad).astype(np.float32) * known
    if ratio.max() <= _LEAST_COVERED:
        return window.visible
    # What covers the rim of the mesh is taken to go on beyond it.
    spread: FloatArray = ratio
    for sigma in (12.0, 3.0):
        total = cv2.GaussianBlur(known, (0, 0), sigma * size / 64)
        mean = cv2.GaussianBlur(ratio, (0, 0), sigma * size / 64) / np.maximum(total, 1e-5)
        beyond = spread if sigma < 12 else mean
        spread = np.where(total > 0.02, mean, beyond)
    spread = np.where(known > 0, ratio, spread).astype(np.float32)
    sure = np.clip((spread - _LEAST_COVERED) / 0.5, 0, 1)
    layer = cv2.resize(sure, (LAYER_PX, LAYER_PX), interpolation=cv2.INTER_LINEAR)
    grown = cv2.dilate(layer, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    soft = cv2.GaussianBlur(grown, (0, 0), 3.0)
    free: FloatArray = window.visible * (1 - np.clip(window.sample(soft), 0, 1))
    return free


def view_face(lab: FloatArray, window: FaceWindow, exposed: FloatArray) -> FaceView:
    """Look at a face.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    window : FaceWindow
    exposed : ndarray, (h, w) float32
        1 = free of cover.

    Returns
    -------
    FaceView
    """
    height, width = lab.shape[:2]
    first, second, third = mask_stacks()
    face, around, skin, eyes = _exposed(first, window, exposed)
    brows, lips, beard, throat = _exposed(second, window, exposed)
    cheeks, stubbly = _exposed(third, window, exposed)
    core = skin > 0.7
    on_cheek = (cheeks > 0.4) & core
    sample = lab[on_cheek] if int(on_cheek.sum()) > 20 else lab[core] if core.any() else lab.reshape(-1, 3)
    reference = np.median(sample, axis=0).astype(np.float32)
    scale = min(1.0, _SMALL_EYES_PX / max(window.eyes_px, 1.0))
    size = (max(int(width * scale), 4), max(int(height * scale), 4))
    small = cv2.resize(lab, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(skin * (1 - 0.8 * beard), size, interpolation=cv2.INTER_AREA)
    eyes_px = window.eyes_px * scale
    local = smooth_known(small, weight * near_skin(small, reference), eyes_px)
    weight *= near_skin(small, local)
    local = smooth_known(small, weight, eyes_px)
    local_skin = cv2.resize(local, (width, height), interpolation=cv2.INTER_LINEAR)
    skin_like = near_skin(lab, local_skin)
    skin_like = cv2.GaussianBlur(skin_like, (0, 0), max(0.5, 0.006 * window.eyes_px))
    light = np.clip(local_skin[..., 0] / 65, 0.2, 1.15)
    return FaceView(
        window,
        exposed,
        face,
        around,
        skin,
        eyes,
        brows,
        lips,
        beard,
        throat,
        cheeks,
        stubbly,
        skin_like,
        light,
        local_skin,
        reference,
        _contrast(small[..., 0], cv2.resize(face, size, interpolation=cv2.INTER_AREA)),
        _fading(small, weight),
    )


def _fading(lab: FloatArray, weight: FloatArray) -> FloatArray:
    """Regress the skin's color on its lightness where it is bright; 0 where it is of one lightness."""
    lit = weight * (lab[..., 0] > _BRIGHT)
    total = float(lit.sum())
    if total < _LEAST_LIT:
        return np.zeros(2, np.float32)
    away = lab - np.einsum("ijk,ij->k", lab, lit) / np.float32(total)
    together = np.einsum("ijk,ij,ij->k", away, away[..., 0], lit) / np.float32(total)
    known = min(max((math.sqrt(max(float(together[0]), 0.0)) - 3) / 3, 0.0), 1.0)
    lost: FloatArray = np.clip(-together[1:] / max(float(together[0]), 1e-3), 0, 0.7) * known
    return lost.astype(np.float32)


def _exposed(stack: FloatArray, window: FaceWindow, exposed: FloatArray) -> Sequence[FloatArray]:
    """Bring a stack of masks to the window, one array a mask, 0 where covered."""
    masks = cv2.split(window.sample(stack))
    for mask in masks:
        mask *= exposed
    return masks


def _contrast(lightness: FloatArray, weight: FloatArray) -> float:
    total = max(float(weight.sum()), 1e-3)
    mean = float((lightness * weight).sum()) / total
    deviation = math.sqrt(float(((lightness - mean) ** 2 * weight).sum()) / total)
    return min(max(deviation / _USUAL_DEVIATION, 0.6), 1.25)


def colorfulness(skin_lab: FloatArray) -> float:
    """0 where the skin, (3,) Lab, has no color: a gray picture, which stays gray .. 1."""
    return min(max((float(np.hypot(skin_lab[1], skin_lab[2])) - 2.0) / 5.0, 0.0), 1.0)


def own_hue(skin_lab: FloatArray) -> FloatArray:
    """Return factors of steps of a* and b*, (2,) float32, that turn a usual skin's shades into this one's, (3,) Lab.

    1 at the hue of the median of training portraits: yellow light or a filter makes skin that has hardly any red, and
    a usual red on it would look purple.
    """
    red, yellow = max(float(skin_lab[1]), 0.0), max(float(skin_lab[2]), 0.0)
    share = red / max(red + yellow, 1e-3)
    return np.clip([share / _USUAL_RED_SHARE, (1 - share) / (1 - _USUAL_RED_SHARE)], 0.2, 1.8).astype(np.float32)


def headroom(skin_lightness: FloatArray) -> FloatArray:
    """Return how much of a shade is seen in skin so bright: what is white in the light would only turn gray."""
    lost = np.clip((skin_lightness - _BURNING) / (_BURNT_OUT - _BURNING), 0, 1)
    return np.asarray(1 - (1 - _SEEN_BURNT_OUT) * lost, np.float32)


def faded(skin_lightness: FloatArray) -> FloatArray:
    """Return how much of its color light may have taken from skin so bright, 0..1: shade gives it back."""
    return np.asarray(np.clip((skin_lightness - _FADED_FROM) / _FADED_WITHIN, 0, 1), np.float32)


def smooth_known(lab: FloatArray, weight: FloatArray, eyes_px: float) -> FloatArray:
    """Carry known colors over the unknown, fine where much is known and coarse elsewhere.

    Source: normalized convolution, Knutsson & Westin, CVPR 1993, at three scales.
    """
    weight = weight.astype(np.float32, copy=False)
    weighted = np.dstack([lab * weight[..., None], weight])
    result: FloatArray = np.broadcast_to(mean_color(lab, weight).astype(np.float32), (1, 1, 3))
    for sigma in (0.5, 0.22, 0.1):
        blurred = blurred_small(weighted, sigma * eyes_px)
        size_wh = (blurred.shape[1], blurred.shape[0])
        known, mean = blurred[..., 3:], blurred[..., :3]
        result = cv2.resize(result, size_wh, interpolation=cv2.INTER_LINEAR)
        mean /= np.maximum(known, 1e-4)
        mean -= result
        mean *= np.minimum(known / 0.25, 1)
        result += mean
    return np.asarray(cv2.resize(result, (lab.shape[1], lab.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def near_skin(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """1 where a color could be this skin, in light or shade; limits by eye."""
    away = lab - skin
    chroma = np.sqrt(away[..., 1] ** 2 + away[..., 2] ** 2)
    lightness = np.broadcast_to(skin, lab.shape)[..., 0]
    # Shade darkens a light skin by more steps of L than a dark one.
    depth = -away[..., 0] / np.maximum(0.45 * lightness, 8)
    height = away[..., 0] / 28
    near = np.clip(1.6 - np.maximum(depth, height), 0, 1) * np.clip(2.0 - chroma / 12, 0, 1)
    return np.asarray(near, np.float32)
