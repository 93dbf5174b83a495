"""Blur by the size of the face: the width of its finest edges as a share of the eye distance.

The face is brought to one size and its power spectrum is read along twelve directions in four octave bands. A blurred
face lacks the fine bands: ratios of bands, in which contrast and exposure cancel, are turned into the width of a
Gaussian (its sigma over the eye distance) by a table of sharp portraits blurred by known amounts. Only frequencies
near each direction count, so that noise and blocks of JPEG weigh little and motion shows along its own direction,
which then decides. The upstream publishes no formula; the scale is the project's own: 0.2, 0.6 and 0.8 are a Gaussian
of 2 %, 6 % and 9.3 % of the eye distance.

The table is computed from public-domain portraits by `bench/train/blur_table.py`.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray

EYE_DISTANCE_PX = 64
"""Eye distance to which a face is brought."""
PIXEL_SIGMA_PX = 0.35
"""Width of a pixel of the picture itself: what it blurs is the size of the picture, not the face's blur. By eye."""

_TABLE_FILE = Path(__file__).parent / "data" / "blur_table.npz"
_EYES = ((33, 133), (263, 362))
_CANVAS_WH = (128, 144)
_EYES_CENTER_PX = (64.0, 46.0)
_FACE_CENTER_PX, _FACE_RADII_PX = (64.0, 72.0), (60.0, 70.0)
_DIRECTIONS = 12
_BAND_SIGMAS_PX = (0.6, 1.2, 2.4, 4.8, 9.6)
_ACROSS_SIGMA_PX = 3.0
_SCALE, _EXPONENT = 0.0642, 1.286
_LEAST_ENERGY = 1e-6


def measure_blur(image: ImageArray, landmarks_px: FloatArray) -> float:
    """How blurred a face is, whatever its size in the picture.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    landmarks_px : ndarray, (>=468, >=2) float32

    Returns
    -------
    float
        0 (sharp) .. 1 (nothing left of it).
    """
    features = direction_features(image, landmarks_px)
    sigmas = np.array([_sigma_of_feature(feature, row) for feature, row in zip(features, _table()[1], strict=True)])
    mean, worst = float(sigmas.mean()), float(sigmas.max())
    # Directions differ a little by chance: the worst decides only as far as it stands out. Limits by eye.
    standing_out = min(max((worst / (mean + 0.004) - 1.1) / 0.25, 0.0), 1.0)
    measured = mean + standing_out * (worst - mean)
    pixel = PIXEL_SIGMA_PX / _eye_distance_px(landmarks_px)
    return blur_of_sigma(measured**2 / math.hypot(measured, pixel))


def blur_of_sigma(sigma_ratio: float) -> float:
    """Return the blur value of a Gaussian of `sigma_ratio` eye distances."""
    return 1.0 - math.exp(-((sigma_ratio / _SCALE) ** _EXPONENT))


def direction_features(image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
    """How little of a face's energy along each direction is in the fine bands.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    landmarks_px : ndarray, (>=468, >=2) float32

    Returns
    -------
    ndarray, (12,) float64
        Grows with blur; no unit.
    """
    window = _window()
    aligned = _align(image, landmarks_px)
    contrast = (aligned - float((aligned * window).sum() / window.sum())) * window
    power = np.square(np.abs(np.fft.rfft2(contrast))).astype(np.float32).ravel()
    energy = np.sqrt((_band_weights() @ power).astype(np.float64)).reshape(_DIRECTIONS, 4) + _LEAST_ENERGY
    fine, coarse = energy[:, 0] + energy[:, 1], energy[:, 2] + energy[:, 3]
    features: FloatArray = -0.5 * (np.log(fine / coarse) + np.log(energy[:, 1] / energy[:, 3]))
    return features


def _eye_distance_px(landmarks_px: FloatArray) -> float:
    first, second = (landmarks_px[list(corners), :2].astype(np.float64).mean(axis=0) for corners in _EYES)
    return max(float(np.linalg.norm(second - first)), 1e-6)


def _align(image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
    """Gray face with level eyes at `EYE_DISTANCE_PX`, (144, 128) float32."""
    first, second = (landmarks_px[list(corners), :2].astype(np.float64).mean(axis=0) for corners in _EYES)
    scale = EYE_DISTANCE_PX / _eye_distance_px(landmarks_px)
    angle_deg = math.degrees(math.atan2(second[1] - first[1], second[0] - first[0]))
    center = (first + second) / 2
    # Only the part around the face: the picture may be a hundred times larger.
    reach_px = 2.0 * EYE_DISTANCE_PX / scale + 8
    low = np.clip(np.floor(center - reach_px), 0, [image.shape[1] - 1, image.shape[0] - 1]).astype(int)
    high = np.clip(np.ceil(center + reach_px), low + 1, [image.shape[1], image.shape[0]]).astype(int)
    part = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
    gray: FloatArray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
    center = center - low
    if scale < 0.5:
        reduce = 2 * scale
        gray = cv2.resize(gray, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        center, scale = (center + 0.5) * reduce - 0.5, 0.5
    if scale < 1:
        gray = cv2.GaussianBlur(gray, (0, 0), math.sqrt((0.5 / scale) ** 2 - 0.25))
    to_canvas = cv2.getRotationMatrix2D((float(center[0]), float(center[1])), angle_deg, scale)
    to_canvas[:, 2] += np.asarray(_EYES_CENTER_PX) - center
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    return cv2.warpAffine(gray, to_canvas, _CANVAS_WH, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _sigma_of_feature(feature: float, row: FloatArray) -> float:
    """Look a feature up; sharper than every knot, it fades to 0 without ever being equal for two features."""
    knots = _table()[0]
    if feature >= row[1]:
        return float(np.interp(feature, row, knots))
    return float(knots[1] * math.exp((feature - row[1]) / (row[1] - row[0]) * math.log(2)))


@cache
def _table() -> tuple[FloatArray, FloatArray]:
    """Return the knots, sigma over eye distance (K,), and the mean features there (12, K), increasing."""
    with np.load(_TABLE_FILE) as stored:
        sigmas, features = stored["sigma_ratios"].astype(np.float64), stored["features"].astype(np.float64)
    for array in (sigmas, features):
        array.setflags(write=False)
    return sigmas, features


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
    """Return the weight of each frequency in each direction and octave band, (12 * 4, frequencies) float32."""
    width, height = _CANVAS_WH
    x, y = np.meshgrid(np.fft.rfftfreq(width) * 2 * np.pi, np.fft.fftfreq(height) * 2 * np.pi)
    mirrored = np.where((x == 0) | (x == np.pi), 1.0, 2.0)
    weights = []
    for turn in np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS:
        along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        near = mirrored * np.exp(-np.square(_ACROSS_SIGMA_PX * across))
        smooth = [np.exp(-0.5 * np.square(sigma * along)) for sigma in _BAND_SIGMAS_PX]
        weights += [
            (near * np.square(smooth[band] - smooth[band + 1])).ravel() for band in range(len(_BAND_SIGMAS_PX) - 1)
        ]
    table = np.array(weights, np.float32)
    table.setflags(write=False)
    return table
