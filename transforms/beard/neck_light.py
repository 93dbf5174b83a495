"""The light on jaw and neck: the shade of the chin, and the form of a bare throat.

The shade is that of 391 training portraits without a beard. In the middle the lightness falls from 0.95 of the
cheeks' to 0.43 about the chin's lower rim, which lies 0.04 of a face within the mesh, and rises to 0.75 again 0.15
below it; in softer light, of the fellows, it falls to 0.76 in the middle and 0.58 beside it. What is here lies
between both. The rest by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

NECK_LIGHT = 0.87
"""Light on a neck beyond the chin's shade, against that on the cheeks."""
_JAW_LIGHT, _DEEPEST_LIGHT = 0.94, 0.52
_RIM_FACES, _RIM_SOFT_FACES = -0.042, 0.012
"""Where the chin's lower rim lies on the mesh, and how soon it turns away from the light."""
_SHADE_FACES = 0.07
_JAW_FACES, _JAW_SOFT_FACES = -0.16, 0.08
"""From how far above the chin skin beside the face is no longer jaw but neck."""
_EDGE_LIGHT = 0.78
_MUSCLE_ABOVE, _MUSCLE_SLOPE = 0.95, 0.75
_COLOR_IN_SHADE = 0.4


def below_jaw(down: FloatArray) -> FloatArray:
    """Return 0 beside the face .. 1 under it, by the face heights below the chin."""
    return np.asarray(np.clip((down - _JAW_FACES) / _JAW_SOFT_FACES, 0, 1))


def beneath_rim(beyond: FloatArray) -> FloatArray:
    """Return 0 on a chin .. 1 below its rim, by the face heights beyond the mesh's outline, below 0 within it."""
    return np.asarray(1 / (1 + cv2.exp((_RIM_FACES - beyond) / np.float32(_RIM_SOFT_FACES))))


def chin_shade(beyond: FloatArray) -> FloatArray:
    """Return the light on a neck against what it is beyond the chin's shade."""
    deepest = _DEEPEST_LIGHT / NECK_LIGHT
    return np.asarray(1 - (1 - deepest) * cv2.exp(np.maximum(beyond, 0) / np.float32(-_SHADE_FACES)))


def jaw_light(neck_light: FloatArray, beneath: FloatArray) -> FloatArray:
    """Pass over from the light on jaw and chin to that on the neck beneath, 0..1."""
    return np.float32(_JAW_LIGHT) + (neck_light - np.float32(_JAW_LIGHT)) * beneath


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


def lit(skin: FloatArray, light: FloatArray) -> FloatArray:
    """Shade skin, (h, w, 3) Lab; in the shade it keeps more of its color than of its lightness."""
    colored = cv2.pow(light, _COLOR_IN_SHADE)
    shaded: FloatArray = skin * cv2.merge([light, colored, colored])
    return shaded
