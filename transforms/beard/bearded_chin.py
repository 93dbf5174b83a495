"""Whether a chin is bearded, and the beard's colors, told on the mesh: what lies beyond it is found by them.

Limits by eye, and by 150 training portraits of men without a beard.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.face.landmark_ids import BEARD, CHIN, LIPS
from transforms.head.clothes import beard_range
from transforms.head.lower_head import LowerHead
from transforms.picture.color_models import naturalness, polygon_mask, weighted_mean
from transforms.picture.ramp import ramp

_LEAST_BEARDED, _SURELY_BEARDED = 0.5, 0.65
"""Mean hairiness of the chin: shaded and freckled ones reach the first, beards of a week the second."""
_LEAST_NATURAL, _SURELY_NATURAL = 0.45, 0.65
"""Naturalness of a beard's colors: of 32 beards at least 0.79, of a printed mask 0.32."""
_TUFTS_ROUGH, _LEAST_TUFTED, _SURELY_TUFTED, _DOUBTLESS = 3.0, 0.28, 0.34, 0.06
"""Texture of tufts against the cheeks'; share of the chin that has them: of 282 training portraits of men without a
beard at most 0.33."""


@dataclass(frozen=True, eq=False)
class BeardedChin:
    """What of a beard lies on the mesh; planes on the upright crop, (h, w) float32, 0..1.

    Attributes
    ----------
    bare : ndarray
        1 but for the lips.
    hairy, on_face : ndarray
        How much a pixel of the face differs from its skin, and that where beards grow.
    on_chin : ndarray, (h, w) bool
    limits : ndarray, (2, 3) float32
        The lowest and the highest of its colors (see `clothes.beard_range`).
    share : float
        How surely it is a beard, above 0 .. 1.
    is_full : bool
        Whether it covers the chin: a goatee leaves much of it bare.
    """

    bare: FloatArray
    hairy: FloatArray
    on_face: FloatArray
    on_chin: NDArray[np.bool_]
    limits: FloatArray
    share: float
    is_full: bool


def bearded_chin(head: LowerHead, likely: float = 1.0) -> BeardedChin | None:
    """Look for a beard on the chin; None without one. Where none is `likely` (0..1), only sure tufts are one."""
    size_wh = (head.lab.shape[1], head.lab.shape[0])
    bare = 1 - polygon_mask(head.points, LIPS, size_wh, 0)
    hairy = _hairy(head)
    on_chin = (polygon_mask(head.points, CHIN, size_wh, 0) * bare > 0.5) & (head.inside > 0.9)
    if not on_chin.any():
        return None
    # A goatee leaves much of the chin bare, and of a turned head much of it is not seen, but its tufts are sure.
    tufted = float(((hairy > 0.9) & (head.rough > _TUFTS_ROUGH))[on_chin].mean())
    covered = (float(hairy[on_chin].mean()) - _LEAST_BEARDED) / (_SURELY_BEARDED - _LEAST_BEARDED)
    share = max(covered, (tufted - _LEAST_TUFTED) / (_SURELY_TUFTED - _LEAST_TUFTED))
    share *= max(likely, ramp(tufted, _SURELY_TUFTED, _SURELY_TUFTED + _DOUBTLESS))
    if share <= 0:
        return None
    on_face = polygon_mask(head.points, BEARD, size_wh, 0) * bare * hairy
    limits = beard_range(head.lab, on_face)
    if limits is None:
        return None
    # A printed mask is rough as well, and seldom told to cover all of a chin.
    natural = weighted_mean(naturalness(head.lab), on_face)
    share = min(share, 1.0) * (natural - _LEAST_NATURAL) / (_SURELY_NATURAL - _LEAST_NATURAL)
    if share <= 0:
        return None
    return BeardedChin(bare, hairy, on_face, on_chin, limits, share, covered > 0)


def _hairy(head: LowerHead) -> FloatArray:
    """Tell how much a pixel of the face differs from its skin in color and in texture, 0..1."""
    limits = np.array([max(0.2 * float(head.skin[0]), 6), 7, 8], np.float32)
    other = np.maximum.reduce(cv2.split(np.abs(head.lab - head.skin) / limits))
    hairy: FloatArray = np.clip(other - 0.4, 0, 1) * np.clip((head.rough - 1) / 0.7, 0, 1)
    return hairy
