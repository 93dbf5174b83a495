"""A square, upright, centered cut-out of one face: the view that the nets are good at."""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray


def halved(picture: ImageArray) -> ImageArray:
    """Halve a picture, but for an odd last row or column: a tenth of the time of a reduction at any other scale."""
    half_wh = picture.shape[1] // 2, picture.shape[0] // 2
    return cv2.resize(picture[: 2 * half_wh[1], : 2 * half_wh[0]], half_wh, interpolation=cv2.INTER_AREA)


def upright_crop(
    image: ImageArray, center_px: FloatArray, size_px: float, roll_deg: float, side_px: int
) -> tuple[ImageArray, FloatArray]:
    """Cut a square out of a picture, turned so that a face of this roll stands upright.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8
    center_px : ndarray, (2,) float32
        Center of the square in the picture, x right, y down.
    size_px : float
        Side of the square in the picture.
    roll_deg : float
        Clockwise angle by which the face is turned.
    side_px : int
        Side of the cut-out; what lies outside the picture is black.

    Returns
    -------
    crop : ndarray, (side, side, 3) uint8
    to_crop : ndarray, (2, 3) float64
        Affine map from the picture to the cut-out.
    """
    scale = side_px / size_px
    to_crop: FloatArray = cv2.getRotationMatrix2D((float(center_px[0]), float(center_px[1])), roll_deg, scale)
    to_crop[:, 2] += side_px / 2 - np.asarray(center_px, np.float64)
    reach_px = 0.5 * size_px * (abs(math.cos(math.radians(roll_deg))) + abs(math.sin(math.radians(roll_deg)))) + 2
    low = np.clip(np.floor(center_px - reach_px), 0, [image.shape[1] - 1, image.shape[0] - 1]).astype(int)
    high = np.clip(np.ceil(center_px + reach_px), low + 1, [image.shape[1], image.shape[0]]).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    shift = np.eye(3)
    shift[:2, 2] = low
    # Halves are nearly free, but stop early: the last step is by area, so that no point of the result is one pixel.
    while scale <= 0.25 and min(part.shape[:2]) >= 4:
        part = halved(part)
        shift = shift @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
        scale *= 2
    if scale < 0.6:
        # cv2.warpAffine samples points and would alias: reduce by area first.
        part_wh = np.array(part.shape[1::-1])
        wanted_wh = np.maximum(np.round(part_wh * scale), 1).astype(int)
        ratio_xy = wanted_wh / part_wh
        part = cv2.resize(part, (int(wanted_wh[0]), int(wanted_wh[1])), interpolation=cv2.INTER_AREA)
        reduced_to_part = np.diag([1 / ratio_xy[0], 1 / ratio_xy[1], 1.0])
        reduced_to_part[:2, 2] = 0.5 / ratio_xy - 0.5
        shift = shift @ reduced_to_part
    from_part = to_crop @ shift
    flags = cv2.INTER_LINEAR if scale <= 1 else cv2.INTER_CUBIC
    crop = cv2.warpAffine(np.ascontiguousarray(part), from_part, (side_px, side_px), flags=flags)
    return np.ascontiguousarray(crop), to_crop
