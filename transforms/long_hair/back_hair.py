"""What hangs behind a neck: between longer hair and the head no wall is seen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.long_hair.hairdo import LaidHair

_HEM_FACES = 0.12
_SEEN_BEHIND, _BEHIND_SOFT, _BEHIND_LOG = 0.95, 0.5, np.float32(-0.9)
"""How sure it must be that nobody is in front, and the light back there by the hair's median. By eye."""


def with_back_hair(laid: LaidHair, person: FloatArray, height_px: float) -> LaidHair:
    """Fill what lies between both sides of the hair, and is no person, with hair in the shade.

    Parameters
    ----------
    laid : LaidHair
    person : ndarray, (h, w) float32
        `PersonSegmenter.person_near`, of the part that `laid` has.
    height_px : float
        Of the face.

    Returns
    -------
    LaidHair
        Its outline is the same.
    """
    sides = (laid.alpha, laid.alpha[:, ::-1])
    from_left, from_right = (np.maximum.accumulate(side, axis=1) for side in sides)
    # It ends a little above the shorter side.
    between = np.minimum(from_left, from_right[:, ::-1])
    hem = 2 * round(_HEM_FACES * height_px / 2) + 1
    between *= np.clip(2 * cv2.blur(between, (3, hem), anchor=(1, 0)) - 1, 0, 1)
    behind = between * np.clip((_SEEN_BEHIND - person) / _BEHIND_SOFT, 0, 1)
    alpha = np.maximum(laid.alpha, behind)
    light_log = laid.light_log - (laid.light_log - _BEHIND_LOG) * (1 - laid.alpha / np.maximum(alpha, 1e-3))
    return replace(laid, light_log=light_log, alpha=alpha)
