"""A young neck and forehead beyond the mesh: folds lifted to the skin around them, spots taken out, grain kept.

Source: normalized convolution, Knutsson and Westin (CVPR 1993); median filter, Tukey 1977. Sizes by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.picture.bounds import bounds
from transforms.picture.working_size import add_enlarged, enlarged, part_of_picture, reduced, working_size

_FOLD_SIGMA_FACES, _FOLDS_EVENED, _FOLD_LIMIT, _DARK_STEPS = 0.08, 0.85, 30.0, 8.0
"""Blur that a fold is compared with, share of its depth that is taken out, most steps of L, and those below the first
comparison from which on a pixel has hardly a part in the second."""
_RIDGES_EVENED = 0.6
_WIDEST_FOLD_PX = 13
"""On a face of 80 px."""
_SPOTS_FACE_PX = 120.0
_MEDIAN_PX, _MEDIANS = 5, 2
"""OpenCV has a fast filter for up to 5 px; two of them reach as far as one of 7."""
_SPOTS_TAKEN, _GRAIN_TAKEN, _GRAIN_STEPS = 0.9, 0.7, 8
"""Shares of spots and of finer grain that go, and the most steps of 255 that grain has: more is an edge. By eye."""
_MOST_APART, _APART_WITHIN = 55.0, 25.0
"""Steps of 255 between a spot and what is around, and within how many it fades out. By eye."""


def unfolded(lightness: FloatArray, skin: FloatArray, face_px: float, light: FloatArray | float = 1.0) -> FloatArray:
    """Find how far folds lie below the skin around them, and ridges between them above it.

    Parameters
    ----------
    lightness, skin : ndarray, (h, w) float32
        L of CIE Lab; share of skin beyond the mesh, 0..1.
    face_px : float
        Height of the face.
    light : ndarray, (h, w) float32, or float
        On the skin, against that around it: what is as dark is no fold.

    Returns
    -------
    ndarray, (h, w) float32
        Steps of L to add.
    """
    sigma_px = _FOLD_SIGMA_FACES * face_px
    around, known = _around(lightness, skin, sigma_px)
    # Once more without what is dark: a wattle as broad as this would be compared with itself.
    plain = skin * np.exp(-((np.maximum(around - lightness, 0) / _DARK_STEPS) ** 2))
    around, _ = _around(lightness, plain, sigma_px)
    fold, ridge = np.maximum(around * light - lightness, 0), np.maximum(lightness - around, 0)
    lift: FloatArray = np.float32(_FOLDS_EVENED) * np.minimum(fold, _FOLD_LIMIT)
    lift -= np.float32(_RIDGES_EVENED) * np.minimum(ridge, _FOLD_LIMIT)
    lift *= np.clip(2 * known, 0, 1)
    return lift


def _around(lightness: FloatArray, weight: FloatArray, sigma_px: float) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean around each pixel, and how much weight is there."""
    known = cv2.GaussianBlur(weight, (0, 0), sigma_px)
    return cv2.GaussianBlur(lightness * weight, (0, 0), sigma_px) / np.maximum(known, 1e-3), known


def closed(skin: FloatArray) -> FloatArray:
    """Take what lies between skin for skin, (h, w) float32, 0..1, on a face of at most 80 px."""
    return np.asarray(cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((_WIDEST_FOLD_PX,) * 2, np.uint8)), np.float32)


def unspotted(picture: ImageArray, amount: FloatArray, face_px: float) -> ImageArray:
    """Take out spots and fine folds, which a small picture does not show.

    Parameters
    ----------
    picture : ndarray, (H, W, 3) uint8, RGB
    amount : ndarray, (h, w) float32
        How much of it goes, 0..1, in a smaller picture of the same part.
    face_px : float
        Height of the face in `picture`.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB
    """
    height, width = picture.shape[:2]
    _, size_wh = working_size(width, height, face_px, _SPOTS_FACE_PX)
    small = reduced(picture, size_wh)
    weight = cv2.resize(amount, size_wh, interpolation=cv2.INTER_LINEAR)
    touched = bounds(weight > 0, _MEDIANS * (_MEDIAN_PX // 2))
    if touched is None:
        return picture
    spotted = np.ascontiguousarray(small[touched])
    even = spotted
    for _ in range(_MEDIANS):
        even = cv2.medianBlur(even, _MEDIAN_PX)
    # What differs by more is no spot of the skin: a print of the clothes, a jewel, a strand.
    apart = np.maximum.reduce(cv2.split(cv2.absdiff(even, spotted))).astype(np.float32)
    taken = _SPOTS_TAKEN * weight[touched] * np.clip((_MOST_APART - apart) / _APART_WITHIN, 0, 1)
    change = np.zeros(small.shape, np.float32)
    change[touched] = np.subtract(even, spotted, dtype=np.float32) * taken[..., None]
    part = part_of_picture(touched, size_wh, (width, height))
    cleared = add_enlarged(picture, change, part)
    for finer, laid in zip(_grain(picture, small, weight, part), (cv2.subtract, cv2.add), strict=True):
        laid(cleared[part], cv2.merge([finer] * 3), dst=cleared[part])
    return cleared


def _grain(
    picture: ImageArray, small: ImageArray, weight: FloatArray, part: tuple[slice, slice]
) -> tuple[ImageArray, ImageArray]:
    """Find light and shade of a part of a picture that are finer than the small picture shows, by weight."""
    size_wh = (picture.shape[1], picture.shape[0])
    gray = cv2.cvtColor(picture[part], cv2.COLOR_RGB2GRAY)
    broad = enlarged(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), size_wh, part)
    taken = enlarged(cv2.convertScaleAbs(weight, alpha=255 * _GRAIN_TAKEN), size_wh, part)
    light, shade = (
        np.minimum(away, np.uint8(_GRAIN_STEPS)) for away in (cv2.subtract(gray, broad), cv2.subtract(broad, gray))
    )
    return cv2.multiply(light, taken, scale=1 / 255), cv2.multiply(shade, taken, scale=1 / 255)
