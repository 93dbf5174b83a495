"""What hangs behind a neck: between longer hair and the head no wall is seen."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.long_hair.laid_hair import LaidHair

_HEM_FACES, _FACE_PX, _ROUNDED_FACES = 0.12, 180, 0.012
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
    # The segmenter sees no finer, and its own steps are rounded off.
    size_wh = tuple(math.ceil(side * min(_FACE_PX / height_px, 1)) for side in (person.shape[1], person.shape[0]))
    hair, seen = (cv2.resize(ratio, size_wh, interpolation=cv2.INTER_AREA) for ratio in (laid.alpha, person))
    height_px *= size_wh[1] / person.shape[0]
    seen = cv2.GaussianBlur(seen, (0, 0), max(_ROUNDED_FACES * height_px, 0.5))
    from_left, from_right = (np.maximum.accumulate(side, axis=1) for side in (hair, hair[:, ::-1]))
    # It ends a little above the shorter side.
    between = np.minimum(from_left, from_right[:, ::-1])
    hem = 2 * round(_HEM_FACES * height_px / 2) + 1
    between *= np.clip(2 * cv2.blur(between, (3, hem), anchor=(1, 0)) - 1, 0, 1)
    behind = between * np.clip((_SEEN_BEHIND - seen) / _BEHIND_SOFT, 0, 1)
    alpha = np.maximum(laid.alpha, cv2.resize(behind, person.shape[::-1], interpolation=cv2.INTER_LINEAR))
    light_log = laid.light_log - (laid.light_log - _BEHIND_LOG) * (1 - laid.alpha / np.maximum(alpha, 1e-3))
    return replace(laid, light_log=light_log, alpha=alpha)
