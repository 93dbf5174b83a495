"""The beard beyond the mesh: as far as it is followed, but no farther than it can reach from its length.

Everything happens on an upright crop of the head; limits by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.beard_spread import LONGEST_FACES, spread_beard
from transforms.beard.bearded_chin import BeardedChin
from transforms.beard.dark_corners import dark_corners
from transforms.head.clothes import clothes_below
from transforms.head.lower_head import LowerHead

_TUFTS_FACES = 0.15
"""How far down a beard may go that leaves the chin bare."""
_LOBES_FACES = -0.2
"""Down to here ears hang beside a jaw."""
_LEAST_BEARD_PX = 25
_CLOTHES_FACES = -0.2
"""Collars reach up to here beside a jaw."""
_LONG_FACES, _SHORT_FACES, _WHISKERS_FACES, _MOST_BESIDE_FACES = 0.45, 0.13, 0.06, 0.1
"""A beard that hides the neck; how far others reach below the jaw at least, and beside it at least and at most."""
_SHORT_LENGTH_FACES = 0.3
"""A beard no longer than this ends above the clothes."""
_COVERED, _STEP_FACES, _LEAST_ROUGH = 0.5, 0.05, 0.7


@dataclass(frozen=True, eq=False)
class HangingBeard:
    """A beard beyond the mesh; planes on the upright crop, (h, w) float32, 0..1.

    `shade` is `dark_corners`, of a short one, `clothes` is what that ends at, `limits` are the lowest and the highest
    of its colors (see `clothes.beard_range`), and `is_long` tells whether it hides the neck.
    """

    amount: FloatArray
    shade: FloatArray
    clothes: FloatArray
    limits: FloatArray
    is_long: bool


def beard_beyond(head: LowerHead, chin: BeardedChin) -> HangingBeard | None:
    """Find where a chin's beard goes on beyond the mesh; None where it does not."""
    found = spread_beard(head, chin)
    # A beard goes down as far as it covers the middle; beside that, whatever has its color is none.
    length = min(_length_faces(head, chin, found), LONGEST_FACES if chin.is_full else _TUFTS_FACES)
    is_long = length >= _LONG_FACES
    clothes = np.zeros_like(head.person) if is_long else _clothes(head, chin, length)
    found = _joined(head, found) if is_long else _cut_short(head, chin, found, length) * (1 - clothes)
    on_face = chin.on_face
    _, labels = cv2.connectedComponents((np.maximum(found, on_face) > 0.35).astype(np.uint8))
    own = np.unique(labels[(on_face > 0.4) & (labels > 0)])
    kept = cv2.GaussianBlur(cv2.dilate(np.isin(labels, own).astype(np.float32), np.ones((5, 5))), (0, 0), 1.0)
    inner = cv2.erode((head.oval > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8))
    outer = 1 - cv2.GaussianBlur(inner.astype(np.float32), (0, 0), 0.8)
    beyond = np.clip((found - 0.12) / 0.3, 0, 1) * kept * outer
    if float(beyond.sum()) < _LEAST_BEARD_PX:
        return None
    shade = np.zeros_like(beyond) if is_long else dark_corners(head, chin, beyond, clothes) * outer
    whole = cv2.dilate(np.maximum(beyond, shade), np.ones((3, 3)))
    # Hairs stand out from the outline of a jaw.
    beside = np.clip((0.9 - head.person) / 0.3, 0, 1) * cv2.dilate(beyond, np.ones((5, 5)))
    whole = np.maximum(whole, beside) * np.float32(min(chin.share, 1))
    return HangingBeard(whole.astype(np.float32), shade, clothes, chin.limits, is_long)


def _clothes(head: LowerHead, chin: BeardedChin, length_faces: float) -> FloatArray:
    below_face = np.clip((head.person - 0.5) / 0.3, 0, 1) * (head.oval < 0.5) * (head.down > _CLOTHES_FACES)
    is_short = length_faces < _SHORT_LENGTH_FACES
    return clothes_below(head.lab, head.skin, chin.limits, below_face.astype(np.float32), head.down, is_short)


def _cut_short(head: LowerHead, chin: BeardedChin, found: FloatArray, length_faces: float) -> FloatArray:
    """Cut a beard off as far from the jaw as one of this length grows, less far beside it than below."""
    aside = np.clip((np.abs(head.across) - 0.15) / 0.18, 0, 1)
    below = max(_SHORT_FACES, length_faces + _SHORT_FACES / 2)
    sides = min(max(_WHISKERS_FACES, 0.7 * (length_faces - 0.1)), _MOST_BESIDE_FACES)
    # Black shade amid a beard's underside has no texture.
    dark = (head.lab[..., 0] < chin.limits[1, 0]) & (head.away < below) & (np.abs(head.across) < 0.15)
    found = np.where(dark, cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8)), found)
    return np.asarray(found * np.clip((below + (sides - below) * aside - head.away) / 0.04, 0, 1))


def _joined(head: LowerHead, found: FloatArray) -> FloatArray:
    """Fill a long beard: its ends are thin, and light shows between them."""
    found = cv2.morphologyEx(np.clip(3 * found, 0, 1), cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    wide = cv2.dilate(found, np.ones((15, 15), np.uint8)) * (head.down < LONGEST_FACES)
    return np.where(head.down > _LOBES_FACES, wide, found)


def _length_faces(head: LowerHead, chin: BeardedChin, found: FloatArray) -> float:
    """How far down from the chin the middle is covered without a gap, in face heights.

    One that is long enough to hide the neck is as rough as on the chin: shade and stubble of a neck are not.
    """
    usual = float(np.median(head.rough[chin.on_chin]))
    length, smooth = _STEP_FACES, LONGEST_FACES
    while length < LONGEST_FACES:
        end = length + _STEP_FACES
        band = (np.abs(head.u) < 0.15) & (head.down >= length) & (head.down < end) & (head.inside > 0.5)
        if not band.any() or float(found[band].mean()) < _COVERED:
            break
        # Its tip is thin, and clothes show through.
        if end < _LONG_FACES and float(np.median(head.rough[band])) < _LEAST_ROUGH * usual:
            smooth = min(smooth, length)
        length = end
    return max(smooth, _SHORT_FACES) if smooth < length and length >= _LONG_FACES else length
