"""Color models of a head in Lab: skin from patches of the face, any group of pixels as a bell or a histogram."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray

COLOR_BINS = 24
_BESIDE = np.array((0.25, 0.5, 0.25))
"""How a bin's pixels are spread over it and those beside it."""
_MOST_PIXELS = 2000
GRAY_CHROMA = 4.0
"""Skin of less chroma than this is seen in a gray picture."""
# fmt: off
# Six patches of skin, two each of forehead, lower lid and cheek: a mask or a fringe hides two of them at most.
SKIN_PATCHES = (
    (108, 151, 9, 107), (337, 151, 9, 336), (230, 120, 114, 233), (450, 349, 343, 453),
    (50, 205, 203, 101), (280, 425, 423, 330),
)
# fmt: on


def polygon_mask(points: FloatArray, vertices: Sequence[int], size_wh: tuple[int, int], blur_px: float) -> FloatArray:
    """Return the polygon of these points as a mask of 0..1, (h, w) float32, blurred by a sigma (0: sharp)."""
    mask = np.zeros((size_wh[1], size_wh[0]), np.float32)
    cv2.fillPoly(mask, [np.round(points[list(vertices)] * 8).astype(np.int32)], 1.0, cv2.LINE_AA, 3)
    return cv2.GaussianBlur(mask, (0, 0), blur_px) if blur_px else mask


def hull_mask(points: FloatArray, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """Return 1 within the convex hull of points, (N, 2) whole numbers, and 0 beyond, (h, w)."""
    mask = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 1)
    return mask


def skin_patches(lab: FloatArray, points: FloatArray) -> list[FloatArray]:
    """Return those patches of the face whose color agrees with the middle one of them, each (h, w) bool."""
    size_wh = (lab.shape[1], lab.shape[0])
    patches = [polygon_mask(points, corners, size_wh, 0) > 0.5 for corners in SKIN_PATCHES]
    patches = [patch for patch in patches if patch.sum() > 3]
    if not patches:
        return []
    medians = np.array([median_color(lab, patch) for patch in patches])
    apart = np.abs(medians - np.median(medians, axis=0)) / (34, 9, 12)
    return [patch for patch, far in zip(patches, apart.max(axis=1), strict=True) if far < 1]


def median_color(lab: FloatArray, chosen: FloatArray) -> FloatArray:
    """Return the median, (3,) float32, of the pixels of (h, w, 3) that a mask, (h, w) bool, holds.

    Of many pixels a part evenly spread over them tells it as well.
    """
    # Plane by plane numpy chooses five times as fast, and `np.median` takes six times as long as what it is made of.
    planes = np.stack([lab[..., plane][chosen] for plane in range(3)])
    planes = planes[:, :: 1 + planes.shape[1] // _MOST_PIXELS]
    middle = planes.shape[1] // 2
    return np.asarray(np.partition(planes, middle, axis=1)[:, middle], np.float32)


def skin_likeness(lab: FloatArray, patch: FloatArray) -> FloatArray:
    """Return 0..1 by the distance from the face's own skin; light may raise lightness at will, shade only so far."""
    sample = lab[patch]
    center = np.median(sample, axis=0)
    # On dark skin hair is near in lightness: the spread shrinks with it. A gray picture has nothing but lightness.
    least = np.array([6.0, 2.4, 3.0]) * np.clip(center[0] / 60, 0.5, 1)
    if np.hypot(center[1], center[2]) < GRAY_CHROMA:
        least[0] *= 0.6
    spread = np.clip(1.48 * np.median(np.abs(sample - center), axis=0), least, 1.6 * least)
    return _bell(lab, center, 2.2 * spread, 0.25)


def likeness_of(lab: FloatArray, weights: FloatArray) -> FloatArray:
    """Return 0..1 by the distance from the weighted mean color."""
    center = mean_color(lab, weights)
    spread = np.sqrt(mean_color((lab - center.astype(np.float32)) ** 2, weights))
    return _bell(lab, center, 2 * np.clip(spread, (4, 2, 2.5), (11, 5, 6)), 1.0)


def mean_color(lab: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the mean of (h, w, 3) weighted by (h, w)."""
    # Plane by plane numpy multiplies five times as fast.
    sums = [float(np.einsum("ij,ij", plane, weights)) for plane in cv2.split(lab)]
    return np.array(sums) / (float(weights.sum()) + 1e-6)


def weighted_mean(values: FloatArray, weights: FloatArray) -> float:
    """Return the mean of (h, w) weighted by (h, w); 0 where nothing weighs."""
    return float((values * weights).sum()) / max(float(weights.sum()), 1e-3)


def color_share(lab: FloatArray, color: FloatArray, spread: FloatArray) -> FloatArray:
    """Return 1 where a pixel of (h, w, 3) Lab has a color, (3,), less the farther away it is by `spread`, (3,)."""
    square = np.zeros(lab.shape[:2], np.float32)
    for plane, width in enumerate(spread):
        square += ((lab[..., plane] - color[plane]) / width) ** 2
    return np.asarray(cv2.exp(-0.5 * square), np.float32)


def naturalness(lab: FloatArray) -> FloatArray:
    """Return 0..1, whether hair has such a color without dye; (h, w) float32. Limits by eye on Lab, in D65."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    # Hair lies between neutral and a brown to gold hue; dark hair may mirror a blue sky.
    beyond = np.maximum(0, -b - np.interp(lightness, (30, 40, 65, 80), (12, 4, 4, 8))) + np.maximum(0, -a - 5)
    beyond += np.maximum(0, a - 7 - 1.1 * np.maximum(b, 0)) + np.maximum(0, np.hypot(a, b) - 48)
    natural: FloatArray = np.exp(-0.5 * (beyond / 3) ** 2)
    return natural.astype(np.float32)


def color_codes(lab: FloatArray) -> NDArray[np.intp]:
    """Return the bin of each pixel in Lab, (h, w), 0..COLOR_BINS**3: lightness by 4, colors by 4 about neutral."""
    lightness, a, b = cv2.split(lab)
    scaled = lightness / 100 * COLOR_BINS, a / 4 + 12, b / 4 + 12
    first, second, third = (np.clip(plane, 0, COLOR_BINS - 1).astype(np.intp) for plane in scaled)
    return (first * COLOR_BINS + second) * COLOR_BINS + third


def density(codes: NDArray[np.intp], weights: FloatArray) -> FloatArray:
    """Return the smoothed histogram of the weighted pixels, read back at each pixel; sums to one over the bins."""
    n, border = COLOR_BINS, cv2.BORDER_REPLICATE
    bins = np.bincount(codes.ravel(), weights.ravel(), n**3).reshape(n, n, n)
    smooth = cv2.sepFilter2D(bins, -1, _BESIDE, _BESIDE, borderType=border).reshape(n * n, n)
    counts: FloatArray = cv2.sepFilter2D(smooth, -1, _BESIDE, np.ones(1), borderType=border)
    total = counts.sum()
    if total <= 0:
        return np.zeros(codes.shape, np.float32)
    density: FloatArray = (counts / total).astype(np.float32).ravel()[codes]
    return density


def _bell(lab: FloatArray, center: FloatArray, width: FloatArray, above_factor: float) -> FloatArray:
    """Gaussian of the difference in Lab; lightness above the center counts by a factor."""
    away = (lab - np.float32(center)) / np.float32(width)
    away[..., 0] = np.where(away[..., 0] > 0, above_factor * away[..., 0], away[..., 0])
    square: FloatArray = np.einsum("ijk,ijk->ij", away, away)
    return np.asarray(cv2.exp(-0.5 * square), np.float32)
