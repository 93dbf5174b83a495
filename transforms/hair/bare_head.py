"""Whether a head is bald: what looks like a little hair on it may be shade or shine on its skin.

All limits by eye on public-domain portraits, some 20 of bald or nearly bald heads among them.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.head.head_crop import FACE_PX
from transforms.picture.color_models import GRAY_CHROMA, mean_color
from transforms.picture.ramp import ramp

_LEAST_GROWN, _LEAST_GROWN_IF_SMOOTH = 0.06, 0.18
"""Area of what is surely hair, in squared face heights: bald heads have a shaded rim at most."""
_SURE, _MAYBE = 0.5, 0.1
_SKIN_LIKE, _SMOOTH, _SHINE = (0.6, 0.8), (0.75, 0.95), (0.4, 0.55)
"""Chroma by lightness, of the skin's; finest detail, of the face's."""


def grown_ratio(found: FloatArray, weighed: FloatArray, lab: FloatArray, face: FloatArray, skin: FloatArray) -> float:
    """Tell how surely hair grows on the head at all.

    Shade on a bald head is smooth and has the skin's color or more of it; shine is smoother still. Thin gray hair has
    less color than the skin, and strands: of that a little is enough.

    Parameters
    ----------
    found, weighed : ndarray, (h, w) float32
        Ratio of hair by the net, and by the colors as well (`transforms.hair.hair_evidence`), on the crop.
    lab : ndarray, (h, w, 3) float32
        The crop in OpenCV's float Lab.
    face, skin : ndarray, (h, w) float32
        Masks of the face below its brows and of patches of its skin.

    Returns
    -------
    float
        0 bald .. 1.
    """
    seen = (weighed > _SURE) & (found > _MAYBE)
    if not seen.any() or not (face > 0.5).any():
        return 0.0
    lightness = lab[..., 0]
    detail = np.abs(lightness - cv2.GaussianBlur(lightness, (0, 0), 1.5))
    core = cv2.erode(seen.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    rough = float(np.median(detail[core if core.any() else seen]) / (np.median(detail[face > 0.5]) + 0.1))
    colored = _saturation(mean_color(lab, seen.astype(np.float32))) / _saturation(mean_color(lab, skin))
    skin_like, smooth = ramp(colored, *_SKIN_LIKE), 1 - ramp(rough, *_SMOOTH)
    shiny = 1 - ramp(rough, *_SHINE)
    area, weighed_area = (float((ratio > _SURE).sum()) / FACE_PX**2 for ratio in (found, weighed))
    area = max(area, weighed_area * (1 - skin_like) * (1 - shiny))
    needed = _LEAST_GROWN + (_LEAST_GROWN_IF_SMOOTH - _LEAST_GROWN) * max(smooth * skin_like, shiny)
    return ramp(area, needed / 2, needed)


def _saturation(color: FloatArray) -> float:
    return float(max(np.hypot(color[1], color[2]), GRAY_CHROMA) / max(float(color[0]), 5.0))
