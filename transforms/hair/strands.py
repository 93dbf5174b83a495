"""The run of the hair: orientation of the strands and noise drawn along them.

Source: structure tensor, Bigun and Granlund (ICCV 1987); the noise is `transforms.picture.streaks`.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.head.person import face_height_px
from transforms.picture.streaks import streak_noise

_STRANDS_PER_FACE = 190.0
"""Visible strands side by side in a face height. By eye."""
_LOCK_STRANDS = 4.0
_DRAWN_STRAND_PX = 1.3
_FALL_WEIGHT = 0.35
"""How much the fall from the crown counts against the strands seen in the picture. By eye."""


def strand_directions(
    lightness: FloatArray, matte: FloatArray, strand_px: float, crown_px: tuple[float, float]
) -> FloatArray:
    """Return the unit vector along the strands at each pixel.

    Parameters
    ----------
    lightness : ndarray, (H, W) float32
    matte : ndarray, (H, W) float32
        Hair, 0..1; directions are smoothed within it.
    strand_px : float
        Width of a visible strand.
    crown_px : tuple of float
        x, y of the crown: where the picture shows no run of strands, hair falls away from it.

    Returns
    -------
    ndarray, (H, W, 2) float32
        x, y; the sign is arbitrary.
    """
    smooth = cv2.GaussianBlur(lightness, (0, 0), 0.7 * strand_px)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3) * matte
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3) * matte
    window = (_odd(9 * strand_px), _odd(9 * strand_px))
    dx2, dy2 = dx * dx, dy * dy
    cosine, sine, energy = (cv2.blur(part, window) for part in (dx2 - dy2, 2 * dx * dy, dx2 + dy2))
    x = np.arange(matte.shape[1], dtype=np.float32) - np.float32(crown_px[0])
    y = (np.arange(matte.shape[0], dtype=np.float32) - np.float32(crown_px[1]))[:, None]
    # Across the fall is its normal (-y, x); its tensor in double angles.
    fall = np.float32(_FALL_WEIGHT) * (energy + float(energy.mean())) / (x * x + y * y + 1)
    cosine += fall * (y * y - x * x)
    sine -= fall * (2 * x * y)
    across_x, across_y = _halved(cosine, sine)
    return np.dstack([-across_y, across_x])


def strand_width_px(face: Face) -> float:
    """Return the width of a visible strand of this head."""
    return max(1.0, face_height_px(face) / _STRANDS_PER_FACE)


def strands_and_locks(
    lightness: FloatArray, matte: FloatArray, face: Face, corner_px: tuple[int, int], seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return fine and coarse noise along the hair, (H, W) float32 of deviation 1, no finer than a strand needs.

    Parameters
    ----------
    lightness, matte : ndarray, (H, W) float32
        A part of a picture.
    face : Face
        In pixels of the picture.
    corner_px : tuple of int
        x, y of the part's corner in the picture.
    seed : int
    """
    size_wh = (lightness.shape[1], lightness.shape[0])
    strand_px = strand_width_px(face)
    factor = min(1.0, _DRAWN_STRAND_PX / strand_px)
    drawn_wh = (max(1, round(size_wh[0] * factor)), max(1, round(size_wh[1] * factor)))
    small = cv2.resize(lightness, drawn_wh, interpolation=cv2.INTER_AREA)
    small_matte = cv2.resize(matte, drawn_wh, interpolation=cv2.INTER_AREA)
    width_px = strand_px * factor
    # The crown lies a third of a face above the forehead.
    forehead, chin = face.landmarks_px[10, :2], face.landmarks_px[152, :2]
    x, y = (float(at) for at in (forehead + (forehead - chin) * 0.33 - corner_px) * factor)
    directions = strand_directions(small, small_matte, width_px, (x, y))
    lock_wh = (max(1, round(drawn_wh[0] / _LOCK_STRANDS)), max(1, round(drawn_wh[1] / _LOCK_STRANDS)))
    lock_directions = resized_directions(directions, lock_wh)
    strands = cv2.resize(streak_noise(directions, width_px, seed), size_wh)
    locks = cv2.resize(streak_noise(lock_directions, width_px, seed + 1), size_wh)
    return strands, locks


def resized_directions(directions: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Directions of areas, or between them, from double angles: vectors of opposite sign would cancel."""
    x, y = directions[..., 0], directions[..., 1]
    kind = cv2.INTER_AREA if size_wh[0] < x.shape[1] else cv2.INTER_LINEAR
    mean = cv2.resize(np.dstack([x * x - y * y, 2 * x * y]), size_wh, interpolation=kind)
    return np.dstack(_halved(mean[..., 0], mean[..., 1]))


def _halved(cosine: FloatArray, sine: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return x and y of the unit vector at half the angle of (cosine, sine), of any length; x is not negative."""
    share = np.clip(cosine / np.maximum(cv2.magnitude(cosine, sine), np.float32(1e-9)), -1, 1)
    return np.sqrt((1 + share) / 2), np.copysign(np.sqrt((1 - share) / 2), sine)


def _odd(size: float) -> int:
    return max(3, 2 * round(size / 2) + 1)
