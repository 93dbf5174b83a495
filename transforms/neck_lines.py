"""Rings and bands of an old neck, on what skin is seen below the chin.

Source: horizontal neck lines and platysmal bands, de Castro 1980 (Plastic and Reconstructive Surgery 66:826-833).
Depths, sizes and limits of color by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.color_models import polygon_mask
from transforms.furrows import NECK_WH_PX, neck_page
from transforms.lab import lab_of, rgb_of
from transforms.person import face_height_px
from transforms.wrinkles import headroom, own_valleys, shaded

_CHIN, _FOREHEAD, _RIGHT_CHEEK, _LEFT_CHEEK, _NOSE_TIP = 152, 10, 234, 454, 1
_THROAT = (150, 176, 152, 400, 379)
_HALF_WIDTH, _HEIGHT_FACES = 0.42, 0.5
"""Of the page, against the face's width and height."""
_NECK_OF_NOSE = 0.5
"""Offset of the neck against the offset of the nose tip in a turned head."""
_THROAT_FACES = (0.07, 0.2)
"""Below the chin, where the neck's own color is looked for."""
_COLOR_AWAY, _LIGHT_AWAY = 5.0, 16.0
_LEAST_SEEN = 0.25
_SEEN = 0.05


def crease_neck(
    picture: ImageArray, face: Face, open_skin: FloatArray, scale: float, strength: float, turned: bool
) -> ImageArray:
    """Darken along the lines of the neck.

    Parameters
    ----------
    picture : ndarray, (h, w, 3) uint8, RGB
    face : Face
        In pixels of `picture`.
    open_skin : ndarray, (h', w') float32
        1 where skin is seen beyond the mesh, in a reduced picture.
    scale : float
        Of the reduced picture.
    strength : float
        Of the wrinkles; 1 is a person of about 70.
    turned : bool
        Whether the page is turned round, so that not all necks are alike.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
        `picture` itself where no neck is seen.
    """
    points = face.landmarks_px[:, :2].astype(np.float64)
    height_px = face_height_px(face)
    down = points[_CHIN] - points[_FOREHEAD]
    down /= max(float(np.linalg.norm(down)), 1e-6)
    across = np.array([down[1], -down[0]])
    half_px = _HALF_WIDTH * max(abs(float((points[_LEFT_CHEEK] - points[_RIGHT_CHEEK]) @ across)), 0.6 * height_px)
    aside = float(((points[_LEFT_CHEEK] + points[_RIGHT_CHEEK]) / 2 - points[_NOSE_TIP]) @ across)
    chin = points[_CHIN] + _NECK_OF_NOSE * aside * across
    corners = np.array(
        [chin + side * half_px * across + drop * height_px * down for drop in (0, _HEIGHT_FACES) for side in (-1, 1)]
    )
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, picture.shape[1::-1])
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, picture.shape[1::-1])
    if (high - low < 8).any():
        return picture
    part = np.s_[low[1] : high[1], low[0] : high[0]]
    size_wh = (int(high[0] - low[0]), int(high[1] - low[1]))
    lab = lab_of(picture[part])
    to_small = np.array([[scale, 0, (low[0] + 0.5) * scale - 0.5], [0, scale, (low[1] + 0.5) * scale - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(open_skin, to_small, size_wh, flags=flags)
    skin = _throat_color(lab, seen, points - low, down, height_px)
    if skin is None:
        return picture
    away = cv2.GaussianBlur(lab, (0, 0), max(0.01 * height_px, 0.5)) - skin
    seen *= np.clip(2 - np.hypot(away[..., 1], away[..., 2]) / _COLOR_AWAY, 0, 1)
    seen *= np.clip(2 - np.abs(away[..., 0]) / _LIGHT_AWAY, 0, 1)
    depth = _page(chin - low, down, across * (-1 if turned else 1), half_px, height_px, size_wh)
    late = strength * min(strength, 1.25)
    depth = depth * late + own_valleys(lab[..., 0], 0.66 * height_px) * min(strength, 1.5)
    lightness = cv2.GaussianBlur(lab[..., 0], (0, 0), 0.05 * height_px)
    depth *= seen * np.clip(lightness / 65, 0.2, 1.15) * headroom(lightness)
    result = picture.copy()
    result[part] = cv2.copyTo(
        rgb_of(shaded(lab, depth, skin)), (np.abs(depth) > _SEEN).view(np.uint8), picture[part].copy()
    )
    return result


def _throat_color(
    lab: FloatArray, seen: FloatArray, points: FloatArray, down: FloatArray, height_px: float
) -> FloatArray | None:
    """Median color of the skin just below the chin, (3,) Lab; None where little of it is seen."""
    near, far = (points[list(_THROAT)] + share * height_px * down for share in _THROAT_FACES)
    outline = np.vstack([near, far[::-1]])
    throat = polygon_mask(outline, range(len(outline)), (lab.shape[1], lab.shape[0]), 0) > 0.5
    skin = throat & (seen > 0.5)
    if skin.sum() < max(_LEAST_SEEN * throat.sum(), 8):
        return None
    return np.asarray(np.median(lab[skin], axis=0), np.float32)


def _page(
    chin: FloatArray, down: FloatArray, across: FloatArray, half_px: float, height_px: float, size_wh: tuple[int, int]
) -> FloatArray:
    """Return the lines of the neck in a part of the picture, steps of L."""
    wide, high = NECK_WH_PX
    steps = np.array([across * wide / (2 * half_px), down * high / (_HEIGHT_FACES * height_px)])
    shift = np.array([wide / 2, 0]) - steps @ chin
    page = neck_page()
    step = float(np.linalg.norm(steps[0]))
    if step > 1.2:
        page = cv2.GaussianBlur(page, (0, 0), 0.45 * step)
    drawn: FloatArray = cv2.warpAffine(
        page, np.column_stack([steps, shift]), size_wh, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return drawn
