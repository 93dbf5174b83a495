"""How far a beard goes on beyond the mesh: its colors on the face against those of skin, clothes and background.

From the jaw on it is followed in rounds, each a step farther, as far as its colors are likelier than what is around.
Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.beard.bearded_chin import BeardedChin
from transforms.head.lower_head import LowerHead
from transforms.picture.color_models import color_codes, density, likeness_of, mean_color

LONGEST_FACES = 1.1
"""No beard is followed farther down from the chin."""
_ROUNDS = 4
_REACH_FACES, _STEP_PX = 0.16, 4.0
"""How far from the jaw a beard may be at first, and how far it may go on from there in each round."""
_SIDE_FACES, _HIGHEST_FACES = 0.7, -0.38
_UNDER_CHIN_FACES, _NECK_FACES = 0.17, 0.32


def spread_beard(head: LowerHead, chin: BeardedChin) -> FloatArray:
    """Follow a beard.

    Parameters
    ----------
    head : LowerHead
    chin : BeardedChin

    Returns
    -------
    ndarray, (h, w) float32
        How surely a pixel beyond the mesh is beard, 0..1.
    """
    below_chin = np.clip((_UNDER_CHIN_FACES - head.away) / 0.05, 0, 1)
    below_chin = below_chin * np.clip((_NECK_FACES - np.abs(head.across)) / 0.08, 0, 1)
    like_beard = likeness_of(head.lab, chin.on_face)
    codes = color_codes(head.lab)
    allowed, others = _allowed(head, chin, like_beard), _others(head, chin, like_beard, codes)
    near = 0.75 * np.exp(-0.5 * (head.away / _REACH_FACES) ** 2)
    # Right below a bearded chin hardly anything else can be: not even clothes of the same color.
    near = np.maximum(near, 0.92 * below_chin * (head.down > -0.1))
    found = np.zeros_like(head.person)
    beard, prior = chin.on_face, near
    for _ in range(_ROUNDS):
        odds = density(codes, beard) * prior / np.maximum(1 - prior, 0.05)
        found = (odds / (odds + others + 1e-6) * allowed).astype(np.float32)
        found = cv2.GaussianBlur(found, (0, 0), 0.8)
        beard = np.maximum(found, chin.on_face)
        prior = np.maximum(near, 0.65 * np.clip(1.5 * cv2.GaussianBlur(found, (0, 0), _STEP_PX), 0, 1))
    middle = np.clip((_NECK_FACES - 0.04 - np.abs(head.across)) / 0.14, 0, 1)
    return np.maximum(found, 0.9 * below_chin * middle * _underside(head, chin.on_face))


def _allowed(head: LowerHead, chin: BeardedChin, like_beard: FloatArray) -> FloatArray:
    """Tell where a beard can be at all, 0..1: on the person, below the ears, rough and of such a color."""
    allowed = np.clip((LONGEST_FACES - head.down) / 0.3, 0, 1) * np.clip((_SIDE_FACES - np.abs(head.u)) / 0.15, 0, 1)
    allowed = allowed * np.clip((head.down - _HIGHEST_FACES) / 0.12, 0, 1) * np.clip(1.6 * head.person, 0, 1)
    allowed = allowed * head.inside * np.clip((head.rough - 0.6) / 0.6, 0, 1)
    # Shirts are smooth, and not of the beard's color.
    texture = np.clip((head.rough / max(float(np.median(head.rough[chin.on_chin])), 1.0) - 0.3) / 0.3, 0, 1)
    return np.asarray(allowed * texture * np.clip(2 * like_beard, 0, 1))


def _others(head: LowerHead, chin: BeardedChin, like_beard: FloatArray, codes: NDArray[np.intp]) -> FloatArray:
    """Tell how often face, background and chest have a pixel's color."""
    face = np.maximum(head.cheeks, head.oval * (head.down > -0.75) * (1 - chin.hairy) * chin.bare)
    behind = (1 - np.clip(1.6 * head.person, 0, 1)) * head.inside
    chest = head.person * (np.where(np.abs(head.u) > 0.5, head.down > 0.25, head.down > 0.85))
    return np.asarray(
        density(codes, face)
        + density(codes, behind) * (1.03 - head.person)
        + density(codes, chest * (1 - like_beard)) * np.clip(head.down + 0.1, 0.02, 1)
    )


def _underside(head: LowerHead, on_face: FloatArray) -> FloatArray:
    """Tell what could be the beard's underside, (h, w) float32, 0..1: of its color, but in the chin's shade."""
    beard = mean_color(head.lab, on_face)
    darker = head.lab[..., 0] / max(float(beard[0]), 1.0)
    a, b = (np.abs(head.lab[..., plane] - darker * np.float32(beard[plane])) for plane in (1, 2))
    color = np.maximum(a, b)
    shaded: FloatArray = np.clip((0.85 - darker) / 0.3, 0, 1) * np.clip(1.6 - color / 3, 0, 1) * head.person
    return shaded
