"""The beard beyond the mesh, found by its color on the chin against those of skin, clothes and background.

Everything happens on an upright crop of the head; limits by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.canonical_layers import BEARD, CHIN, LIPS, OVAL
from transforms.clothes import beard_range, clothes_below
from transforms.color_models import (
    color_codes,
    density,
    likeness_of,
    mean_color,
    median_color,
    naturalness,
    polygon_mask,
    skin_patches,
)
from transforms.head_crop import FACE_PX, crop_positions, crop_size_wh, to_crop_points, warp_area
from transforms.lab import lab_of

_LEAST_BEARDED, _SURELY_BEARDED = 0.5, 0.65
"""Mean hairiness of the chin: shaded and freckled ones reach the first, beards of a week the second."""
_LEAST_NATURAL, _SURELY_NATURAL = 0.45, 0.65
"""Naturalness of a beard's colors: of 32 beards at least 0.79, of a printed mask 0.32."""
_TUFTS_FACES = 0.15
"""How far down a beard may go that leaves the chin bare."""
_TUFTS_ROUGH, _LEAST_TUFTED, _SURELY_TUFTED = 3.0, 0.28, 0.34
"""Texture of tufts against the cheeks'; share of the chin that has them: of 150 training portraits of men without a
beard at most the first."""
_ROUNDS = 4
_REACH_FACES, _STEP_PX = 0.16, 4.0
"""How far from the jaw a beard may be at first, and how far it may go on from there in each round."""
_LONGEST_FACES, _SIDE_FACES, _HIGHEST_FACES = 1.1, 0.7, -0.38
_LOBES_FACES = -0.2
"""Down to here ears hang beside a jaw."""
_LEAST_BEARD_PX = 25
_CLOTHES_FACES = -0.2
"""Collars reach up to here beside a jaw."""
_LONG_FACES, _SHORT_FACES, _WHISKERS_FACES, _MOST_BESIDE_FACES = 0.45, 0.13, 0.06, 0.1
"""A beard that hides the neck; how far others reach below the jaw at least, and beside it at least and at most."""
_SHORT_LENGTH_FACES = 0.3
"""A beard no longer than this ends above the clothes."""
_COVERED = 0.5
_UNDER_CHIN_FACES, _NECK_FACES = 0.17, 0.32
_NECK_BEHIND = 0.6
"""How far the neck is from below the chin towards the middle between the ears."""


@dataclass(frozen=True, eq=False)
class LowerHead:
    """The head on the upright crop; planes (h, w) float32.

    `rough` is texture against that of the cheeks; `u` and `down` are face heights across and down from the chin,
    `across` from the middle of the neck.
    """

    crop: ImageArray
    lab: FloatArray
    rough: FloatArray
    person: FloatArray
    inside: FloatArray
    points: FloatArray
    cheeks: FloatArray
    skin: FloatArray
    oval: FloatArray
    u: FloatArray
    across: FloatArray
    down: FloatArray


@dataclass(frozen=True, eq=False)
class HangingBeard:
    """A beard beyond the mesh; planes on the upright crop, (h, w) float32, 0..1.

    `clothes` is what a short one ends at, `limits` are the lowest and the highest of its colors (see
    `clothes.beard_range`), and `is_long` tells whether it hides the neck.
    """

    amount: FloatArray
    clothes: FloatArray
    limits: FloatArray
    is_long: bool


def look_below(image: ImageArray, face: Face, person_ratio: FloatArray, to_crop: FloatArray) -> LowerHead | None:
    """Bring a head to the crop (`to_crop` is its `crop_map`); None where no skin is seen."""
    size_wh = crop_size_wh(FACE_PX)
    crop = warp_area(image, to_crop, size_wh)
    lab = lab_of(crop)
    points = to_crop_points(face, to_crop)
    patches = skin_patches(lab, points)
    if not patches:
        return None
    cheeks = np.any(patches, axis=0)
    face_px = FACE_PX / float(np.hypot(*to_crop[0, :2]))
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), max(0.012 * face_px, 0.8)))
    texture = cv2.GaussianBlur(warp_area(fine, to_crop, size_wh), (0, 0), 1.2)
    rough = texture / (lab[..., 0] + 10)
    u, v = crop_positions()
    chin = points[152]
    u = u - (float(chin[0]) / FACE_PX + float(u[0, 0]))
    # The chin of a turned head lies beside the neck.
    aside = (float(points[[234, 454], 0].mean()) - float(chin[0])) / FACE_PX
    return LowerHead(
        crop,
        lab,
        rough / max(float(np.median(rough[cheeks])), 0.006),
        cv2.warpAffine(person_ratio, to_crop, size_wh),
        cv2.warpAffine(np.ones(image.shape[:2], np.float32), to_crop, size_wh),
        points,
        cheeks,
        median_color(lab, cheeks),
        polygon_mask(points, OVAL, size_wh, 0),
        u,
        u - _NECK_BEHIND * aside,
        -v - (float(chin[1]) / FACE_PX - float(v[0, 0])),
    )


def _hairy(head: LowerHead) -> FloatArray:
    """Tell how much a pixel of the face differs from its skin in color and in texture, 0..1."""
    limits = np.array([max(0.2 * float(head.skin[0]), 6), 7, 8], np.float32)
    other = np.maximum.reduce(cv2.split(np.abs(head.lab - head.skin) / limits))
    hairy: FloatArray = np.clip(other - 0.4, 0, 1) * np.clip((head.rough - 1) / 0.7, 0, 1)
    return hairy


def beard_beyond(head: LowerHead) -> HangingBeard | None:
    """Find where a beard goes on beyond the mesh; None without a beard."""
    size_wh = (head.lab.shape[1], head.lab.shape[0])
    free = 1 - polygon_mask(head.points, LIPS, size_wh, 0)
    hairy = _hairy(head)
    on_chin = (polygon_mask(head.points, CHIN, size_wh, 0) * free > 0.5) & (head.inside > 0.9)
    if not on_chin.any():
        return None
    # A goatee leaves much of the chin bare, and of a turned head much of it is not seen, but its tufts are sure.
    tufted = float(((hairy > 0.9) & (head.rough > _TUFTS_ROUGH))[on_chin].mean())
    covered = (float(hairy[on_chin].mean()) - _LEAST_BEARDED) / (_SURELY_BEARDED - _LEAST_BEARDED)
    share = max(covered, (tufted - _LEAST_TUFTED) / (_SURELY_TUFTED - _LEAST_TUFTED))
    if share <= 0:
        return None
    on_face = polygon_mask(head.points, BEARD, size_wh, 0) * free * hairy
    limits = beard_range(head.lab, on_face)
    if limits is None:
        return None
    # A printed mask is rough as well, and seldom told to cover all of a chin.
    natural = float((naturalness(head.lab) * on_face).sum()) / max(float(on_face.sum()), 1e-3)
    share = min(share, 1.0) * (natural - _LEAST_NATURAL) / (_SURELY_NATURAL - _LEAST_NATURAL)
    if share <= 0:
        return None
    allowed = np.clip((_LONGEST_FACES - head.down) / 0.3, 0, 1) * np.clip((_SIDE_FACES - np.abs(head.u)) / 0.15, 0, 1)
    allowed = allowed * np.clip((head.down - _HIGHEST_FACES) / 0.12, 0, 1) * np.clip(1.6 * head.person, 0, 1)
    allowed = allowed * head.inside * np.clip((head.rough - 0.6) / 0.6, 0, 1)
    away = cv2.distanceTransform((head.oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / FACE_PX
    near = 0.75 * np.exp(-0.5 * (away / _REACH_FACES) ** 2)
    # Right below a bearded chin hardly anything else can be: not even clothes of the same color.
    below_chin = np.clip((_UNDER_CHIN_FACES - away) / 0.05, 0, 1)
    below_chin = below_chin * np.clip((_NECK_FACES - np.abs(head.across)) / 0.08, 0, 1)
    near = np.maximum(near, 0.92 * below_chin * (head.down > -0.1))
    codes = color_codes(head.lab)
    chest = head.person * (np.where(np.abs(head.u) > 0.5, head.down > 0.25, head.down > 0.85))
    others = (
        density(codes, np.maximum(head.cheeks, head.oval * (head.down > -0.75) * (1 - hairy) * free))
        + density(codes, (1 - np.clip(1.6 * head.person, 0, 1)) * head.inside) * (1.03 - head.person)
        + density(codes, chest * (1 - likeness_of(head.lab, on_face))) * np.clip(head.down + 0.1, 0.02, 1)
    )
    # Shirts are smooth, and not of the beard's color.
    texture = np.clip((head.rough / max(float(np.median(head.rough[on_chin])), 1.0) - 0.3) / 0.3, 0, 1)
    allowed = allowed * texture * np.clip(2 * likeness_of(head.lab, on_face), 0, 1)
    beard, prior = on_face, near
    for _ in range(_ROUNDS):
        odds = density(codes, beard) * prior / np.maximum(1 - prior, 0.05)
        found = (odds / (odds + others + 1e-6) * allowed).astype(np.float32)
        found = cv2.GaussianBlur(found, (0, 0), 0.8)
        beard = np.maximum(found, on_face)
        prior = np.maximum(near, 0.65 * np.clip(1.5 * cv2.GaussianBlur(found, (0, 0), _STEP_PX), 0, 1))
    middle = np.clip((_NECK_FACES - 0.04 - np.abs(head.across)) / 0.14, 0, 1)
    found = np.maximum(found, 0.9 * below_chin * middle * _shaded(head, on_face))
    # A beard goes down as far as it covers the middle; beside that, whatever has its color is none.
    length = min(_length_faces(head, found), _LONGEST_FACES if covered > 0 else _TUFTS_FACES)
    clothes = np.zeros_like(head.person)
    if length < _LONG_FACES:
        below_face = np.clip((head.person - 0.5) / 0.3, 0, 1) * (head.oval < 0.5) * (head.down > _CLOTHES_FACES)
        is_short = length < _SHORT_LENGTH_FACES
        clothes = clothes_below(head.lab, head.skin, limits, below_face.astype(np.float32), head.down, is_short)
        aside = np.clip((np.abs(head.across) - 0.15) / 0.18, 0, 1)
        below = max(_SHORT_FACES, length + _SHORT_FACES / 2)
        sides = min(max(_WHISKERS_FACES, 0.7 * (length - 0.1)), _MOST_BESIDE_FACES)
        # Black shade amid a beard's underside has no texture.
        dark = (head.lab[..., 0] < limits[1, 0]) & (away < below) & (np.abs(head.across) < 0.15)
        filled = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
        found = np.where(dark, filled, found)
        found = found * np.clip((below + (sides - below) * aside - away) / 0.04, 0, 1) * (1 - clothes)
    else:
        # Its ends are thin, and light shows between them.
        found = cv2.morphologyEx(np.clip(3 * found, 0, 1), cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
        wide = cv2.dilate(found, np.ones((15, 15), np.uint8)) * (head.down < _LONGEST_FACES)
        found = np.where(head.down > _LOBES_FACES, wide, found)
    _, labels = cv2.connectedComponents((np.maximum(found, on_face) > 0.35).astype(np.uint8))
    own = np.unique(labels[(on_face > 0.4) & (labels > 0)])
    kept = cv2.GaussianBlur(cv2.dilate(np.isin(labels, own).astype(np.float32), np.ones((5, 5))), (0, 0), 1.0)
    inner = cv2.erode((head.oval > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8))
    beyond = (
        np.clip((found - 0.12) / 0.3, 0, 1) * kept * (1 - cv2.GaussianBlur(inner.astype(np.float32), (0, 0), 0.8))
    )
    if float(beyond.sum()) < _LEAST_BEARD_PX:
        return None
    whole = cv2.dilate(beyond, np.ones((3, 3)))
    # Hairs stand out from the outline of a jaw.
    beside = np.clip((0.9 - head.person) / 0.3, 0, 1) * cv2.dilate(beyond, np.ones((5, 5)))
    whole = np.maximum(whole, beside) * np.float32(min(share, 1))
    return HangingBeard(whole.astype(np.float32), clothes, limits, length >= _LONG_FACES)


def _shaded(head: LowerHead, on_face: FloatArray) -> FloatArray:
    """Tell what could be the beard's underside, (h, w) float32, 0..1: of its color, but in the chin's shade."""
    beard = mean_color(head.lab, on_face)
    darker = head.lab[..., 0] / max(float(beard[0]), 1.0)
    color = np.abs(head.lab[..., 1:] - darker[..., None] * beard[1:].astype(np.float32)).max(axis=2)
    shaded: FloatArray = np.clip((0.85 - darker) / 0.3, 0, 1) * np.clip(1.6 - color / 3, 0, 1) * head.person
    return shaded


def _length_faces(head: LowerHead, found: FloatArray) -> float:
    """How far down from the chin the middle is covered without a gap, in face heights."""
    length = 0.05
    while length < _LONGEST_FACES:
        band = (np.abs(head.u) < 0.15) & (head.down >= length) & (head.down < length + 0.05) & (head.inside > 0.5)
        if not band.any() or float(found[band].mean()) < _COVERED:
            break
        length += 0.05
    return length
