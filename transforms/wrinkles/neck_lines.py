"""Rings and bands of an old neck, on what skin is seen below the chin.

Source: the bands are the borders of the platysma, de Castro 1980 (The anatomy of the platysma muscle, Plastic and
Reconstructive Surgery 66, 5). Rings, depths, sizes and limits of color by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.face.face_window import prefiltered
from transforms.face.skin_light import headroom
from transforms.head.person import face_height_px
from transforms.picture.color_models import polygon_mask
from transforms.picture.ramp import ramp
from transforms.wrinkles.furrows import NECK_WH_PX, neck_page
from transforms.wrinkles.wrinkles import lined, own_valleys, shade_color

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
_CHEEKS = (50, 280, 205, 425, 101, 330)
_LIT, _LIT_WITHIN = 1.0, 0.1
"""Lightness of a throat against the cheeks: 0.56 to 0.9 mostly. By measure."""
_EYES_FACES = 0.66
"""Distance of the eyes' outer corners in heights of the face."""


def neck_shade(
    picture: ImageArray, face: Face, small_lab: FloatArray, open_skin: FloatArray, strength: float, turned: bool
) -> tuple[tuple[slice, slice], FloatArray] | None:
    """Shade the lines of the neck.

    Parameters
    ----------
    picture : ndarray, (h, w, 3) uint8, RGB
    face : Face
        In pixels of `picture`.
    small_lab : ndarray, (h', w', 3) float32
        The picture, reduced.
    open_skin : ndarray, (h', w') float32
        1 where skin is seen beyond the mesh.
    strength : float
        Of the wrinkles; 1 is a person of about 70.
    turned : bool
        Whether the page is turned round, so that not all necks are alike.

    Returns
    -------
    (rows, columns), (slice, slice)
        A part of the picture.
    change : ndarray, (rows, columns, 3) float32
        Steps of Lab. Instead of both, None where no neck is seen.
    """
    points = face.landmarks_px[:, :2].astype(np.float64)
    height_px = face_height_px(face)
    down = points[_CHIN] - points[_FOREHEAD]
    down /= max(float(np.linalg.norm(down)), 1e-6)
    across = np.array([down[1], -down[0]])
    half_px = _HALF_WIDTH * max(abs(float((points[_LEFT_CHEEK] - points[_RIGHT_CHEEK]) @ across)), 0.6 * height_px)
    aside = float(((points[_LEFT_CHEEK] + points[_RIGHT_CHEEK]) / 2 - points[_NOSE_TIP]) @ across)
    chin = points[_CHIN] + _NECK_OF_NOSE * aside * across
    scale = np.array(small_lab.shape[1::-1]) / picture.shape[1::-1]
    skin = _throat_color(small_lab, open_skin, (points + 0.5) * scale - 0.5, down * scale, height_px)
    corners = np.array(
        [chin + side * half_px * across + drop * height_px * down for drop in (0, _HEIGHT_FACES) for side in (-1, 1)]
    )
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, picture.shape[1::-1])
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, picture.shape[1::-1])
    if skin is None or (high - low < 8).any():
        return None
    shaded = _shaded_ratio(float(skin[0]), small_lab, (points[list(_CHEEKS)] + 0.5) * scale - 0.5)
    if not shaded:
        return None
    part = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
    size_wh = (int(high[0] - low[0]), int(high[1] - low[1]))
    away = small_lab - skin
    seen = open_skin * np.clip(2 - np.hypot(away[..., 1], away[..., 2]) / _COLOR_AWAY, 0, 1)
    seen *= np.clip(2 - np.abs(away[..., 0]) / _LIGHT_AWAY, 0, 1)
    light = np.clip(small_lab[..., 0] / 65, 0.2, 1.15) * headroom(small_lab[..., 0])
    to_small = np.column_stack([np.diag(scale), (low + 0.5) * scale - 0.5])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    weight = cv2.warpAffine((seen * light).astype(np.float32), to_small, size_wh, flags=flags)
    depth = _page(chin - low, down, across * (-1 if turned else 1), half_px, height_px, size_wh) * lined(strength)
    # Lightness of the luma is near enough to L for lines.
    lightness = cv2.cvtColor(picture[part], cv2.COLOR_RGB2GRAY).astype(np.float32) * np.float32(100 / 255)
    depth += own_valleys(lightness, _EYES_FACES * height_px, strength)
    depth *= weight * np.float32(shaded)
    return part, cv2.merge([depth, *(-np.minimum(depth, 0) * share for share in shade_color(skin))])


def _shaded_ratio(throat: float, lab: FloatArray, cheeks: FloatArray) -> float:
    """Tell by its lightness whether a throat lies in the chin's shade, 0..1: a hand that holds the chin does not."""
    x, y = np.clip(np.round(cheeks).astype(int), 0, np.array(lab.shape[1::-1]) - 1).T
    lit = throat / max(float(np.median(lab[y, x, 0])), 1.0)
    return ramp(lit, _LIT, _LIT - _LIT_WITHIN)


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
    page = prefiltered(neck_page(), float(np.linalg.norm(steps[0])))
    drawn: FloatArray = cv2.warpAffine(
        page, np.column_stack([steps, shift]), size_wh, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return drawn
