"""What colors say of hair, where the net is in doubt.

The net tells hair by place and run, at half the crop's size: soft at the edges, doubtful in a fringe or where thin
hair lets the scalp through. Around what it found the colors of hair and of everything else are counted, and each
pixel's odds are weighed by how much likelier its color is in the one than in the other. Hair of the color of what it
lies before keeps the net's odds.

Source: Bayes' rule on color histograms, as in the regions of Rother et al., "GrabCut" (SIGGRAPH 2004).
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.head.head_crop import FACE_PX, crop_positions
from transforms.picture.color_models import color_codes, color_share, density, mean_color

_AROUND_PX = 2 * round(0.17 * FACE_PX) + 1
"""Only what lies near the hair is counted: a dark suit tells nothing of dark hair."""
_FOUND = 0.15
_WEIGHT, _MOST_LOG_ODDS = 0.7, 3.0
"""Neighboring pixels are no independent witnesses: hence less than 1. By eye."""
_RARE = 1e-5
"""Share of a color that was hardly seen at all."""

_GAP_PX, _MAYBE = 2 * round(0.06 * FACE_PX) + 1, 0.12
_FRINGE_GAP_PX, _IN_FRINGE = 2 * round(0.14 * FACE_PX) + 1, 0.2
"""Widest gap between strands beside the face, where a wider one would be an ear, and above the brows; what the net
says at least of what fills either. By eye."""
_BROWS_V = 0.25
"""Height of the brows above the middle of the face, face heights."""
_STRANDS, _LEAST_DETAIL = 3.0, 0.4
"""Detail against the cheeks' from which on strands are seen, and the least that these count for. By eye."""
_SKIN_SPREAD = np.array([10, 5, 6], np.float32)


def weighed_by_color(ratio: FloatArray, lab: FloatArray, inside: FloatArray) -> FloatArray:
    """Weigh the net's ratio of hair by the colors of the picture itself.

    Parameters
    ----------
    ratio : ndarray, (h, w) float32
        What the net says, 0..1, on the crop of `transforms.head.head_crop`.
    lab : ndarray, (h, w, 3) float32
        The crop in OpenCV's float Lab.
    inside : ndarray, (h, w) float32
        1 in the picture, 0 beyond its border.

    Returns
    -------
    ndarray, (h, w) float32
        0..1; equal to `ratio` where hair and the rest have a color alike often.
    """
    codes = color_codes(cv2.GaussianBlur(lab, (0, 0), 0.8))
    found = (ratio > _FOUND).astype(np.uint8)
    near = cv2.dilate(found, np.ones((_AROUND_PX, _AROUND_PX), np.uint8)) * inside
    # Squared: what is in doubt hardly counts for either.
    hair, rest = density(codes, ratio**2 * near), density(codes, (1 - ratio) ** 2 * near)
    evidence = _WEIGHT * np.log((hair + _RARE) / (rest + _RARE))
    evidence = np.exp(np.clip(evidence, -_MOST_LOG_ODDS, _MOST_LOG_ODDS))
    weighed: FloatArray = ratio * evidence / (ratio * evidence + (1 - ratio))
    return weighed.astype(np.float32)


def without_gaps(ratio: FloatArray, found: FloatArray, lab: FloatArray, cheeks: FloatArray) -> FloatArray:
    """Fill what lies between the strands of a fringe, where it has not the color of the face, or is rougher.

    Parameters
    ----------
    ratio, found : ndarray, (h, w) float32
        Ratio of hair as weighed and as the net gave it.
    lab : ndarray, (h, w, 3) float32
    cheeks : ndarray, (h, w) float32
        Patches of the face's skin.

    Returns
    -------
    ndarray, (h, w) float32
        Nowhere less than `ratio`.
    """
    closed = np.where(found > _MAYBE, _closed(ratio, _GAP_PX), ratio)
    fringe = np.clip((crop_positions()[1] - _BROWS_V) / 0.1, 0, 1) * np.clip((found - _IN_FRINGE) / 0.1, 0, 1)
    closed += (np.maximum(_closed(ratio, _FRINGE_GAP_PX), closed) - closed) * fringe
    bare = color_share(lab, mean_color(lab, cheeks).astype(np.float32), _SKIN_SPREAD)
    bare *= _smooth(lab[..., 0], bare, cheeks)
    filled: FloatArray = ratio + (closed - ratio) * (1 - bare)
    return filled


def _closed(ratio: FloatArray, gap_px: int) -> FloatArray:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap_px, gap_px))
    levels = np.round(255 * ratio).astype(np.uint8)
    return np.asarray(np.maximum(cv2.morphologyEx(levels, cv2.MORPH_CLOSE, disc) * np.float32(1 / 255), ratio))


def _smooth(lightness: FloatArray, bare: FloatArray, cheeks: FloatArray) -> FloatArray:
    """1 where what has the skin's color has no more detail than the cheeks .. 0 where it is strands."""
    weights = bare + np.float32(1e-3)
    total = cv2.GaussianBlur(weights, (0, 0), 1.5)
    mean = cv2.GaussianBlur(lightness * weights, (0, 0), 1.5) / total
    detail = cv2.GaussianBlur(np.abs(lightness - mean) * weights, (0, 0), 1.5) / total
    usual = float(np.median(detail[cheeks > 0.5])) if (cheeks > 0.5).any() else 0.0
    return np.asarray(np.clip((_STRANDS - detail / (usual + _LEAST_DETAIL)) / (_STRANDS - 1.5), 0, 1))
