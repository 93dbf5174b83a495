"""How much of a woman's color a man's face needs: told by the contrast of face and lips, the beard and the skin.

By measure, on 153 training portraits of men edited by one strength: contrast and pale lips tell how far it takes a
face in a recognizer's distance (r = 0.45), but not how surely judges read a woman after it; beard and dark skin tell
that they read one less surely (r = 0.46), at no more distance.
"""

from __future__ import annotations

import math

from quality.face import FloatArray
from transforms.picture.color_models import weighted_mean

_USUAL_DEVIATION, _DEVIATION_RATIOS, _FOLLOWED = 14.0, (0.6, 1.25), 0.5
"""Steps of L over the face: the median of portraits, and the ratios to it that are followed half of the way. In haze
a little turns a face, hard light and dark brows ask for more."""
_USUAL_GAP, _GAPS, _PER_STEP = 4.3, (-4.0, 12.0), 0.02
"""Steps of L by which lips are darker than the skin: by usual paint pale lips change the most. In a beard they tell
nothing."""
_FOR_BEARD = 0.2
_USUAL_LIGHTNESS, _LIGHTNESSES, _PER_LIGHTNESS = 66.0, (45.0, 80.0), -0.005


def color_need(
    lightness: FloatArray,
    skin_lightness: FloatArray,
    face: FloatArray,
    lips: FloatArray,
    shaven: float,
    cheek_lightness: float,
) -> float:
    """Return a factor for the strength of color edits on the way to a woman.

    Parameters
    ----------
    lightness, skin_lightness : ndarray, (h, w) float32
        L of CIE Lab, and that of the skin nearby.
    face, lips : ndarray, (h, w) float32
        Where they are, 0..1.
    shaven : float
        How much of where beards grow looks like skin, 0..1.
    cheek_lightness : float
        L of the cheeks.

    Returns
    -------
    float
        0.62..1.5, about 1 in the mean of portraits.
    """
    mean = weighted_mean(lightness, face)
    ratio = math.sqrt(weighted_mean((lightness - mean) ** 2, face)) / _USUAL_DEVIATION
    gap = weighted_mean(skin_lightness - lightness, lips) if lips.any() else _USUAL_GAP
    return (
        (1 + _FOLLOWED * (_within(ratio, _DEVIATION_RATIOS) - 1))
        * (1 + _PER_STEP * shaven * (_within(gap, _GAPS) - _USUAL_GAP))
        * (1 + _FOR_BEARD * (1 - shaven))
        * (1 + _PER_LIGHTNESS * (_within(cheek_lightness, _LIGHTNESSES) - _USUAL_LIGHTNESS))
    )


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
