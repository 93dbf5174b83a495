"""Noise in streaks along a field of directions.

Source: line integral convolution, Cabral and Leedom (SIGGRAPH 1993), here with the steps tripled each time: the mean
of 27 even samples with three triplings.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

_FIRST_STEP = 0.6
"""Of a streak's width: samples further apart show as a ladder."""


def streak_noise(directions: FloatArray, streak_px: float, seed: int, triplings: int = 3) -> FloatArray:
    """Return noise in streaks, (H, W) float32, of mean 0 and standard deviation 1.

    Parameters
    ----------
    directions : ndarray, (H, W, 2) float32
        x, y of unit vectors; their sign is arbitrary.
    streak_px : float
        Width of a streak; it is about fifteen times as long, three times that with a fourth tripling.
    seed, triplings : int
    """
    height, width = directions.shape[:2]
    noise: FloatArray = np.random.default_rng(seed).standard_normal((height, width), np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.45 * streak_px)
    here = np.dstack(np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)))
    step = directions * np.float32(_FIRST_STEP * streak_px)
    for _ in range(triplings):
        ahead, behind = _sampled(noise, here + step), _sampled(noise, here - step)
        noise = (noise + ahead + behind) / 3
        step = step * 3
    noise = noise - float(noise.mean())
    return (noise / (float(noise.std()) + 1e-9)).astype(np.float32)


def _sampled(plane: FloatArray, at: FloatArray) -> FloatArray:
    nothing = np.empty(0, np.float32)
    sampled: FloatArray = cv2.remap(plane, at, nothing, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return sampled
