"""Softer light: a young face is round and full, so the shade that its form throws is broad and faint.

Source: retinex-like base of luminance by a Gaussian (Jobson, Rahman & Woodell 1997); share and scale by measure.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.picture.working_size import reduced, working_size

_SHARE, _SIGMA_EYES, _WORK_EYES_PX = 0.28, 0.16, 36.0
"""Share of the shade that goes, the blur it is compared with in distances of the eyes, and the size at which."""


def soften_light(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Bring skin and brows closer to the broad light on them, from 0 (as it is) to 1; what is fine stays."""
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale, size_wh = working_size(width, height, view.eyes_px, _WORK_EYES_PX)
    small = reduced(lab[..., 0], size_wh)
    away = cv2.GaussianBlur(small, (0, 0), max(_SIGMA_EYES * view.eyes_px * scale, 0.6)) - small
    where = np.maximum(view.skin * view.skin_like, view.brows * np.minimum(view.face * 2, 1))
    result = lab.copy()
    change = cv2.resize(away, (width, height), interpolation=cv2.INTER_LINEAR)
    result[..., 0] += np.float32(_SHARE * min(strength, 1.0)) * change * where
    return result
