"""The person's own skin texture for places where it has to be made up: grain, pores and mottling as on a cheek.

Source: asymptotic discrete spot noise (Galerne, Gousseau & Morel 2011, IEEE TIP 20(1):257-267): white noise given the
spectrum of a sample looks like it. Sizes by eye.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.picture.broad_blur import broad_blur
from transforms.picture.color_models import median_color
from transforms.picture.normalized_blur import weighed

_TILE_PX, _SAMPLE_PX = 128, 96
_BROADEST_EYES = 0.05
_LEAST_PIXELS = 30
_OUTLIER = 2.5
_MOST_DEVIATION = 3.2
"""Steps of L: beards that reach up the cheeks, and blocks of a codec, would make skin as rough as hairs are."""
_SEED = 17


def skin_texture(
    lab: FloatArray,
    cheeks: FloatArray,
    eyes_px: float,
    size_wh: tuple[int, int],
    broadest_eyes: float = _BROADEST_EYES,
) -> FloatArray:
    """Synthesize the texture of the cheeks.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        CIE Lab of a picture's part that holds the cheeks.
    cheeks : ndarray, (h, w) float32
        How surely a pixel is bare skin of a cheek, 0..1.
    eyes_px : float
        Distance of the outer corners of the eyes.
    size_wh : tuple of int
        Of what is returned.
    broadest_eyes : float
        Blur, in distances of the eyes, of what is left out: broader than texture are light and form.

    Returns
    -------
    ndarray, (height, width, 3) float32
        To be added to a smooth skin, of mean 0; all 0 where no cheek is seen.
    """
    width, height = size_wh
    found = [_sample(lab, cheeks * half, max(broadest_eyes * eyes_px, 1.5)) for half in _halves(cheeks)]
    samples = [sample for sample in found if sample is not None]
    if not samples:
        return np.zeros((height, width, 3), np.float32)
    # Of two cheeks the plainer one: folds, hairs and frames of glasses raise the other's energy.
    tile = _tile(min(samples, key=lambda sample: float((sample[..., 0] ** 2).sum())))
    return tiled(tile, height, width)


def tiled(tile: FloatArray, height_px: int, width_px: int) -> FloatArray:
    """Cover an area with a tile, (S, S) or (S, S, C), that joins without a seam."""
    down, across = -(-height_px // tile.shape[0]), -(-width_px // tile.shape[1])
    covered: FloatArray = np.tile(tile, (down, across) + (1,) * (tile.ndim - 2))[:height_px, :width_px]
    return covered


def _halves(weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    total = weight.sum(axis=0).cumsum()
    left = np.zeros(weight.shape, np.float32)
    left[:, : int(np.searchsorted(total, total[-1] / 2))] = 1
    return left, 1 - left


def _sample(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray | None:
    """Cut out a cheek without its light, scaled to the variance of one pixel; None where too little is seen."""
    if int((weight > 0).sum()) < _LEAST_PIXELS:
        return None
    left, top, wide, high = cv2.boundingRect((weight > 0).view(np.uint8))
    top, left = top + max(high - _SAMPLE_PX, 0) // 2, left + max(wide - _SAMPLE_PX, 0) // 2
    part = np.s_[top : top + min(high, _SAMPLE_PX), left : left + min(wide, _SAMPLE_PX)]
    weight = weight[part]
    if int((weight > 0).sum()) < _LEAST_PIXELS:
        return None
    blurred = broad_blur(weighed(lab[part], weight), sigma_px)
    fine = lab[part] - blurred[..., :3] / np.maximum(blurred[..., 3:], 1e-4)
    limit = _OUTLIER * 1.48 * median_color(np.abs(fine), weight > 0)
    residual = np.clip(fine, -limit, limit) * weight[..., None]
    residual -= (weight / weight.sum())[..., None] * np.einsum("ijk->k", residual)
    kernel: FloatArray = residual / np.float32(np.sqrt((weight**2).sum()))
    return kernel


def _tile(kernel: FloatArray) -> FloatArray:
    """Make noise of the kernel's spectrum in all directions alike: folds and blocks of a codec have one.

    It joins itself without a seam.
    """
    radius, count, noises = _spectra()
    energy = np.einsum("ijk,ijk->k", kernel, kernel) + 1e-9
    # Colors follow lightness as far as they do on the cheek.
    with_lightness = np.clip(np.einsum("ijk,ij->k", kernel, kernel[..., 0]) / np.sqrt(energy * energy[0]), -1, 1)
    planes = []
    for k in range(3):
        spectrum = np.fft.rfft2(kernel[..., k], (_TILE_PX, _TILE_PX))
        power = spectrum.real**2 + spectrum.imag**2
        amplitude = np.sqrt(np.bincount(radius.ravel(), power.ravel(), len(count)) / count).astype(np.float32)[radius]
        follows = float(with_lightness[k])
        noise = noises[0] * follows + noises[min(k, 1)] * math.sqrt(1 - follows**2) if k else noises[0]
        planes.append(np.fft.irfft2(amplitude * noise, (_TILE_PX, _TILE_PX)))
    tile = cv2.merge(planes)
    return tile * np.float32(min(1.0, _MOST_DEVIATION / max(float(tile[..., 0].std()), 1e-6)))


@cache
def _spectra() -> tuple[NDArray[np.int64], FloatArray, tuple[NDArray[np.complex64], ...]]:
    """Return the radius of each frequency, how often each radius is there, and two noises' spectra."""
    down, across = np.fft.fftfreq(_TILE_PX) * _TILE_PX, np.arange(_TILE_PX // 2 + 1)
    radius = np.rint(np.hypot(down[:, None], across)).astype(np.int64)
    noises = np.random.default_rng(_SEED).standard_normal((2, _TILE_PX, _TILE_PX))
    return radius, np.bincount(radius.ravel()), tuple(np.fft.rfft2(noise).astype(np.complex64) for noise in noises)
