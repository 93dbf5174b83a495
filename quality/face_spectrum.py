"""The power spectrum of a face brought to one size: how much detail of each width lies along each direction."""

from __future__ import annotations

import itertools
import math
from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from quality.half_precision import single, to_half

EYE_DISTANCE_PX = 64
"""Eye distance to which a face is brought."""
DIRECTIONS = 12
"""Directions over half a turn; the first is along the eyes."""
BAND_SIGMAS_PX = tuple(0.6 * 2 ** (step / 2) for step in range(10))
"""A band is what lies between two neighbors of these Gaussians: half an octave."""

_EYES = ((33, 133), (263, 362))
_CANVAS_WH = (128, 144)
_EYES_CENTER_PX = (64.0, 46.0)
_FACE_CENTER_PX, _FACE_RADII_PX = (64.0, 72.0), (60.0, 70.0)
_SHADE_SIGMA_PX = 16.0
_ACROSS_SIGMA_PX = 2.5
"""Frequencies this far off a direction no longer count for it: noise and blocks of JPEG then weigh little."""
_LEAST_ENERGY = 1e-5


def eye_distance_px(landmarks_px: FloatArray) -> float:
    """Distance between the middles of the eyes in the picture."""
    first, second = _eye_middles(landmarks_px)
    return max(float(np.linalg.norm(second - first)), 1e-6)


def log_band_energies(image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
    """Contrast of a face in each band along each direction.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    landmarks_px : ndarray, (>=468, >=2) float32

    Returns
    -------
    ndarray, (12, 9) float64
        Natural logarithm of the root mean square contrast; finest band first.
    """
    aligned = _align(image, landmarks_px)
    # Relative to the shade around: exposure cancels, and light from the side is no lack of detail.
    shade = cv2.GaussianBlur(aligned, (0, 0), _SHADE_SIGMA_PX)
    contrast = (aligned - shade) / (shade + 8.0) * _window()
    power = np.square(np.abs(np.fft.rfft2(contrast))).astype(np.float32).ravel()
    # Not `@`: a matrix product shares its sums among threads, and their number would change the last digits.
    band_power = np.einsum("bf,f->b", single(_band_weights()), power).astype(np.float64)
    energy = np.sqrt(band_power).reshape(DIRECTIONS, -1) / power.size
    logs: FloatArray = np.log(energy + _LEAST_ENERGY)
    return logs


def _eye_middles(landmarks_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    first, second = (landmarks_px[list(corners), :2].astype(np.float64).mean(axis=0) for corners in _EYES)
    return first, second


def _align(image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
    """Gray face with level eyes at `EYE_DISTANCE_PX`, (144, 128) float32."""
    first, second = _eye_middles(landmarks_px)
    scale = EYE_DISTANCE_PX / eye_distance_px(landmarks_px)
    angle_deg = math.degrees(math.atan2(second[1] - first[1], second[0] - first[0]))
    center = (first + second) / 2
    # Only the part around the face: the picture may be a hundred times larger.
    reach_px = 2.0 * EYE_DISTANCE_PX / scale + 8
    low = np.clip(np.floor(center - reach_px), 0, [image.shape[1] - 1, image.shape[0] - 1]).astype(int)
    high = np.clip(np.ceil(center + reach_px), low + 1, [image.shape[1], image.shape[0]]).astype(int)
    part = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
    gray: FloatArray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    center = center - low
    if scale < 0.5:
        reduce = 2 * scale
        gray = cv2.resize(gray, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        center, scale = (center + 0.5) * reduce - 0.5, 0.5
    gray = gray.astype(np.float32)
    if scale < 1:
        gray = cv2.GaussianBlur(gray, (0, 0), math.sqrt((0.5 / scale) ** 2 - 0.25))
    to_canvas = cv2.getRotationMatrix2D((float(center[0]), float(center[1])), angle_deg, scale)
    to_canvas[:, 2] += np.asarray(_EYES_CENTER_PX) - center
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    aligned = cv2.warpAffine(gray, to_canvas, _CANVAS_WH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(aligned, 0, 255)


@cache
def _window() -> FloatArray:
    """Return the ellipse of the face with a soft edge, so that neither hair nor background counts."""
    x, y = np.meshgrid(np.arange(_CANVAS_WH[0]), np.arange(_CANVAS_WH[1]))
    radius = np.hypot((x - _FACE_CENTER_PX[0]) / _FACE_RADII_PX[0], (y - _FACE_CENTER_PX[1]) / _FACE_RADII_PX[1])
    window: FloatArray = (0.5 + 0.5 * np.cos(np.pi * np.clip((radius - 0.6) / 0.4, 0, 1))).astype(np.float32)
    window.setflags(write=False)
    return window


@cache
def _band_weights() -> FloatArray:
    """Return the weight of each frequency in each direction and band, (12 * 9, frequencies) float16."""
    width, height = _CANVAS_WH
    x, y = np.meshgrid(np.fft.rfftfreq(width) * 2 * np.pi, np.fft.fftfreq(height) * 2 * np.pi)
    mirrored = np.where((x == 0) | (x == np.pi), 1.0, 2.0)
    weights = []
    for turn in np.arange(DIRECTIONS) * np.pi / DIRECTIONS:
        along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        near = mirrored * np.exp(-np.square(_ACROSS_SIGMA_PX * across))
        smooth = [np.exp(-0.5 * np.square(sigma * along)) for sigma in BAND_SIGMAS_PX]
        weights += [(near * np.square(fine - coarse)).ravel() for fine, coarse in itertools.pairwise(smooth)]
    return to_half(np.array(weights, np.float32))
