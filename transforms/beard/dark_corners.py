"""Dark corners between a short beard and collar or neck: once it is shaven, they would stay as a black rest of it.

Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.bearded_chin import BeardedChin
from transforms.head.clothes import unlike_beard, unlike_skin
from transforms.head.lower_head import LowerHead

_DARK, _DARK_WITHIN = 0.5, 0.15
"""L against that of the skin at which it lies in the shade of jaw and beard."""
_REACH_FACES, _FROM_FACES, _MOST_FAR = 0.2, -0.2, 0.25
"""How far from the jaw such shade ends, from which height on, and how much of a dark area may lie farther."""


def dark_corners(head: LowerHead, chin: BeardedChin, beyond: FloatArray, clothes: FloatArray) -> FloatArray:
    """Find what lies dark beside a beard; clothes and hair as dark go on farther from the jaw.

    Parameters
    ----------
    head : LowerHead
    chin : BeardedChin
    beyond, clothes : ndarray, (h, w) float32
        The beard beyond the mesh, and what it ends at, 0..1.

    Returns
    -------
    ndarray, (h, w) float32
        0..1.
    """
    light = head.lab[..., 0] / max(float(head.skin[0]), 1.0)
    like_beard, like_skin = 1 - unlike_beard(head.lab, chin.limits), 1 - unlike_skin(head.lab, head.skin)
    dark = np.clip((_DARK + _DARK_WITHIN - light) / _DARK_WITHIN, 0, 1) * np.maximum(like_beard, like_skin)
    dark *= (1 - clothes) * np.clip((head.person - 0.5) / 0.3, 0, 1) * (head.oval < 0.5)
    dark *= np.clip((head.down - _FROM_FACES) / 0.05, 0, 1)
    _, labels = cv2.connectedComponents((dark > 0.3).view(np.uint8))
    size = int(labels.max()) + 1
    whole, far = (np.bincount(labels[part], minlength=size) for part in (beyond < 0.3, head.away > _REACH_FACES))
    beside = np.unique(labels[(cv2.dilate(beyond, np.ones((5, 5), np.uint8)) > 0.5) & (labels > 0)])
    enclosed = np.isin(labels, beside[far[beside] < _MOST_FAR * whole[beside]])
    near = np.clip((_REACH_FACES + 0.04 - head.away) / 0.06, 0, 1)
    # In the shade skin keeps as much of its color as of its light; black cloth has none.
    color = head.lab[..., 1:] @ (head.skin[1:] / max(float(head.skin[1:] @ head.skin[1:]), 1.0))
    colored = np.maximum(like_beard, np.clip((color - 0.5 * light) / (0.3 * light + 0.03), 0, 1))
    return np.asarray(np.clip(1.5 * dark, 0, 1) * near * enclosed * colored, np.float32)
