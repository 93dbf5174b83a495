"""How the strands of a person's own hair run and stand out: what longer hair is chosen and drawn by.

Curl is told by how little the directions of neighboring strands agree: the coherence of the structure tensor
(Bigun & Granlund 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.head.head_crop import crop_map, crop_size_wh, warp_area
from transforms.picture.lab import lab_of

FACE_PX = 160
"""Face height of the crop in which strands are looked at."""
BLACK = 8.0
"""The logarithm of lightness is counted from a little below black, where noise would weigh too much."""
_SURE_MATTE, _LEAST_GROWN = 0.85, 0.03
"""Hair whose strands can be told, and its area in squared face heights."""
_BROAD_PX, _FINE_PX, _AROUND_PX, _RIM_PX = 4.0, 1.0, 4.0, 5


@dataclass(frozen=True)
class OwnStrands:
    """The hair that is seen of a person.

    Attributes
    ----------
    lab : ndarray, (3,)
        Its middle color.
    coherence : float
        How far strands run together, 0..1.
    contrast_log : float
        Deviation of the logarithm of their lightness from that around them.
    """

    lab: FloatArray
    coherence: float
    contrast_log: float


def own_strands(image: ImageArray, face: Face, hair: FloatArray) -> OwnStrands | None:
    """Look at the own hair.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    hair : ndarray, (H, W) float32
        `hair_matte` of `image`.

    Returns
    -------
    OwnStrands or None
        None where too little is seen.
    """
    to_crop, size_wh = crop_map(face, FACE_PX), crop_size_wh(FACE_PX)
    grown = (cv2.warpAffine(hair, to_crop, size_wh) > _SURE_MATTE).astype(np.uint8)
    sure = cv2.erode(grown, np.ones((_RIM_PX, _RIM_PX), np.uint8))
    if sure.sum() < _LEAST_GROWN * FACE_PX**2:
        return None
    left, top, width, height = cv2.boundingRect(sure)
    to_part = to_crop - [[0, 0, left], [0, 0, top]]
    lab = lab_of(warp_area(image, to_part, (width, height)))
    own = sure[top : top + height, left : left + width].astype(np.float32)
    middle = np.median(lab[own > 0], axis=0)
    return OwnStrands(middle, *coherence_and_contrast(np.log(lab[..., 0] + np.float32(BLACK)), own))


def coherence_and_contrast(light_log: FloatArray, own: FloatArray) -> tuple[float, float]:
    """Tell `OwnStrands.coherence` and `contrast_log` of some hair.

    Parameters
    ----------
    light_log, own : ndarray, (h, w) float32
        Logarithm of lightness, and where it is that of hair, 0 or 1, with a face of `FACE_PX`.
    """
    fine = _blurred((light_log - surroundings_log(light_log, own, _BROAD_PX)) * own, _FINE_PX)
    inner = cv2.erode(own, np.ones((_RIM_PX, _RIM_PX), np.uint8))
    if not inner.any():
        return 1.0, 0.0
    across, down = cv2.Sobel(fine, cv2.CV_32F, 1, 0) * inner, cv2.Sobel(fine, cv2.CV_32F, 0, 1) * inner
    xx, yy, xy = (_blurred(plane, _AROUND_PX)[inner > 0] for plane in (across * across, down * down, across * down))
    aligned = np.sqrt((xx - yy) ** 2 + 4 * xy**2).sum() / max(float((xx + yy).sum()), 1e-9)
    return float(aligned), float(fine[inner > 0].std())


def surroundings_log(light_log: FloatArray, own: FloatArray, sigma_px: float = _BROAD_PX) -> FloatArray:
    """Return the light around each strand, of hair alone: (h, w) float32."""
    return _blurred(light_log * own, sigma_px) / (_blurred(own, sigma_px) + np.float32(1e-3))


def _blurred(plane: FloatArray, sigma_px: float) -> FloatArray:
    result: FloatArray = cv2.GaussianBlur(plane, (0, 0), sigma_px)
    return result
