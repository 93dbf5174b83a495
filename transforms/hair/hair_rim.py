"""The rim about colored hair: compression and lenses spread its color over what it lies before.

The matte ends where the hair does, in lightness. Beyond it color goes on for a few pixels, and would be an outline
about hair that has been grayed. There the color of what lies farther out comes back. Sizes by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.hair.hair_net import BELOW_BROWS
from transforms.head.person import face_height_px
from transforms.picture.color_models import median_color, polygon_mask
from transforms.picture.ramp import ramp

_SURE_MATTE, _NO_MATTE = 0.9, 8
"""Ratio of what surely is hair, and levels of 255 of what is none."""
_LEAST_CHROMA, _CHROMA_WITHIN = 6.0, 6.0
"""Black and gray hair has no color to spread."""
_AROUND_REACHES, _LEAST_SEEN = 8, 0.05
"""Breadth of what is looked at beyond the rim, and its share there from which on it tells."""


def rim_reach_px(face_px: float) -> int:
    """Return how far hair's color reaches beyond the matte on a face so high."""
    return max(2, round(0.02 * face_px))


def without_rim(colored: FloatArray, before: FloatArray, matte: FloatArray, amount: float, face: Face) -> FloatArray:
    """Take the hair's former color out of the rim about it, as far as what lies beyond has less of it.

    Parameters
    ----------
    colored, before : ndarray, (h, w, 3) float32
        Lab, hair grayed and not.
    matte : ndarray, (h, w) float32
    amount : float
        How far the hair was grayed, 0..1.
    face : Face
        In pixels of `colored`; what lies below its brows is skin beside hair and stays.

    Returns
    -------
    ndarray, (h, w, 3) float32
        `colored` itself for hair without color.
    """
    sure = matte > _SURE_MATTE
    if not sure.any():
        return colored
    hair_ab = median_color(before, sure)[1:]
    chroma = float(np.hypot(*hair_ab))
    told = amount * ramp(chroma, _LEAST_CHROMA, _LEAST_CHROMA + _CHROMA_WITHIN)
    if not told:
        return colored
    reach_px = rim_reach_px(face_height_px(face))
    side = 2 * reach_px + 1
    near = cv2.dilate((matte * 255).astype(np.uint8), np.ones((side, side), np.uint8))
    rim = np.minimum(near, cv2.blur(near, (side, side))) * np.float32(told / 255)
    skin = polygon_mask(face.landmarks_px[:, :2], BELOW_BROWS, (matte.shape[1], matte.shape[0]), 0)
    rim *= (1 - matte) * (1 - cv2.blur(skin, (side, side)))
    way = (hair_ab / chroma).astype(np.float32)
    along = cv2.transform(cv2.merge([colored[..., 1], colored[..., 2]]), way[None])
    # What lies beyond is broad: a smaller picture tells it.
    small_wh = (max(along.shape[1] // reach_px, 1), max(along.shape[0] // reach_px, 1))
    beyond = cv2.resize((near < _NO_MATTE).view(np.uint8) * np.uint8(255), small_wh, interpolation=cv2.INTER_AREA)
    weights = beyond.astype(np.float32) * np.float32(1 / 255)
    around = (_AROUND_REACHES + 1, _AROUND_REACHES + 1)
    seen = cv2.blur(weights, around)
    usual = cv2.blur(cv2.resize(along, small_wh, interpolation=cv2.INTER_AREA) * weights, around)
    usual = usual / np.maximum(seen, np.float32(1e-3))
    # A mixture of hair and what is beyond: of it only what the hair gave goes, to the gray it has now.
    hairs = np.clip(chroma / np.maximum(chroma - usual, np.float32(1e-3)), 0, 1) * (usual < chroma)
    hairs *= np.clip(seen / _LEAST_SEEN - 0.2, 0, 1)
    size_wh = along.shape[::-1]
    excess = np.clip(along - cv2.resize(usual, size_wh), 0, chroma) * cv2.resize(hairs, size_wh) * rim
    result = colored.copy(order="K")
    for plane, share in enumerate(way, start=1):
        result[..., plane] -= excess * share
    return result
