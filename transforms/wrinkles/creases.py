"""Creases of averaged old portraits, and the folds beside the nose in the form that they have in old faces.

Sources: detail transfer through a warp, Liu, Shan & Zhang 2001 (SIGGRAPH, expression ratio images); creases from
`prototypes`. Depths by eye.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.face.face_masks import face_masks
from transforms.face.landmark_ids import CHIN, MOUSTACHE
from transforms.face.layer_drawing import patch, polygon
from transforms.face.layer_frame import FRAME_PX, LAYER_PX, PAD_PX, layer_points_px
from transforms.face.prototypes import prototypes
from transforms.wrinkles.engraving import catmull_rom

_CREASE_SIGMA_PX, _CREASE_GAIN, _SHALLOW = 9.0, 2.0, 1.2
_VALLEY_LIMIT, _RIDGE_LIMIT = -13.0, 3.0
"""A crease is a dark valley; bright ridges look like paint."""
_FOLDS = ((-1.0, (129, 206, 216, 212)), (1.0, (358, 426, 436, 432)))
"""Side of the picture, and mesh points from the wing of the nose down past the corner of the mouth."""
_FOLD_DEPTH, _FOLD_KEPT = 9.5, 0.2
"""Steps of L, and what of the averages' own folds is kept: of many places, they add up to a broad stain."""
_FOLD_REACH_PX = 22
_COHERENCE_SIGMA_PX, _SPECKLED, _LINED = 3.0, 0.3, 0.6
"""Coherence of the structure tensor of what is some few people's pores or pigment, and of lines."""
_STUBBLY_KEPT = 0.25


@cache
def crease_layer() -> FloatArray:
    """Creases of old faces, (LAYER_PX, LAYER_PX) float16, steps of L."""
    men, women = prototypes().creases
    # Women's hair hangs into the forehead of their mean.
    share = 0.35 * np.clip((np.arange(FRAME_PX) - 0.25 * FRAME_PX) / 20, 0, 1)[:, None]
    mixed = men + share * (women - men)
    mixed = 0.7 * mixed + 0.3 * mixed[:, ::-1]
    # The mean's folds are broad: what is coarser than a fold is shade that the light of this face does not cast.
    mixed -= cv2.GaussianBlur(mixed, (0, 0), _CREASE_SIGMA_PX)
    # What is shallow is not a crease but the skin of some few people.
    shaped = _CREASE_GAIN * np.sign(mixed) * np.maximum(np.abs(mixed) - _SHALLOW, 0)
    shaped = np.where(shaped < 0, _VALLEY_LIMIT * np.tanh(shaped / _VALLEY_LIMIT), np.minimum(shaped, _RIDGE_LIMIT))
    shaped = shaped * _lined(shaped)
    # Stubble is in the mean too.
    chin = np.clip(polygon(CHIN, 1.15, 6) + polygon(MOUSTACHE, 1.0, 4), 0, 1)
    folds, near = _folds()
    layer: FloatArray = np.pad(shaped, PAD_PX) * (1 - (1 - _STUBBLY_KEPT) * chin) * (1 - (1 - _FOLD_KEPT) * near)
    layer += folds
    return to_half(layer * face_masks().skin)


def _lined(layer: FloatArray) -> FloatArray:
    """Tell lines, 1, from specks, 0, by the structure tensor (Bigun & Granlund 1987)."""
    smooth = cv2.GaussianBlur(layer, (0, 0), 0.8)
    dx, dy = cv2.Sobel(smooth, cv2.CV_64F, 1, 0), cv2.Sobel(smooth, cv2.CV_64F, 0, 1)
    dx2, dy2, dxy = (cv2.GaussianBlur(part, (0, 0), _COHERENCE_SIGMA_PX) for part in (dx * dx, dy * dy, dx * dy))
    coherence = np.hypot(dx2 - dy2, 2 * dxy) / (dx2 + dy2 + 1)
    return np.asarray(np.clip((coherence - _SPECKLED) / (_LINED - _SPECKLED), 0, 1))


def _folds() -> tuple[FloatArray, FloatArray]:
    """Folds in steps of L, and where they are, 0..1; each (LAYER_PX, LAYER_PX) float32."""
    points = layer_points_px()
    folds, near = (np.zeros((LAYER_PX, LAYER_PX), np.float32) for _ in range(2))
    for sign, ids in _FOLDS:
        path = points[list(ids)].astype(np.float64)
        curve = catmull_rom(np.vstack([path[:1] + (0, -2), path[1:]]), 64)
        part, origin = patch(folds, curve, _FOLD_REACH_PX)
        rows, columns = np.mgrid[: part.shape[0], : part.shape[1]]
        away = np.stack([columns, rows], axis=-1)[..., None, :] + origin - curve
        distance = np.linalg.norm(away, axis=-1)
        nearest = distance.argmin(axis=-1)
        along = np.gradient(curve, axis=0)
        across = np.stack([along[:, 1], -along[:, 0]], axis=1) * sign
        chosen = np.take_along_axis(away, nearest[..., None, None], axis=2)[..., 0, :]
        cheek = np.einsum("ijk,ijk->ij", chosen, across[nearest]) > 0
        distance = distance.min(axis=-1)
        # Deepest beside the wing of the nose, thin at its lower end.
        taper = np.interp(nearest, (0, 8, 30, 48, 63), (0.5, 1.0, 0.85, 0.5, 0.0))
        part += -_FOLD_DEPTH * taper * np.where(cheek, _bulge(distance), _lip_side(distance))
        patch(near, curve, _FOLD_REACH_PX)[0][:] += np.clip(1.6 - distance / 9, 0, 1)
    return folds, near


def _bulge(distance_px: FloatArray) -> FloatArray:
    """Shade of the cheek that turns under towards the crease.

    Both profiles are fitted to 312 cross sections of folds of people of 62 and more among the training portraits:
    median steps of L, from the bottom of the crease, 10 at 4, 13 at 6, 16 at 10 layer pixels on the cheek's side, and
    13 at 4, 14 at 6, 16 at 10 on the lip's.
    """
    return np.asarray(0.6 * np.exp(-((distance_px / 2.9) ** 2)) + 0.4 * np.exp(-distance_px / 6.0))


def _lip_side(distance_px: FloatArray) -> FloatArray:
    return np.asarray(0.8 * np.exp(-((distance_px / 2.3) ** 2)) + 0.2 * np.exp(-distance_px / 5.0))
