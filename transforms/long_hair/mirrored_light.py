"""The color of hair without the light of sky, walls and leaves that it mirrors.

What hair has at least is by 80 women among the training portraits; the rest by eye, on portraits of men.
"""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.hair.hair_pigment import natural_ab
from transforms.picture.ramp import ramp

_LEAST_YELLOW = (20.0, 45.0), (1.2, 1.5)
_BLUE_A, _DULLED, _MUCH_BLUE = 0.73, ((28.0, 42.0), (0.6, -0.25)), 3.0
"""b by a that hair has at least, by lightness (80 women); how a goes with b in blue light, and how far its shine
dulls the color of dark hair (gray hair has none, only that of the skin below)."""
_MOST_COLD, _MIRRORING, _COLOR_POWER, _LEAST_RED = 2.0, (35.0, 55.0), 0.7, ((50.0, 75.0), (0.25, -1.0))
_RED_BY_SKIN, _LEAST_RED_SKIN, _SKIN_CHROMA = ((0.38, 0.53), (0.0, 0.5)), 4.0, 15.0
"""How much of natural color hair has at least, by its a and that of skin: of 45 men gray ones have 0.1 to 0.35."""


def unmirrored(levels: FloatArray, ab: FloatArray) -> FloatArray:
    """Take out what hair mirrors of sky, walls and leaves.

    Parameters
    ----------
    levels : ndarray, (5,)
        Rising L.
    ab : ndarray, (5, 2)
        a and b that hair of such L has in a picture.

    Returns
    -------
    ndarray, (5, 2)
    """
    # Hair mirrors a blue sky or wall, and no hair is mauve: so much blue is taken out.
    yellow = np.interp(levels, *_LEAST_YELLOW)
    blue = np.maximum(yellow * ab[:, 0] - ab[:, 1], 0) / (1 + yellow * _BLUE_A)
    dulled = np.interp(levels, *_DULLED) * np.minimum(blue / _MUCH_BLUE, 1)
    ab = (ab + blue[:, None] * (-_BLUE_A, 1)) * (1 + dulled)[:, None]
    # In dark hair the sky's light is seen on single strands only: else brown hair would have gray locks.
    pigmented = 1 - ramp(levels[2], *_MIRRORING)
    for k in (3, 4):
        usual = ab[2] * float(levels[k] / max(levels[2], 1.0)) ** _COLOR_POWER
        if np.hypot(*ab[k]) < np.hypot(*usual):
            ab[k] += pigmented * (usual - ab[k])
    # Leaves or a green wall shine on it, but no hair is green.
    least_red = np.interp(levels, *_LEAST_RED)
    green = (ab[:, 1] > 0) & (ab[:, 0] < least_red * ab[:, 1])
    hue = np.column_stack([least_red, np.ones_like(least_red)]) / np.hypot(least_red, 1)[:, None]
    ab[green] = np.hypot(*ab[green].T)[:, None] * hue[green]
    cold = ab[:, 1] < 0
    ab[cold] *= np.minimum(_MOST_COLD / np.maximum(np.hypot(*ab[cold].T), 1e-3), 1)[:, None]
    return ab


def pigmented(levels: FloatArray, ab: FloatArray, redness: float, skin: FloatArray) -> FloatArray:
    """Give hair that is as red by the skin as gray hair is not some of its color back, which a blue sky took.

    Parameters
    ----------
    levels, ab : ndarray
        As for `unmirrored`, which was applied.
    redness : float
        Middle a of the hair in the picture.
    skin : ndarray, (3,)
        L, a and b of the skin.

    Returns
    -------
    ndarray, (5, 2)
    """
    share = float(np.interp(redness / max(float(skin[1]), _LEAST_RED_SKIN), *_RED_BY_SKIN))
    share *= min(float(np.hypot(*skin[1:])) / _SKIN_CHROMA, 1.0)
    least = np.array([share * natural_ab(float(level)) for level in levels])
    pale = np.hypot(*ab.T) < np.hypot(*least.T)
    return np.where(pale[:, None], least, ab)
