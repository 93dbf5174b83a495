"""Beard out: the face shaved to the skin that the mean shaved face predicts.

Shaving takes the mean shaved face's shading (see `prototypes`), carries the person's own difference from it over from
the bare skin around (normalized convolution), and adds the person's own texture (`skin_texture`). Constants by eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from quality.face import FloatArray
from quality.half_precision import halved
from transforms.bounds import bounds
from transforms.canonical_layers import BEARD, LIPS, NOSE, padded, polygon
from transforms.clothes import unlike_skin
from transforms.face_view import FaceView
from transforms.lips import lift_lips
from transforms.local_skin import smooth_known
from transforms.prototypes import prototypes
from transforms.skin_texture import skin_texture
from transforms.working_size import reduced, working_size

_SMALL_EYES_PX = 64.0
_CHIN_SHADE = 0.13
_LIPS_LIGHT = 0.65
_ENDS_EYES, _SOFT_EYES = 0.12, 0.1
_LEAST_TEXTURED = 0.3
"""Where less than this of the skin is made up (a woman's), what stays has texture enough."""
_LEAST_FULL = 0.45
"""Mean hairiness of the chin of a full beard, at least."""


@dataclass(frozen=True, eq=False)
class _Small:
    """A face at a distance of the eyes of `_SMALL_EYES_PX` at most; planes (h, w) float32, colors (h, w, 3) Lab."""

    lab: FloatArray
    smooth: FloatArray
    mean: FloatArray
    rough: FloatArray
    chin: FloatArray
    eyes_px: float


def shave(lab: FloatArray, view: FaceView, strength: float, person_ratio: FloatArray, done: FloatArray) -> FloatArray:
    """Replace beard, moustache and stubble by skin.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    view : FaceView
    strength : float
        1 takes out all that the mesh reaches.
    person_ratio : ndarray, (h, w) float32
        Beside a turned jaw the mesh reaches over the background: this tells where nobody is.
    done : ndarray, (h, w) float32
        1 where `neck` has taken a beard off already.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale, size = working_size(width, height, view.eyes_px, _SMALL_EYES_PX)

    def small_of(plane: FloatArray) -> FloatArray:
        return np.asarray(reduced(plane, size), np.float32)

    small = small_of(lab)
    eyes_px = view.eyes_px * scale
    face = _Small(
        small,
        cv2.GaussianBlur(small, (0, 0), max(0.02 * eyes_px, 0.6)),
        small_of(view.window.sample(_bare_face())),
        small_of(_roughness(lab, view)),
        small_of(np.maximum(view.beard - 0.75, 0)),
        eyes_px,
    )
    throat = view.throat * (1 - done)
    zone = small_of(np.clip(view.beard * 2.6 + throat, 0, 1))
    like_skin = small_of(view.skin_like) * (1 - unlike_skin(small, view.reference))
    bare = small_of(view.skin * view.skin_like) * (1 - zone)
    target = face.mean + smooth_known(small - face.mean, bare, eyes_px)
    hairy = _hairy(face, target)
    was_hairy = np.maximum(hairy, small_of(done))
    bearded = float((was_hairy * face.chin).sum()) / max(float(face.chin.sum()), 1e-3)
    if bearded > _LEAST_FULL:
        # Its thin ends look like skin in the shade, and would darken all that is made up beside them.
        ends = cv2.dilate(zone, np.ones((2 * round(_ENDS_EYES * eyes_px) + 1,) * 2, np.uint8))
        bare = bare * (1 - ends * np.clip(_darker(face, target) / 0.06, 0, 1))
        target = face.mean + smooth_known(small - face.mean, bare, eyes_px)
        # Up the cheeks a full beard thins out: what is both dark and rough there is no bare skin, nor what is surely
        # dark right beside it.
        above = small_of(view.window.sample(_upper_beard()) * np.clip(1.5 * view.skin, 0, 1)) * (1 - zone)
        dark = ends * np.clip((_darker(face, target) - 0.08) / 0.08, 0, 1)
        above = above * np.maximum(_surely_hairy(face, target), dark) * _ramp(bearded, _LEAST_FULL, 0.7)
        hairy = np.maximum(_hairy(face, target), above)
        zone = np.maximum(zone, above)
    else:
        # A fold from nose to mouth is as dark, and goes on above: it must not end as if cut off.
        inside = cv2.GaussianBlur(np.maximum(zone, 1 - small_of(view.skin)), (0, 0), _SOFT_EYES * eyes_px)
        zone = zone * np.clip(2 * inside - 1, 0, 1)
    below = np.minimum(small_of(throat * (1 - view.beard)) / np.maximum(zone, 1e-3), 1)
    hairy = hairy * (1 - below * (1 - _hangs_below(face, hairy, below, like_skin) * _ramp(bearded, 0.35, 0.6)))
    replaced = (zone * hairy * min(strength, 1.0)).astype(np.float32)
    somebody: FloatArray = np.clip((person_ratio - 0.3) / 0.5, 0, 1).astype(np.float32)
    amount = cv2.resize(replaced, (width, height), interpolation=cv2.INTER_LINEAR) * somebody
    skin: FloatArray = cv2.resize(target, (width, height), interpolation=cv2.INTER_LINEAR)
    # Under the chin the neck lies in shade.
    skin[..., 0] *= 1 - _CHIN_SHADE * throat * (1 - view.beard)
    if float(amount.max()) > _LEAST_TEXTURED:
        cheeks = np.where(view.cheeks > 0.25, view.cheeks * view.skin_like, 0) * (view.skin_like > 0.6)
        texture = skin_texture(lab, cheeks, view.eyes_px, (width, height))
        skin += texture * np.clip(skin[..., :1] / max(float(view.reference[0]), 1.0), 0.3, 1.2)
    result: FloatArray = lab + (skin - lab) * amount[..., None]
    part = bounds(view.lips > 0)
    if part is not None:
        # Lips lie in the shade of a moustache.
        result[part][..., 0] += _ramp(bearded, _LEAST_FULL, 0.7) * lift_lips(
            result[part][..., 0], view.lips[part] * somebody[part], skin[part][..., 0], _LIPS_LIGHT
        )
    return result


def _ramp(value: float, start: float, end: float) -> float:
    return min(max((value - start) / (end - start), 0.0), 1.0)


def _darker(face: _Small, target: FloatArray) -> FloatArray:
    """Tell by what share of the expected skin's lightness a pixel is darker."""
    darker: FloatArray = (target - face.smooth)[..., 0] / np.maximum(target[..., 0], 15)
    return darker


def _hairy(face: _Small, target: FloatArray) -> FloatArray:
    """Tell how much a pixel looks like hairs instead of the skin that is expected there, 0..1."""
    darker = _darker(face, target)
    # Hairs show as texture too: beards can be as light as the skin.
    hairy = np.maximum(np.clip((darker - 0.03) / 0.1, 0, 1), np.clip((face.rough - 1.5) / 1.5, 0, 1))
    # On a dark skin gray hairs are no darker, but they have no color.
    chroma, skin_chroma = (np.hypot(part[..., 1], part[..., 2]) for part in (face.smooth, target))
    hairy = np.maximum(hairy, np.clip((skin_chroma - chroma) / np.maximum(skin_chroma, 10) / 0.25 - 1.2, 0, 1))
    spread: FloatArray = cv2.GaussianBlur(
        cv2.dilate(hairy.astype(np.float32), np.ones((3, 3))), (0, 0), 0.03 * face.eyes_px
    )
    return spread


def _surely_hairy(face: _Small, target: FloatArray) -> FloatArray:
    """Tell what is dark as well as rough: shade is smooth, and pores are light."""
    darker = _darker(face, target)
    sure = np.clip((darker - 0.05) / 0.1, 0, 1) * np.clip((face.rough - 1.1) / 0.6, 0, 1)
    spread: FloatArray = cv2.GaussianBlur(sure.astype(np.float32), (0, 0), 0.03 * face.eyes_px)
    return np.asarray(np.clip(1.6 * spread, 0, 1), np.float32)


def _hangs_below(face: _Small, hairy: FloatArray, below: FloatArray, like_skin: FloatArray) -> FloatArray:
    """Tell what goes on from the chin's beard below it, 0..1: collars and deep shade do not."""
    on_chin = hairy * face.chin
    total = max(float(on_chin.sum()), 1e-3)
    beard = np.einsum("ijk,ij->k", face.smooth, on_chin).astype(np.float32) / total
    lightness = float((face.smooth[..., 0] * hairy * below).sum()) / max(float((hairy * below).sum()), 1e-3)
    # Much darker than the beard itself is the shadow under a chin.
    lit = _ramp(lightness / max(float(beard[0]), 1.0), 0.3, 0.5)
    # Collars are neither of the skin's color nor of the beard's.
    apart = np.abs(face.smooth - beard) / np.array((18, 8, 10), np.float32)
    like_beard = np.clip(1.5 - np.maximum.reduce(cv2.split(apart)), 0, 1)
    hangs: FloatArray = np.maximum(like_skin, like_beard) * np.float32(lit)
    return hangs


def _roughness(lab: FloatArray, view: FaceView) -> FloatArray:
    """Local deviation of L between the scales of hairs, against that of the cheeks."""
    lightness = lab[..., 0]
    band = lightness - cv2.GaussianBlur(lightness, (0, 0), max(0.02 * view.eyes_px, 0.8))
    deviation = np.sqrt(cv2.GaussianBlur(band * band, (0, 0), max(0.03 * view.eyes_px, 1.0)))
    on_cheek = deviation[(view.cheeks > 0.4) & (view.skin_like > 0.5)]
    usual = float(np.median(on_cheek)) if on_cheek.size > 20 else 1.0
    rough: FloatArray = deviation / max(usual, 0.7)
    return rough


@cache
def _bare_face() -> FloatArray:
    """Mean shaved color against the cheeks, (LAYER_PX, LAYER_PX, 3) float16."""
    table = prototypes()
    # The regression's mean is of half women; at 35 with all the women's share no stubble is left in it.
    color = table.color_mean - 1.5 * table.color_age + 0.5 * table.color_female
    return halved(padded(color))


@cache
def _upper_beard() -> FloatArray:
    """Where a full beard may reach up the cheeks, (LAYER_PX, LAYER_PX) float16."""
    return halved(polygon(BEARD, 1.22, 8) * (1 - polygon(LIPS, 1.05, 2)) * (1 - polygon(NOSE, 1.1, 3)))
