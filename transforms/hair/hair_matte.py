"""The hair of one head as a soft matte.

On an upright crop of the head (72 px a face) a network tells hair from skin, clothes, caps and background. A guided
filter carries the result to the strands of the full picture (`transforms.head.matte`).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.hair.bare_face import far_side, without_eyes
from transforms.hair.bare_head import grown_ratio
from transforms.hair.hair_evidence import weighed_by_color, without_gaps
from transforms.hair.hair_net import HairNet, net_masks
from transforms.head.head_crop import (
    FACE_PX,
    connected,
    crop_map,
    crop_positions,
    crop_size_wh,
    hair_prior,
    inside_picture,
    to_crop_points,
    warp_area,
)
from transforms.head.matte import fine_matte
from transforms.head.person import face_height_px
from transforms.picture.color_models import naturalness, weighted_mean
from transforms.picture.lab import lab_of
from transforms.picture.ramp import ramp

_FOREHEAD, _NOSE_ROOT, _NOSE_TIP, _RIGHT_CHEEK, _LEFT_CHEEK = 10, 168, 1, 234, 454
_SKULL_OF_NOSE = 0.6
"""Offset of the skull against the offset of the nose tip in a turned head. By eye."""
_CROWDED = ((0.25, 0.55), (0.5, 0.85))
_UNSURE, _SURE = 0.08, 0.68
"""What the net says of what is no hair, and of what is."""
_NO_PERSON, _PERSON = 0.4, 0.75


def hair_matte(
    image: ImageArray, face: Face, person_ratio: FloatArray, net: HairNet, other_faces: Sequence[Face] = ()
) -> FloatArray:
    """Return how much of each pixel is this head's hair.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
        The picture or any part of it that holds the head.
    face : Face
        In pixels of `image`.
    person_ratio : ndarray, (H, W) float32
        `PersonSegmenter.person_near(image, face)`.
    net : HairNet
    other_faces : sequence of Face
        The other faces of the picture: pixels nearer to them are theirs.

    Returns
    -------
    ndarray, (H, W) float32
        0..1; brows and beard are not in it.
    """
    height, width = image.shape[:2]
    to_crop = crop_map(face, FACE_PX)
    size_wh = crop_size_wh(FACE_PX)
    crop = warp_area(image, to_crop, size_wh)
    person = cv2.warpAffine(person_ratio, to_crop, size_wh, flags=cv2.INTER_LINEAR)
    inside = inside_picture(height, width, to_crop, size_wh)
    points = to_crop_points(face, to_crop)
    lab = lab_of(crop)
    found = net.hair_ratio(crop, person, inside, points)
    _, below_brows, cheeks = net_masks(points)
    ratio = without_gaps(weighed_by_color(found, lab, inside), found, lab, cheeks)
    sure = (
        np.clip((ratio - _UNSURE) / (_SURE - _UNSURE), 0, 1)
        * inside
        * trusted_reach(person, inside, points, _CROWDED)
    )
    # Where the segmenter doubts, a dark background above the head is as likely.
    near_person = cv2.dilate(person, np.ones((5, 5), np.uint8))
    sure *= np.clip((near_person - _NO_PERSON) / (_PERSON - _NO_PERSON), 0, 1)
    coarse = connected(sure * own_share(face, other_faces, to_crop, size_wh), hair_prior())
    # A cap may pass for hair, but not in every color.
    natural = naturalness(_lock_color(lab, coarse))
    usual = weighted_mean(natural, coarse)
    # Dark hair may mirror a blue sky: where nearly all of it looks natural, what surely is hair may have any color.
    mirrored = np.clip((coarse - 0.7) / 0.2, 0, 1) * ramp(usual, 0.55, 0.75)
    coarse = coarse * np.maximum(natural, mirrored) * ramp(usual, 0.3, 0.7)
    coarse = coarse * np.float32(grown_ratio(found, ratio, lab, below_brows, cheeks))
    coarse *= 1 - far_side(points, size_wh)
    return without_eyes(fine_matte(coarse, crop, image, face, to_crop, person), face)


def _lock_color(lab: FloatArray, matte: FloatArray) -> FloatArray:
    """Color of the lock that a pixel lies in, without the wall beside it, which would make a thin gray rim blue."""
    weights = matte + np.float32(1e-3)
    return np.asarray(cv2.blur(lab * weights[..., None], (7, 7)) / cv2.blur(weights, (7, 7))[..., None])


def own_share(face: Face, others: Sequence[Face], to_crop: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """1 near this face, 0 nearer to another one; distances in face heights, with a soft border."""
    share = np.ones(size_wh[::-1], np.float32)
    others = [other for other in others if other is not face]
    if not others:
        return share
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]].astype(np.float32)

    def distance(points: FloatArray, height_px: float) -> FloatArray:
        # From the middle of the forehead: hair lies about it.
        at = points[[_FOREHEAD, _NOSE_ROOT]].mean(axis=0)
        return np.asarray(np.hypot(columns - at[0], rows - at[1]) / height_px)

    own = distance(to_crop_points(face, to_crop), FACE_PX)
    for other in others:
        height_px = FACE_PX * face_height_px(other) / face_height_px(face)
        theirs = distance(to_crop_points(other, to_crop), height_px)
        share *= np.clip(0.5 + (theirs - own) / 0.12, 0, 1)
    return np.asarray(share, np.float32)


def skull_offset_faces(points: FloatArray) -> float:
    """Offset of the skull from the face's middle, face heights, right positive: away from where the nose points."""
    cheeks = (points[_LEFT_CHEEK, 0] + points[_RIGHT_CHEEK, 0]) / 2
    return float(np.clip(_SKULL_OF_NOSE * (cheeks - points[_NOSE_TIP, 0]) / FACE_PX, -0.25, 0.25))


def trusted_reach(
    person: FloatArray, inside: FloatArray, points: FloatArray, limits: Sequence[tuple[float, float]]
) -> FloatArray:
    """Return 1, or 1 near the skull only where the segmenter saw people beside and above the head as well.

    A crowd behind, or a picture the segmenter takes for a person as a whole: then wide hair cannot be told. `limits`
    are the shares of person, far away and around the skull, from which on that is the case.
    """
    u, v = crop_positions()
    u = u - skull_offset_faces(points)
    radius = np.hypot(u / 0.58, (v - 0.25) / 0.66)
    away = ((np.abs(u) > 0.78) & (v > 0.2) | (v > 1.05)) & (inside > 0.5)
    ring = (radius > 1.15) & (radius < 1.35) & (v > 0.1) & (inside > 0.5)
    crowded = 0.0
    for zone, (low, high) in zip((away, ring), limits, strict=True):
        if zone.sum() > 50:
            crowded = max(crowded, float(np.clip((person[zone].mean() - low) / (high - low), 0, 1)))
    cap = np.clip((1.2 - radius) / 0.25, 0, 1)
    near = np.where(v > 0, cap, np.clip((0.62 - np.abs(u)) / 0.15, 0, 1))
    return np.asarray(1 - crowded * (1 - near), np.float32)
