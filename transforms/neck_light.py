"""The light on jaw and neck: the shade of the chin, and the form of a bare throat. By eye."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

JAW_LIGHT, _CHIN_LIGHT = 0.93, 0.85
_UNDER_CHIN_LIGHT, _SHADE_FACES, _EDGE_LIGHT = 0.62, 0.13, 0.78
_CLOSE_LIGHT, _CLOSE_FACES = 0.82, 0.09
_MUSCLE_ABOVE, _MUSCLE_SLOPE = 0.95, 0.75
_COLOR_IN_SHADE = 0.5


def under_chin(away: FloatArray) -> FloatArray:
    """Return the light on a neck against the cheeks', so far from the jaw in face heights, below 1."""
    return np.asarray(1 - (1 - _UNDER_CHIN_LIGHT) * cv2.exp(away / -_SHADE_FACES))


def close_under_chin(away: FloatArray) -> FloatArray:
    """Return the same against the neck's own color where it is seen: in shade itself."""
    return np.asarray(1 - (1 - _CLOSE_LIGHT) * cv2.exp(away / -_CLOSE_FACES))


def round_throat(across: FloatArray, along: FloatArray) -> FloatArray:
    """Return the light on a bare neck's form, about 1: two muscles from below the ears to the pit, and hollows.

    `across` and `along` are shares of half its width and of its height in front.
    """
    muscle = across - (_MUSCLE_ABOVE - _MUSCLE_SLOPE * np.clip(along, 0, 1.1))
    low = np.clip(1.6 * along, 0, 1)
    ridge = 0.07 * np.exp(-((muscle / 0.11) ** 2)) - 0.1 * np.exp(-(((muscle + 0.2) / 0.14) ** 2))
    throat = 0.05 * np.exp(-((across / 0.16) ** 2) - ((along - 0.5) / 0.3) ** 2)
    pit = 0.16 * np.exp(-((across / 0.2) ** 2) - ((along - 1) / 0.14) ** 2)
    edge = 1 - (1 - _EDGE_LIGHT) * np.minimum(across, 1) ** 3
    return np.asarray(edge * np.asarray(1 + low * ridge + throat - pit, np.float32))


def on_jaw(is_neck: FloatArray) -> FloatArray:
    """Return the light on the rim of the mesh: less where the neck, 0..1, lies behind it."""
    return JAW_LIGHT + (_CHIN_LIGHT - JAW_LIGHT) * is_neck


def lit(skin: FloatArray, light: FloatArray) -> FloatArray:
    """Shade skin, (h, w, 3) Lab; in the shade it keeps more of its color than of its lightness."""
    colored = cv2.pow(light, _COLOR_IN_SHADE)
    shaded: FloatArray = skin * cv2.merge([light, colored, colored])
    return shaded
