"""Eyes that grow or shrink in the frontal frame."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.face.landmark_ids import LEFT_EYE, RIGHT_EYE


def scaled_about_eyes(shape_cm: FloatArray, gain: float) -> FloatArray:
    """Grow the eyes by a share, (468, 3) cm; the motion fades out around them."""
    offsets = np.zeros_like(shape_cm)
    for eye in (RIGHT_EYE, LEFT_EYE):
        center = shape_cm[list(eye)].mean(axis=0)
        away = shape_cm - center
        distance = np.hypot(away[:, 0], 1.3 * away[:, 1])
        # 1.6 cm holds the opening; at the brow and the root of the nose little is left.
        fade = np.exp(-((np.maximum(distance - 1.2, 0) / 0.9) ** 2))
        offsets += gain * fade[:, None] * away
    offsets[:, 2] = 0
    return offsets
