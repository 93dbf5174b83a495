"""The guided filter: a mask takes over the edges of a picture.

Source: He, Sun and Tang, "Guided Image Filtering", TPAMI 35 (2013), color guide (eq. 19); the coefficients are found
on the small picture and applied to the large one, He and Sun, "Fast Guided Filter" (arXiv 1505.00996, 2015).
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray


def guided_coefficients(mask: FloatArray, guide: FloatArray, radius_px: int, epsilon: float) -> FloatArray:
    """Fit the mask as a local affine function of the guide's three channels.

    Parameters
    ----------
    mask : ndarray, (H, W) float32
    guide : ndarray, (H, W, 3) float32
    radius_px : int
        Half the side of the square window.
    epsilon : float
        Variance of the guide (in its own units squared) below which an edge is smoothed away.

    Returns
    -------
    ndarray, (H, W, 4) float32
        Three factors and the offset; see `apply_guided`.
    """
    window = (2 * radius_px + 1, 2 * radius_px + 1)

    def mean(plane: FloatArray) -> FloatArray:
        return cv2.blur(plane, window, borderType=cv2.BORDER_REFLECT)

    mean_guide, mean_mask = mean(guide), mean(mask)
    covariance = mean(guide * mask[..., None]) - mean_guide * mean_mask[..., None]
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    planes, mean_planes = cv2.split(guide), cv2.split(mean_guide)
    rr, rg, rb, gg, gb, bb = (
        mean(planes[i] * planes[j]) - mean_planes[i] * mean_planes[j] + (epsilon if i == j else 0.0) for i, j in pairs
    )
    # Inverse of the symmetric 3 x 3 matrix by cofactors: numpy.linalg would be ten times slower here.
    c00, c01, c02 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c11, c12, c22 = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = rr * c00 + rg * c01 + rb * c02
    x, y, z = cv2.split(covariance)
    factors = [
        (c00 * x + c01 * y + c02 * z) / determinant,
        (c01 * x + c11 * y + c12 * z) / determinant,
        (c02 * x + c12 * y + c22 * z) / determinant,
    ]
    offset = mean_mask - sum(factor * plane for factor, plane in zip(factors, mean_planes, strict=True))
    return np.asarray(mean(cv2.merge([*factors, offset])), np.float32)


def apply_guided(coefficients: FloatArray, guide: FloatArray) -> FloatArray:
    """Evaluate the affine functions on a guide of the same or a larger size, (H, W) float32, clipped to 0..1."""
    height, width = guide.shape[:2]
    if coefficients.shape[:2] != (height, width):
        coefficients = cv2.resize(coefficients, (width, height), interpolation=cv2.INTER_LINEAR)
    value: FloatArray = np.einsum("ijk,ijk->ij", coefficients[..., :3], guide) + coefficients[..., 3]
    return np.asarray(np.clip(value, 0, 1), np.float32)
