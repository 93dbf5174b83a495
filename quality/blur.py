"""Blur by the size of the face: how wide the finest edges are, as a share of the eye distance.

The face is brought to one size, its energy in four octave bands is compared along four directions, and a table turns
the ratios into the width of a Gaussian blur (sigma over eye distance). Contrast and exposure cancel in the ratios;
smoothing across each direction removes most of JPEG's and the sensor's noise; the worst direction counts when the
blur is directional (motion). The upstream publishes no formula, so the scale is the project's own: values of 0.2, 0.6
and 0.8 are a Gaussian of 2 %, 6 % and 9.3 % of the eye distance.
"""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray

EYE_DISTANCE_PX = 64
"""Eye distance to which a face is brought."""
DIRECTIONS_DEG = (0, 45, 90, 135)
KNOT_SIGMAS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2)
"""Widths of a Gaussian over the eye distance at which `KNOT_FEATURES` were measured."""
KNOT_FEATURES = (
    (0.961, 0.993, 1.073, 1.179, 1.294, 1.512, 1.702, 1.983, 2.160, 2.270, 2.414, 2.472),
    (0.899, 0.926, 0.997, 1.093, 1.199, 1.409, 1.600, 1.916, 2.136, 2.278, 2.452, 2.503),
    (0.637, 0.665, 0.737, 0.834, 0.941, 1.156, 1.362, 1.726, 2.000, 2.186, 2.406, 2.461),
    (0.886, 0.913, 0.984, 1.080, 1.187, 1.399, 1.592, 1.910, 2.129, 2.271, 2.454, 2.513),
)
"""Mean feature of sharp faces blurred by each knot, a row a direction."""

_EYES = ((33, 133), (263, 362))
_CANVAS_WH = (141, 160)
_EYES_CENTER_PX = (70.5, 48.0)
_BAND_SIGMAS_PX = (0.6, 1.2, 2.4, 4.8, 9.6)
_ACROSS_SIGMA_PX = 0.8
_SCALE, _EXPONENT = 0.0642, 1.286
_LEAST_ENERGY = 1e-3


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
    aligned = _align(image, landmarks_px)
    features = [_feature(turned, inside) for turned, inside in _turned(aligned)]
    sigmas = [np.interp(feature, knots, KNOT_SIGMAS) for feature, knots in zip(features, KNOT_FEATURES, strict=True)]
    mean, worst = float(np.mean(sigmas)), float(np.max(sigmas))
    directional = min(max((worst / (mean + 0.004) - 1.15) / 0.35, 0.0), 1.0)
    return blur_of_sigma(mean + directional * (worst - mean))


def blur_of_sigma(sigma_ratio: float) -> float:
    """Return the blur value of a Gaussian of `sigma_ratio` eye distances."""
    return 1.0 - math.exp(-((sigma_ratio / _SCALE) ** _EXPONENT))


def _align(image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
    """Grey face with level eyes at `EYE_DISTANCE_PX`, (160, 141) float32."""
    first, second = (landmarks_px[list(corners), :2].astype(np.float64).mean(axis=0) for corners in _EYES)
    across = second - first
    scale = EYE_DISTANCE_PX / max(float(np.linalg.norm(across)), 1e-6)
    angle_deg = math.degrees(math.atan2(across[1], across[0]))
    # Only the part around the face: the picture may be a hundred times larger.
    reach_px = 2.2 * EYE_DISTANCE_PX / scale + 8
    center = (first + second) / 2
    low = np.clip(np.floor(center - reach_px), 0, [image.shape[1] - 1, image.shape[0] - 1]).astype(int)
    high = np.clip(np.ceil(center + reach_px), low + 1, [image.shape[1], image.shape[0]]).astype(int)
    gray = cv2.cvtColor(np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]]), cv2.COLOR_RGB2GRAY)
    center = center - low
    if scale < 0.5:
        reduce = 2 * scale
        gray = cv2.resize(gray, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        center, scale = (center + 0.5) * reduce - 0.5, 0.5
    if scale < 1:
        gray = cv2.GaussianBlur(gray, (0, 0), math.sqrt((0.5 / scale) ** 2 - 0.25))
    to_canvas = cv2.getRotationMatrix2D((float(center[0]), float(center[1])), angle_deg, scale)
    to_canvas[:, 2] += np.asarray(_EYES_CENTER_PX) - center
    flags = cv2.INTER_LINEAR
    aligned = cv2.warpAffine(gray, to_canvas, _CANVAS_WH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return aligned.astype(np.float32)


def _turned(aligned: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Turn the face and its measured part so that each direction becomes the horizontal."""
    height, width = aligned.shape
    part = np.zeros((height, width), np.float32)
    part[int(height * 0.10) : int(height * 0.88), int(width * 0.12) : int(width * 0.88)] = 1
    return [(_turn(aligned, angle), _turn(part, angle) > 0.5) for angle in DIRECTIONS_DEG]


def _turn(picture: FloatArray, angle_deg: int) -> FloatArray:
    if angle_deg == 0:
        return picture
    if angle_deg == 90:
        return np.ascontiguousarray(picture.T)
    height, width = picture.shape
    side = int(math.hypot(height, width))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    turn[:, 2] += [(side - width) / 2, (side - height) / 2]
    return cv2.warpAffine(picture, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)


def _feature(picture: FloatArray, inside: FloatArray) -> float:
    """How little of the energy along x is in the fine bands; grows with blur."""
    smooth = [cv2.GaussianBlur(picture, (0, 0), sigmaX=sigma, sigmaY=_ACROSS_SIGMA_PX) for sigma in _BAND_SIGMAS_PX]
    bands = [fine - coarse for fine, coarse in itertools.pairwise(smooth)]
    e = [math.sqrt(float(np.square(band[inside]).mean())) + _LEAST_ENERGY for band in bands]
    return -0.5 * (math.log((e[0] + e[1]) / (e[2] + e[3])) + math.log(e[1] / e[3]))
