"""Blur by the size of the face: the width of its edges as a share of the eye distance.

The contrast of the face in nine bands of detail along twelve directions (`face_spectrum`) is read by two networks of
two small layers that say, for each direction, how wide a Gaussian would blur as much. One can only rise with blur, the
other is free and errs less; their mean keeps the order of the one and most of the other's exactness. Defocus blurs all
directions alike, motion one: the most blurred direction decides as far as it stands out. The networks know only
differences between bands, so contrast and exposure cancel, and the size of the face in the picture, so that the limit
of a small picture is not taken for blur.

The upstream publishes no formula; the scale is the project's own: 0.2, 0.6 and 0.8 are a Gaussian of 2 %, 6 % and
9.3 % of the eye distance. The networks were computed from CC0 portraits by `bench/train/blur_net.py`.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np

from quality.face import FloatArray, ImageArray
from quality.face_spectrum import DIRECTIONS, EYE_DISTANCE_PX, eye_distance_px, log_band_energies

_NET_FILE = Path(__file__).parent / "data" / "blur_net.npz"
_SCALE, _EXPONENT = 0.0642, 1.286
_CHANCE, _STANDS_OUT = 0.05, 0.20
"""Directions differ by less than the first by chance; beyond the second the worst alone decides. By eye."""


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
    inputs = blur_inputs(log_band_energies(image, landmarks_px), eye_distance_px(landmarks_px))
    return overall_blur((_run("rising", inputs) + _run("free", inputs)) / 2)


def blur_inputs(log_energies: FloatArray, eye_distance: float) -> FloatArray:
    """Prepare what the networks see of each direction.

    Parameters
    ----------
    log_energies : ndarray, (12, 9)
        Of `log_band_energies`.
    eye_distance : float
        Of the face in the picture, px.

    Returns
    -------
    ndarray, (12, 19) float64
        Differences between bands of the direction, their means over all directions, the logarithm of how far the face
        was enlarged, and the direction against the eye line.
    """
    steps = np.diff(log_energies, axis=1)
    turns = np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    enlarged = np.full((DIRECTIONS, 1), min(0.0, math.log(eye_distance / EYE_DISTANCE_PX)))
    angle = np.stack([np.cos(2 * turns), np.abs(np.sin(2 * turns))], axis=1)
    inputs: FloatArray = np.hstack([steps, np.broadcast_to(steps.mean(axis=0), steps.shape), enlarged, angle])
    return inputs


def overall_blur(by_direction: FloatArray) -> float:
    """Combine the blur of the directions, (12,) in 0..1, to one value."""
    smooth = (np.roll(by_direction, 1) + by_direction + np.roll(by_direction, -1)) / 3
    mean, worst = float(by_direction.mean()), float(smooth.max())
    decides = min(max((worst - mean - _CHANCE) / (_STANDS_OUT - _CHANCE), 0.0), 1.0)
    return mean + decides * (worst - mean)


def blur_of_sigma(sigma_ratio: float) -> float:
    """Return the blur value of a Gaussian of `sigma_ratio` eye distances."""
    return 1.0 - math.exp(-((sigma_ratio / _SCALE) ** _EXPONENT))


def _run(member: str, inputs: FloatArray) -> FloatArray:
    """Blur of each direction by one of the networks, (12,) in 0..1."""
    net = _nets()
    scaled = (inputs - net[f"{member}_mean"]) / net[f"{member}_deviation"]
    one = np.tanh(scaled @ net[f"{member}_weights_1"] + net[f"{member}_bias_1"])
    two = np.tanh(one @ net[f"{member}_weights_2"] + net[f"{member}_bias_2"])
    by_direction: FloatArray = 1 / (1 + np.exp(-(two @ net[f"{member}_weights_3"] + net[f"{member}_bias_3"])[:, 0]))
    return by_direction


@cache
def _nets() -> dict[str, FloatArray]:
    with np.load(_NET_FILE) as stored:
        arrays = {name: stored[name].astype(np.float64) for name in stored.files}
    for array in arrays.values():
        array.setflags(write=False)
    return arrays
