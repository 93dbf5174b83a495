"""The light on the strands of longer hair, as long hair has it.

Medians are those of women among the training portraits.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.long_hair.long_hair_color import HairColor
from transforms.long_hair.own_strands import BLACK, OwnStrands
from transforms.picture.lab import rgb_of
from transforms.picture.ramp import ramp

_BROAD_SHARE, _CONTRAST, _SHINE = 0.8, (0.4, 1.8), ((15.0, 35.0), (1.4, 1.0))
_LONG_LIGHTNESS, _LONG_SPREAD = (25.0, 45.0, 80.0), (1.0, 0.85, 0.5)
"""Logarithm of the 90th by the 10th percentile of lightness: about the median of 80 women with long hair."""
_STRANDS_LIGHTNESS = (10.0, 25.0, 38.0, 55.0, 80.0)
_STRANDS_CONTRAST, _OWN_CONTRAST, _MOST_CONTRAST = (0.12, 0.1, 0.08, 0.065, 0.045), 0.5, 1.2
"""`OwnStrands.contrast_log` of long hair, by its lightness: medians of 63 women; the share of the own hair's, and
the most of that: cropped hair on a scalp has more."""
_FILLED_LIGHTNESS, _FILLED_SHARE = (45.0, 75.0), 0.4
_MOST_BRIGHT, _OVER = 86.0, 10.0


def strand_contrast_log(own: OwnStrands | None, color: HairColor) -> tuple[float, float]:
    """Tell `OwnStrands.contrast_log` of this person's longer hair, and that of any hair as light."""
    usual = float(np.interp(color.middle, _STRANDS_LIGHTNESS, _STRANDS_CONTRAST))
    if own is None:
        return usual, usual
    deeper = min(own.contrast_log, _MOST_CONTRAST * usual) - usual
    return usual + _OWN_CONTRAST * color.seen_ratio * deeper, usual


def lightness_of(light_log: FloatArray, strand_log: FloatArray, spread_log: float, color: HairColor) -> FloatArray:
    """Return L of strands.

    Parameters
    ----------
    light_log : ndarray, (h, w) float32
        Logarithm of the light around a strand by the median, both over `BLACK`.
    strand_log : ndarray, (h, w) float32
        Logarithm of a strand's light by that, as deep as it is to be.
    spread_log : float
        Of the hairdo.
    color : HairColor

    Returns
    -------
    ndarray, (h, w) float32
    """
    # Long hair has more light and shade than short hair of the same color, but no more in soft light than that tells.
    long = float(np.interp(color.middle, _LONG_LIGHTNESS, _LONG_SPREAD))
    wanted = color.spread_log + 0.5 * max(long - color.spread_log, 0.0)
    contrast = min(max(_BROAD_SHARE * wanted / spread_log, _CONTRAST[0]), _CONTRAST[1])
    # Light strands scatter light among them: what lies between them is no black (Moon & Marschner 2006).
    filled = ramp(color.middle, *_FILLED_LIGHTNESS)
    between = 1 - _FILLED_SHARE * filled
    # What dark hair shows of a lamp is what it mirrors, as bright as on light hair.
    shine = float(np.interp(color.middle, *_SHINE))
    light_log = np.float32(contrast) * light_log + strand_log
    light_log = np.float32(shine) * np.maximum(light_log, 0) + np.float32(between) * np.minimum(light_log, 0)
    lightness = np.float32(color.middle + BLACK) * cv2.exp(light_log) - np.float32(BLACK)
    return np.asarray(np.maximum(lightness, 0), np.float32)


def strands_rgb(lightness: FloatArray, color: HairColor) -> ImageArray:
    """Return RGB, (h, w, 3) uint8, of strands of some L, (h, w) float32: none shines more than it can."""
    levels = np.arange(256) * (100 / 255)
    over = np.maximum(levels - min(color.brightest, _MOST_BRIGHT), 0)
    levels += _OVER * np.tanh(over / _OVER) - over
    ab = (np.interp(levels, color.lightness, color.ab[:, k]) for k in (0, 1))
    table = rgb_of(np.stack([levels, *ab], axis=-1)[None].astype(np.float32))
    step = cv2.convertScaleAbs(lightness, alpha=2.55)
    return np.asarray(cv2.LUT(cv2.merge([step, step, step]), table), np.uint8)
