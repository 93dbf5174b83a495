"""How light and how gray it is about a face, in coarse cells: gray and white hair tell age.

What lies in a cell may as well be a wall: which cells count is left to the regression. Hues do not enter.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.head.head_crop import REACH_FACES, crop_map, crop_size_wh, to_crop_points, warp_area
from transforms.picture.lab import lab_of

_FACE_PX = 36
"""Face height in the crop that is measured."""
_MOST_ENLARGED = 2
"""A picture whose face is larger than so many times that is thinned out first, or a large one takes its time."""
_CELLS_WH = (10, 12)
_FACE_RADII = (0.42, 0.55)
"""The ellipse, in face heights, whose cells are left out: what is on the face is measured on the face."""
_CHEEKS = (50, 205, 280, 425)
_CHEEK_PX = 2
_GRAY_CHROMA = 8.0
_COLORLESS_CHROMA = 4.0
"""Skin of less chroma belongs to a gray picture, where all hair is gray."""


def head_colors(image: ImageArray, face: Face) -> tuple[FloatArray, FloatArray]:
    """Measure lightness and grayness in cells about the face, left and right averaged.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.

    Returns
    -------
    values : ndarray, (COLORS_SIZE,) float32
        Of each cell lightness less that of the cheeks, scaled to a skin of L* 60, and the share that is gray.
    is_seen : ndarray, (COLORS_SIZE,) bool
        False outside the picture and in gray pictures.
    """
    to_crop, size_wh = crop_map(face, _FACE_PX), crop_size_wh(_FACE_PX)
    lab, seen = _crop_lab(image, to_crop, size_wh)
    skin = _cheek_lab(lab, to_crop_points(face, to_crop))
    light = (lab[..., 0] - skin[0]) * (60 / max(float(skin[0]), 15.0))
    gray = np.exp(-(lab[..., 1] ** 2 + lab[..., 2] ** 2) / _GRAY_CHROMA**2)
    measured = np.dstack([light, gray])
    weights = cv2.resize(seen, _CELLS_WH, interpolation=cv2.INTER_AREA)[..., None] + np.float32(1e-6)
    cells = cv2.resize(measured * seen[..., None], _CELLS_WH, interpolation=cv2.INTER_AREA)
    half = _CELLS_WH[0] // 2
    both = weights[:, :half] + weights[:, ::-1][:, :half]
    folded = (cells[:, :half] + cells[:, ::-1][:, :half]) / both
    is_seen = (both > 0.5) & (np.hypot(skin[1], skin[2]) > _COLORLESS_CHROMA)
    values: FloatArray = folded[_ABOUT].ravel().astype(np.float32)
    return values, np.broadcast_to(is_seen, folded.shape)[_ABOUT].ravel()


def _crop_lab(image: ImageArray, to_crop: FloatArray, size_wh: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Return Lab of the upright crop, and 1 where it lies inside the picture."""
    thinned = max(int(1 / float(np.hypot(*to_crop[0, :2])) / _MOST_ENLARGED), 1)
    linear = np.column_stack([to_crop[:, :2] * thinned, to_crop[:, 2]])
    crop = warp_area(image[::thinned, ::thinned], linear, size_wh)
    back = cv2.invertAffineTransform(to_crop)
    u, v = np.arange(size_wh[0]), np.arange(size_wh[1])[:, None]
    inside = np.ones(size_wh[::-1], bool)
    for row, last in zip(back, (image.shape[1] - 1, image.shape[0] - 1), strict=True):
        at = row[0] * u + row[1] * v + row[2]
        inside &= (at >= 0) & (at <= last)
    return lab_of(crop), inside.astype(np.float32)


def _cheek_lab(lab: FloatArray, points: FloatArray) -> FloatArray:
    height, width = lab.shape[:2]
    patches = []
    for x, y in points[list(_CHEEKS)]:
        column = int(np.clip(x, _CHEEK_PX, width - 1 - _CHEEK_PX))
        row = int(np.clip(y, _CHEEK_PX, height - 1 - _CHEEK_PX))
        rows = slice(row - _CHEEK_PX, row + _CHEEK_PX + 1)
        patches.append(lab[rows, column - _CHEEK_PX : column + _CHEEK_PX + 1].reshape(-1, 3))
    skin: FloatArray = np.median(np.concatenate(patches), axis=0)
    return skin


def _about_face() -> FloatArray:
    """Mark the cells of one half that lie about the face, not on it."""
    side, above, below = REACH_FACES
    columns, rows = _CELLS_WH
    u = (np.arange(columns // 2) + 0.5) / columns * 2 * side - side
    v = above - (np.arange(rows) + 0.5) / rows * (above + below)
    across, along = _FACE_RADII
    about: FloatArray = (u / across) ** 2 + (v[:, None] / along) ** 2 >= 1
    return about


_ABOUT = _about_face()
COLORS_SIZE = int(_ABOUT.sum()) * 2
