"""A matte found on the small crop of a head, carried to the strands of the full picture.

Source: the fast guided filter (`transforms.picture.guided`).
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.head.head_crop import FACE_PX, warp_area
from transforms.head.person import face_height_px
from transforms.picture.guided import apply_guided, guided_coefficients

MAX_FULL_FACE_PX = 420
"""Face height above which a matte is made at this size and enlarged."""
_NOTHING = 0.01
_LEAST, _VEIL = 0.04, 0.32
"""Share of hair that is none, and beyond the person: a dark wall beside dark hair may pass for it. By eye."""


def fine_matte(
    coarse: FloatArray,
    crop: ImageArray,
    image: ImageArray,
    face: Face,
    to_crop: FloatArray,
    person: FloatArray | None = None,
) -> FloatArray:
    """Carry a matte to the full picture.

    Parameters
    ----------
    coarse : ndarray, (h, w) float32
        0..1, on the crop whose face is `FACE_PX` high.
    crop : ndarray, (h, w, 3) uint8, RGB
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    to_crop : ndarray, (2, 3)
        The map from `image` to the crop.
    person : ndarray, (h, w) float32, or None
        Share of person on the crop: beyond it only what is dense is kept, no veil over what is behind.

    Returns
    -------
    ndarray, (H, W) float32
        0..1; 0 where nothing of the coarse matte is near.
    """
    height, width = image.shape[:2]
    matte = np.zeros((height, width), np.float32)
    # Only the part of the crop that holds some of it is made fine.
    rows, columns = (np.flatnonzero(coarse.max(axis=axis) > _NOTHING) for axis in (1, 0))
    if not len(rows):
        return matte
    top, left = max(0, int(rows[0]) - 4), max(0, int(columns[0]) - 4)
    part = np.s_[top : int(rows[-1]) + 5, left : int(columns[-1]) + 5]
    coefficients = guided_coefficients(coarse, crop.astype(np.float32) / 255, 4, 1e-3)[part]
    # What is less than this of hair is none, and so is a veil beyond the person.
    least = _LEAST if person is None else _LEAST + _VEIL * (1 - person[part])
    coefficients[..., 3] -= least
    coefficients /= np.asarray(1 - _LEAST - least, np.float32)[..., None]
    envelope = cv2.dilate(coarse, np.ones((5, 5), np.uint8))[part]
    zoom = min(MAX_FULL_FACE_PX, max(FACE_PX, face_height_px(face))) / FACE_PX
    full_wh = (round(envelope.shape[1] * zoom), round(envelope.shape[0] * zoom))
    to_full = to_crop * zoom
    # Pixel centers: a crop pixel is `zoom` full pixels wide.
    to_full[:, 2] += (zoom - 1) / 2 - np.array([left, top]) * zoom
    guide = warp_area(image, to_full, full_wh).astype(np.float32) / 255
    fine = apply_guided(coefficients, guide)
    fine *= np.minimum(cv2.resize(2 * envelope, full_wh, interpolation=cv2.INTER_LINEAR), 1)
    # Bytes are warped several times as fast as floats.
    levels = cv2.convertScaleAbs(fine, alpha=255)
    levels = cv2.warpAffine(levels, to_full, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.multiply(levels, np.float32(1 / 255), out=matte)
