"""What the color edits need to know of a face in its window: its parts, its skin, its light and what covers it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.color_need import color_need
from transforms.face.face_masks import FaceMasks, mask_stacks
from transforms.face.face_window import FaceWindow
from transforms.face.local_skin import near_skin, smooth_known
from transforms.face.skin_light import FADED_FROM, colorfulness
from transforms.picture.broad_blur import broad_blur
from transforms.picture.color_models import median_color, weighted_mean
from transforms.picture.ramp import ramp
from transforms.picture.working_size import reduced

_BRIGHT, _LEAST_LIT = 62.0, 30.0
_COVER_REACH_EYES = 0.12
_SMALL_EYES_PX = 48.0
"""Distance of the eyes at which slow fields (skin color, light) are computed."""


@dataclass(frozen=True, eq=False)
class FaceView(FaceMasks):
    """A face in its window, and `FaceMasks` there without what is covered; arrays are (h, w) float32, masks 0..1.

    Attributes
    ----------
    window : FaceWindow
    exposed : ndarray
        1 = free of cover.
    skin_like : ndarray
        1 where the color is that of the skin nearby: not hair, frames of glasses, teeth or background.
    light : ndarray
        Local brightness against a usual light skin, 0.2..1.15: layers are scaled by it, so that shadow stays shadow.
    local_skin : ndarray, (h, w, 3) float32
        Lab color of the skin nearby.
    reference : ndarray, (3,) float32
        Lab color of the cheeks.
    color_need : float
        How much of a woman's color the face needs, 0.62..1.5 (`transforms.face.color_need`).
    fading : ndarray, (2,) float32
        Steps of a* and b* that this skin loses for each step of L that light burns it out, 0..0.7.
    """

    window: FaceWindow
    exposed: FloatArray
    skin_like: FloatArray
    light: FloatArray
    local_skin: FloatArray
    reference: FloatArray
    color_need: float
    fading: FloatArray

    @property
    def eyes_px(self) -> float:
        """Distance of the outer corners of the eyes."""
        return self.window.eyes_px

    @property
    def unfaded(self) -> FloatArray:
        """Lab color of the cheeks, (3,) float32, with the color that light took from them: what shade shows."""
        color = self.reference.copy()
        color[1:] += self.fading * np.float32(max(float(color[0]) - FADED_FROM, 0.0) * colorfulness(color))
        return color

    @property
    def bare_cheeks(self) -> FloatArray:
        """How surely a pixel is bare skin of a cheek, (h, w) float32, 0..1: where its texture may be sampled."""
        bare: FloatArray = np.where(self.cheeks > 0.25, self.cheeks * self.skin_like, 0) * (self.skin_like > 0.6)
        return bare

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
    masks = _exposed_masks(window, exposed)
    skin, beard = masks.skin, masks.beard
    core = skin > 0.7
    on_cheek = (masks.cheeks > 0.4) & core
    known = on_cheek if int(on_cheek.sum()) > 20 else core if core.any() else np.ones_like(core)
    reference = median_color(lab, known)
    height, width = lab.shape[:2]
    scale = min(1.0, _SMALL_EYES_PX / max(window.eyes_px, 1.0))
    size = (max(int(width * scale), 4), max(int(height * scale), 4))
    small = reduced(lab, size)
    weight = reduced(skin * (1 - 0.8 * beard), size)
    eyes_px = window.eyes_px * scale
    local = smooth_known(small, weight * near_skin(small, reference), eyes_px)
    weight *= near_skin(small, local)
    local = smooth_known(small, weight, eyes_px)
    local_skin = cv2.resize(local, (width, height), interpolation=cv2.INTER_LINEAR)
    skin_like = near_skin(lab, local_skin)
    skin_like = cv2.GaussianBlur(skin_like, (0, 0), max(0.5, 0.006 * window.eyes_px))
    face, lips = reduced(masks.face, size), reduced(masks.lips, size)
    return FaceView(
        **vars(masks),
        window=window,
        exposed=exposed,
        skin_like=skin_like,
        light=np.clip(local_skin[..., 0] / 65, 0.2, 1.15),
        local_skin=local_skin,
        reference=reference,
        color_need=color_need(small[..., 0], local[..., 0], face, lips, _seen(skin_like, beard), float(reference[0])),
        fading=_fading(small, weight),
    )


def _seen(skin_like: FloatArray, part: FloatArray) -> float:
    """Tell how much of a part looks like skin, 0..1."""
    step = slice(None, None, 2)
    return weighted_mean(skin_like[step, step], part[step, step])


def _fading(lab: FloatArray, weight: FloatArray) -> FloatArray:
    """Regress the skin's color on its lightness where it is bright; 0 where it is of one lightness."""
    lit = weight * (lab[..., 0] > _BRIGHT)
    total = float(lit.sum())
    if total < _LEAST_LIT:
        return np.zeros(2, np.float32)
    away = lab - np.einsum("ijk,ij->k", lab, lit) / np.float32(total)
    together = np.einsum("ijk,ij,ij->k", away, away[..., 0], lit) / np.float32(total)
    known = ramp(math.sqrt(max(float(together[0]), 0.0)), 3, 6)
    lost: FloatArray = np.clip(-together[1:] / max(float(together[0]), 1e-3), 0, 0.7) * known
    return lost.astype(np.float32)


def _exposed_masks(window: FaceWindow, exposed: FloatArray) -> FaceMasks:
    """Bring the masks, stacks of bytes, to the window: 0..1, 0 where covered."""
    share = exposed * np.float32(1 / 255)
    return FaceMasks(
        *(
            np.multiply(mask, share, dtype=np.float32)
            for stack in mask_stacks()
            for mask in cv2.split(window.sample(stack))
        )
    )
