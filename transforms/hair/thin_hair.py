"""Thin hair, through which skin or background is seen: it changes as the sure hair beside it does.

A pixel of the matte's rim mixes hair and what lies behind. A change of color worked out from the mixture would take
the skin in it for light hair; so the change of the hair itself is carried over, and weighed by the matte.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.hair.strands import strand_width_px

_SURE = (0.6, 0.95)
_REACH_STRANDS = 6.0
_ALONE = 0.02
"""Share of sure hair around from which on it is followed."""


def changed_as_sure_hair(change: FloatArray, matte: FloatArray, face: Face) -> FloatArray:
    """Replace the change of thin hair by that of the sure hair around.

    Parameters
    ----------
    change : ndarray, (H, W, 3) float32
        Difference in Lab that full hair would take at each pixel.
    matte : ndarray, (H, W) float32
        0..1.
    face : Face

    Returns
    -------
    ndarray, (H, W, 3) float32
        Equal to `change` where the matte is full, and where no sure hair is near.
    """
    low, high = _SURE
    sure: FloatArray = np.clip((matte - low) / (high - low), 0, 1).astype(np.float32)
    side = 2 * round(_REACH_STRANDS / 2 * strand_width_px(face)) + 1
    weights = sure + np.float32(_ALONE)
    total = cv2.blur(weights, (side, side))
    changed = np.empty_like(change)
    for plane in range(3):
        own = change[..., plane]
        near = cv2.blur(own * weights, (side, side)) / total
        changed[..., plane] = near + (own - near) * sure
    return changed
