"""The color model that teaches the hair net: the hair of one head as a soft matte.

On an upright crop of the head (72 px a face) four color models compete for each pixel: hair, skin, clothes and
background. Hair is learned from the ring above and beside the face, skin from the face itself, background from
what the person segmenter leaves out, clothes from below the chin; a map of where hair grows weighs them, and three
rounds refine them. A guided filter carries the result to the strands of the full picture. Where colors do not tell
hair from its neighbor the matte fades out: a thin matte is seen less than a patch.

Sources: the crop and its seeds follow Rother et al., "GrabCut" (SIGGRAPH 2004) with fixed spatial priors in place of
the user's rectangle; `transforms.picture.guided` for the matte.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.face.landmark_ids import OVAL
from transforms.hair.hair_matte import own_share, skull_offset_faces, trusted_reach
from transforms.hair.hair_net import BELOW_BROWS
from transforms.head.head_crop import (
    FACE_PX,
    connected,
    crop_map,
    crop_positions,
    crop_size_wh,
    hair_prior,
    to_crop_points,
    warp_area,
)
from transforms.head.matte import fine_matte
from transforms.picture.color_models import (
    color_codes,
    density,
    likeness_of,
    mean_color,
    naturalness,
    polygon_mask,
    skin_likeness,
    skin_patches,
)
from transforms.picture.guided import apply_guided, guided_coefficients

ROUNDS = 3
_CROWDED = ((0.12, 0.37), (0.35, 0.7))
"""Sooner than the net: colors tell less of a crowd."""
_LEAST_HAIR = 0.02
"""Less than this, in squared face heights, is no hair."""


def hair_matte(
    image: ImageArray, face: Face, person_ratio: FloatArray, other_faces: Sequence[Face] = ()
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
    inside = cv2.warpAffine(np.ones((height, width), np.float32), to_crop, size_wh)
    person = person * inside * own_share(face, other_faces, to_crop, size_wh)
    coarse = _coarse_matte(crop.astype(np.float32) / 255, person, inside, to_crop_points(face, to_crop))
    if coarse.max() < 0.05:
        return np.zeros((height, width), np.float32)
    return fine_matte(coarse, crop, image, face, to_crop)


def _coarse_matte(guide: FloatArray, person: FloatArray, inside: FloatArray, points: FloatArray) -> FloatArray:
    """Return the matte on the crop, (h, w) float32."""
    size_wh = (guide.shape[1], guide.shape[0])
    nothing = np.zeros(guide.shape[:2], np.float32)
    lab: FloatArray = cv2.cvtColor(guide, cv2.COLOR_RGB2LAB)
    u, v = crop_positions()
    skull_u = skull_offset_faces(points)
    u = u - skull_u
    face_mask = polygon_mask(points, OVAL, size_wh, 0)
    wide_face = cv2.GaussianBlur(cv2.dilate(face_mask, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    patches = skin_patches(lab, points)
    if not patches:
        return nothing
    # The second look takes in the whole visible skin of the face, forehead and shade included.
    skin_like = np.max([skin_likeness(lab, patch) for patch in patches], axis=0)
    visible = (face_mask > 0.5) & (v < 0.46) & (skin_like > 0.2)
    if visible.sum() > 20:
        skin_like = np.maximum(skin_like, skin_likeness(lab, visible))
    skin: FloatArray = np.maximum(np.any(patches, axis=0), face_mask * skin_like)
    # Single strands mirror the sky or the lamp: the color of a lock is what counts.
    natural = naturalness(cv2.blur(lab, (7, 7)))
    possible = person * (1 - polygon_mask(points, BELOW_BROWS, size_wh, 1.5))
    grows = cv2.warpAffine(hair_prior(), np.array([[1, 0, skull_u * FACE_PX], [0, 1, 0]], np.float64), size_wh)
    prior = grows * possible * natural * trusted_reach(person, inside, points, _CROWDED)
    # At first hair is what lies close about the skull: further out may be a neighbor.
    radius = np.hypot(u / 0.58, (v - 0.25) / 0.66)
    close = np.clip((1.12 - radius) / 0.25, 0, 1) * (v > 0.05)
    near = np.clip((1.35 - radius) / 0.3, 0, 1) * (v > 0.05)
    hair = prior * close * (1 - skin_like) * (1 - wide_face)
    if float(hair.sum()) < _LEAST_HAIR * FACE_PX**2:
        return nothing
    prior = prior * (1 - 0.7 * wide_face)
    codes = color_codes(lab)
    others = (
        density(codes, skin) * (0.35 + 0.65 * wide_face)
        + density(codes, (1 - np.clip(person * 1.6, 0, 1)) * inside) * (0.03 + (1 - person))
        + density(codes, _clothes(u, v) * person * (1 - skin_like)) * np.clip(-v + 0.05, 0.02, 1.2)
    )
    matte = hair
    for _ in range(ROUNDS):
        odds = density(codes, hair) * prior / np.maximum(1 - prior, 0.05)
        hair_like = likeness_of(lab, hair)
        # Squared: a highlight a little like skin and little like the hair's middle is hair all the same.
        skin_share = skin_like**2 / (skin_like**2 + hair_like**2 + 0.03)
        matte = odds / (odds + others + 1e-6) * possible * (1 - skin_share * (v > -0.4))
        matte = matte * np.maximum(near, np.clip(2.2 * hair_like, 0, 1))
        matte = apply_guided(guided_coefficients(matte.astype(np.float32), guide, 3, 4e-3), guide)
        # What lies far out may follow the hair's colors, not lead them.
        hair = matte * prior * (0.25 + 0.75 * near)
    matte = connected(_hanging(matte, v), prior)
    scalp = (np.hypot(u / 0.5, (v - 0.2) / 0.62) < 1) & (v > 0.3) & (person > 0.5) & (wide_face < 0.3)
    return np.clip((matte - 0.06) / 0.78, 0, 1) * _certainty(matte * (v > 0.2), skin, scalp, natural, lab)


def _clothes(u: FloatArray, v: FloatArray) -> FloatArray:
    """Where clothes are likely: surely below the chin, probably on the shoulders, less between (long hair)."""
    chest, shoulder = np.abs(u) < 0.28, np.abs(u) > 0.62
    share = np.where(chest, 1.0, np.where(shoulder, 0.6, 0.15))
    return np.asarray(share * (v < np.where(chest, -0.62, -0.85)), np.float32)


def _certainty(matte: FloatArray, skin: FloatArray, scalp: FloatArray, natural: FloatArray, lab: FloatArray) -> float:
    """0..1: small where the scalp is bare, what was found is shine or shade of skin, or no hair has the color."""
    if matte.sum() < 1 or skin.sum() < 1:
        return 0.0
    grown = 1.0 if scalp.sum() < 20 else float(np.clip((matte[scalp].mean() - 0.12) / 0.25, 0, 1))
    natural_mean = float(np.average(natural, weights=matte))
    away = mean_color(lab, matte) - mean_color(lab, skin)
    distance = float(np.linalg.norm(away / (12, 5, 6)))
    if away[0] > 5:
        # Lighter than the face: white hair has strands, the shine of a bald head is smoother than skin.
        detail = np.abs(lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 1.5))
        ratio = float(np.average(detail, weights=matte) / (np.average(detail, weights=skin) + 0.1))
        distance *= float(np.clip(ratio - 0.35, 0.2, 1))
    apart = float(np.clip((distance - 0.9) / 0.8, 0, 1))
    return grown * apart * float(np.clip((natural_mean - 0.3) / 0.4, 0, 1))


def _hanging(matte: FloatArray, v: FloatArray) -> FloatArray:
    """Cut what does not hang from the head: below the ears hair goes on where hair is close above (collars do not).

    Parameters
    ----------
    matte, v : ndarray, (h, w) float32
        The matte on the crop, and `crop_positions`' v.
    """
    hung = matte.copy()
    first = int(np.argmax(v[:, 0] < 0.0))
    kernel = np.ones((1, 5), np.uint8)
    reach = hung[first - 1 : first]
    for row in range(first, len(matte)):
        # Through a gap (an ear, a hand) the reach dies away over a quarter of a face.
        above = cv2.dilate(reach, kernel)
        hung[row] = np.minimum(above * 1.02, matte[row])
        reach = np.maximum(hung[row : row + 1], above * 0.94)
    return hung
