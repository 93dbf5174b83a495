"""Which longer hair goes with a head: by the curl of its own hair, how light that is, and how the head is held.

Curl is told by how little the directions of neighboring strands agree: the coherence of the structure tensor
(Bigun & Granlund 1987). Limits by eye, on public-domain portraits of men.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.head.head_crop import crop_map, crop_size_wh, warp_area
from transforms.head.person import head_roll_deg
from transforms.long_hair.hairdo import BLACK
from transforms.picture.lab import lab_of

_FACE_PX = 160
_SURE_MATTE, _LEAST_GROWN = 0.85, 0.03
"""Hair whose strands can be told, and its area in squared face heights."""
_BROAD_PX, _FINE_PX, _AROUND_PX, _RIM_PX = 4.0, 1.0, 4.0, 5
_CURLY_COHERENCE, _WAVY_COHERENCE, _LEAST_CONTRAST = 0.45, 0.62, 0.09
_GRAY_LIGHTNESS, _GRAY_CHROMA, _WHITE_LIGHTNESS, _HELD_ASLANT_DEG = 33.0, 8.0, 55.0, 12.0

BY_KIND = {
    "aslant": ("bob",),
    "gray": ("bob",),
    "curly": ("curly",),
    "wavy": ("wavy", "parted"),
    "straight": ("wavy", "parted"),
    "unseen": ("parted",),
}
"""Hairdos for each kind of head; the face's own pattern tells which of them. Hair that hangs far down would hang
aslant with a head that is held so; parted in the middle, it makes of gray hair an old man's, and leaves the top of a
bald head free. The bob turns judges less than longer ones at more distance: it is left where those do not suit."""


def hairdo_for(image: ImageArray, face: Face, hair: FloatArray, pattern: int) -> str:
    """Choose a hairdo.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    hair : ndarray, (H, W) float32
        `hair_matte` of `image`.
    pattern : int
        Of the face: `transforms.face.face_window.pattern_of`.

    Returns
    -------
    str
        The name of one of `hairdo.hairdo`.
    """
    among = BY_KIND[_kind(image, face, hair)]
    return among[pattern // 2 % len(among)]


def _kind(image: ImageArray, face: Face, hair: FloatArray) -> str:
    if abs(head_roll_deg(face)) > _HELD_ASLANT_DEG:
        return "aslant"
    to_crop, size_wh = crop_map(face, _FACE_PX), crop_size_wh(_FACE_PX)
    grown = (cv2.warpAffine(hair, to_crop, size_wh) > _SURE_MATTE).astype(np.uint8)
    sure = cv2.erode(grown, np.ones((_RIM_PX, _RIM_PX), np.uint8))
    if sure.sum() < _LEAST_GROWN * _FACE_PX**2:
        return "unseen"
    left, top, width, height = cv2.boundingRect(sure)
    to_part = to_crop - [[0, 0, left], [0, 0, top]]
    lab = lab_of(warp_area(image, to_part, (width, height)))
    lightness = lab[..., 0]
    own = sure[top : top + height, left : left + width].astype(np.float32)
    middle = np.median(lab[own > 0], axis=0)
    if middle[0] > (_GRAY_LIGHTNESS if np.hypot(*middle[1:]) < _GRAY_CHROMA else _WHITE_LIGHTNESS):
        return "gray"
    coherence, contrast = _coherence(np.log(lightness + BLACK), own)
    if coherence < _CURLY_COHERENCE and contrast > _LEAST_CONTRAST:
        return "curly"
    return "wavy" if coherence < _WAVY_COHERENCE and contrast > _LEAST_CONTRAST else "straight"


def _coherence(light_log: FloatArray, own: FloatArray) -> tuple[float, float]:
    """Tell how far strands run together, 0..1, and how much their light differs."""

    def blurred(plane: FloatArray, sigma_px: float) -> FloatArray:
        result: FloatArray = cv2.GaussianBlur(plane, (0, 0), sigma_px)
        return result

    broad = blurred(light_log * own, _BROAD_PX) / (blurred(own, _BROAD_PX) + np.float32(1e-3))
    fine = blurred((light_log - broad) * own, _FINE_PX)
    inner = cv2.erode(own, np.ones((_RIM_PX, _RIM_PX), np.uint8))
    if not inner.any():
        return 1.0, 0.0
    across, down = cv2.Sobel(fine, cv2.CV_32F, 1, 0) * inner, cv2.Sobel(fine, cv2.CV_32F, 0, 1) * inner
    xx, yy, xy = (blurred(plane, _AROUND_PX)[inner > 0] for plane in (across * across, down * down, across * down))
    aligned = np.sqrt((xx - yy) ** 2 + 4 * xy**2).sum() / max(float((xx + yy).sum()), 1e-9)
    return float(aligned), float(fine[inner > 0].std())
