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

    def mean(planes: FloatArray) -> FloatArray:
        return np.asarray(cv2.blur(planes, window, borderType=cv2.BORDER_REFLECT), np.float32)

    # Four planes at once are blurred in the time of two.
    red, green, blue = cv2.split(guide)
    r, g, b, m = cv2.split(mean(cv2.merge([red, green, blue, mask])))
    rr, rg, rb, gg = cv2.split(mean(cv2.merge([red * red, red * green, red * blue, green * green])))
    gb, bb, x, y = cv2.split(mean(cv2.merge([green * blue, blue * blue, red * mask, green * mask])))
    z = mean(blue * mask)
    rr, rg, rb, gg = rr - r * r + epsilon, rg - r * g, rb - r * b, gg - g * g + epsilon
    gb, bb = gb - g * b, bb - b * b + epsilon
    x, y, z = x - r * m, y - g * m, z - b * m
    # Inverse of the symmetric 3 x 3 matrix by cofactors: numpy.linalg would be ten times slower here.
    c00, c01, c02 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c11, c12, c22 = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = rr * c00 + rg * c01 + rb * c02
    by_red = (c00 * x + c01 * y + c02 * z) / determinant
    by_green = (c01 * x + c11 * y + c12 * z) / determinant
    by_blue = (c02 * x + c12 * y + c22 * z) / determinant
    offset = m - by_red * r - by_green * g - by_blue * b
    return mean(cv2.merge([by_red, by_green, by_blue, offset]))


def apply_guided(coefficients: FloatArray, guide: FloatArray) -> FloatArray:
    """Evaluate the affine functions on a guide of the same or a larger size, (H, W) float32, clipped to 0..1."""
    height, width = guide.shape[:2]
    if coefficients.shape[:2] != (height, width):
        coefficients = cv2.resize(coefficients, (width, height), interpolation=cv2.INTER_LINEAR)
    value: FloatArray = np.einsum("ijk,ijk->ij", coefficients[..., :3], guide) + coefficients[..., 3]
    return np.asarray(np.clip(value, 0, 1), np.float32)
