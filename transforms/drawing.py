"""Is a face drawn? Drawings have flat areas, which a lens never makes: pores, grain and curvature leave none.

Of the bare skin of 150 photographed faces at most 0.13 is flat, beauty filters and blur included; of four cartoons'
faces 0.65 to 0.91.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quality.face import BoundingBox, FloatArray, ImageArray
from transforms.picture.color_models import SKIN_PATCHES, polygon_mask
from transforms.picture.ramp import ramp
from transforms.plan.edit_plan import EditPlan

_AREA_PX, _MOST_STEPS = 7, 2
"""Flat is an area of so many pixels' side with at most so many gray levels."""
_SURELY_PHOTO, _SURELY_DRAWN = 0.35, 0.55
_PHOTOGRAPHED = ("mottling", "spots", "age_tone", "gender_tone", "lips_pale", "smooth", "even_tone", "bloom", "shave")
_LEAST_LEVEL, _MOST_LEVEL = 6, 249
"""What is black or burnt out is flat in a photo too."""


def drawn_ratio(image: ImageArray, landmarks_px: FloatArray) -> float:
    """Tell how likely a face is drawn.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    landmarks_px : ndarray, (>=468, >=2) float32

    Returns
    -------
    float
        0 photographed .. 1 drawn.
    """
    points = landmarks_px[:, :2]
    corners = points[[corner for patch in SKIN_PATCHES for corner in patch]]
    box = BoundingBox(*corners.min(axis=0), *np.ptp(corners, axis=0))
    x0, y0 = max(int(box.left), 0), max(int(box.top), 0)
    part = image[y0 : max(int(box.bottom), y0) + 1, x0 : max(int(box.right), x0) + 1]
    if min(part.shape[:2]) < _AREA_PX:
        return 0.0
    gray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    area = np.ones((_AREA_PX, _AREA_PX), np.uint8)
    steps = cv2.subtract(cv2.dilate(gray, area), cv2.erode(gray, area))
    size_wh = (part.shape[1], part.shape[0])
    skin = np.max([polygon_mask(points - (x0, y0), patch, size_wh, 0) for patch in SKIN_PATCHES], axis=0) > 0.5
    skin &= (gray >= _LEAST_LEVEL) & (gray <= _MOST_LEVEL)
    if skin.sum() < _AREA_PX**2:
        return 0.0
    flat = float((steps[skin] <= _MOST_STEPS).mean())
    return ramp(flat, _SURELY_PHOTO, _SURELY_DRAWN)


def plan_for_drawing(plan: EditPlan, drawn: float) -> EditPlan:
    """Leave out what only photographed skin has when it changes its age: all but lines, form and gray hair."""
    if not drawn:
        return plan
    return replace(plan, **{name: getattr(plan, name) * (1 - drawn) for name in _PHOTOGRAPHED})
