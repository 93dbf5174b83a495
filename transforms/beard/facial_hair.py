"""Where a face has beard, moustache or stubble, and the skin that is expected in its place.

Normalized convolution (`SmallFace.against`) carries the person's own difference from the mean shaved face over
from the bare skin around. Limits by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.hairiness import Hairiness, blond_hair
from transforms.beard.shaved_layers import RIM_SHADE, beard_reach, upper_lip
from transforms.beard.small_face import SmallFace, small_face
from transforms.face.face_view import FaceView
from transforms.head.clothes import unlike_skin
from transforms.picture.color_models import weighted_mean
from transforms.picture.ramp import ramp

_ENDS_EYES, _SOFT_EYES, _GAP_EYES = 0.12, 0.1, 0.3
_FULL = (0.45, 0.7)
"""Mean hairiness of the chin, from which on a beard may be full, and is."""
_HANGING = (0.35, 0.6)
"""The same of one that may go on below the chin."""
_MOST_SHADOWED, _SHADED = 0.3, 0.2
_MOUSTACHED = (0.75, 0.9)
"""Mean share of the upper lip that is surely hairy. Of 20 men without a moustache it is up to 0.75."""


@dataclass(frozen=True, eq=False)
class FacialHair:
    """Planes at a distance of the eyes of 64 px at most.

    Attributes
    ----------
    amount : ndarray, (h, w) float32
        How much of a pixel is hairs, 0..1.
    skin : ndarray, (h, w, 3) float32
        CIE Lab in their place.
    fullness : float
        0 no beard, or one that leaves the chin bare .. 1.
    """

    amount: FloatArray
    skin: FloatArray
    fullness: float


def find_facial_hair(lab: FloatArray, view: FaceView, done: FloatArray, bearded: float = 1.0) -> FacialHair:
    """Look for hairs on a face.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
        The window's pixels, CIE Lab.
    view : FaceView
    done : ndarray, (h, w) float32
        1 where `neck` has taken a beard off already.
    bearded : float
        0 where it is known that there is no beard, but a shaven one's shadow or a moustache at most .. 1.

    Returns
    -------
    FacialHair
    """
    face = small_face(lab, view)
    throat = view.throat * (1 - done)
    zone = face.small(np.clip(view.beard * 2.6 + throat, 0, 1))
    bare = face.small(view.skin * view.skin_like) * (1 - zone)
    hair = face.against(bare)
    hairy_chin = weighted_mean(np.maximum(hair.likely, face.small(done)), face.chin)
    full = bearded * ramp(hairy_chin, *_FULL)
    moustached = ramp(weighted_mean(hair.sure, face.small(view.window.sample(upper_lip())) * face.skin), *_MOUSTACHED)
    if not full:
        # A fold from nose to mouth is as dark, and goes on above: it must not end as if cut off.
        inside = cv2.GaussianBlur(np.maximum(zone, 1 - face.skin), (0, 0), _SOFT_EYES * face.eyes_px)
        zone = zone * np.clip(2 * inside - 1, 0, 1)
    hairy = hair.likely
    if full or moustached:
        hair, hairy, zone = _with_its_ends(face, bare, zone, hair, full, moustached)
    # The rim of a chin without a full beard stands out by the shade below it, which is none.
    in_shade = np.clip(2.2 * face.shade / RIM_SHADE, 0, 1) * np.clip(hair.darker / 0.08, 0, 1)
    zone = zone * (1 - (1 - full) * in_shade)
    below = np.minimum(face.small(throat * (1 - view.beard)) / np.maximum(zone, 1e-3), 1)
    like_skin = face.small(view.skin_like) * (1 - unlike_skin(face.lab, view.reference))
    hangs = _hangs_below(hair, hairy, face.chin, below, like_skin) * ramp(hairy_chin, *_HANGING)
    amount = zone * hairy * (1 - below * (1 - hangs))
    # No shadow of a shaven beard is as dark as what light leaves in the shade; dimples may be.
    broad = cv2.GaussianBlur(hair.darker, (0, 0), _SOFT_EYES * face.eyes_px)
    cast = np.clip((broad - _MOST_SHADOWED) / _SHADED, 0, 1)
    amount = amount * (1 - (1 - max(bearded, moustached)) * cast)
    return FacialHair(amount.astype(np.float32), hair.expected, full)


def _with_its_ends(
    face: SmallFace, bare: FloatArray, zone: FloatArray, hair: Hairiness, full: float, moustached: float
) -> tuple[Hairiness, FloatArray, FloatArray]:
    """Look again where a beard or moustache thins out: hairiness, what is hairy, and the zone that it grows in.

    Its thin ends look like skin in the shade, and would darken all that is made up beside them.
    """
    view, eyes_px = face.view, face.eyes_px
    ends = cv2.dilate(zone, np.ones((2 * round(_ENDS_EYES * eyes_px) + 1,) * 2, np.uint8))
    reach = face.small(view.window.sample(beard_reach()) * np.clip(1.5 * view.skin, 0, 1)[..., None])
    near = cv2.dilate(ends, np.ones((2 * round(1.5 * _ENDS_EYES * eyes_px) + 1,) * 2, np.uint8))
    blond = full * near * blond_hair(face.smooth, view.reference)
    hair = face.against(bare * (1 - ends * np.clip(hair.darker / 0.06, 0, 1)) * (1 - blond))
    # Up the cheeks it thins out: what is both dark and rough there is no bare skin, nor what is surely dark right
    # beside it.
    above = np.maximum(full * reach[..., 0], max(full, moustached) * reach[..., 1])
    above = above * np.maximum(hair.sure, ends * np.clip((hair.darker - 0.08) / 0.08, 0, 1))
    above = np.maximum(above, blond * np.maximum(reach[..., 0], reach[..., 1]))
    # High up the cheeks pores in light from the side are as rough as thin hairs.
    above = np.maximum(above, full * reach[..., 2] * hair.sure * np.clip((face.rough - 1.6) / 0.6, 0, 1))
    hairy, zone = np.maximum(hair.likely, above), np.maximum(zone, above)
    # What lies within a full beard about the mouth is beard, though light may bring blond or white hairs to the
    # skin's color.
    gap = 2 * round(_GAP_EYES * eyes_px / 2) + 1
    within = full * np.clip(4 * face.chin, 0, 1)
    return hair, hairy + within * (cv2.morphologyEx(hairy * zone, cv2.MORPH_CLOSE, _disk(gap)) - hairy).clip(0), zone


def full_beard(lab: FloatArray, view: FaceView, bearded: float) -> FloatArray:
    """Return how much of a pixel is hairs of a full beard, (h, w) float32, 0..1; arguments as `find_facial_hair`."""
    hair = find_facial_hair(lab, view, np.zeros(lab.shape[:2], np.float32), bearded)
    amount: FloatArray = cv2.resize(hair.amount, (lab.shape[1], lab.shape[0]), interpolation=cv2.INTER_LINEAR)
    return amount * np.float32(hair.fullness)


def _hangs_below(
    hair: Hairiness, hairy: FloatArray, chin: FloatArray, below: FloatArray, like_skin: FloatArray
) -> FloatArray:
    """Tell what goes on from the chin's beard below it, 0..1: collars and deep shade do not."""
    on_chin = hairy * chin
    beard = np.einsum("ijk,ij->k", hair.smooth, on_chin).astype(np.float32) / max(float(on_chin.sum()), 1e-3)
    # Much darker than the beard itself is the shadow under a chin.
    lit = ramp(weighted_mean(hair.smooth[..., 0], hairy * below) / max(float(beard[0]), 1.0), 0.3, 0.5)
    # Collars are neither of the skin's color nor of the beard's.
    apart = np.abs(hair.smooth - beard) / np.array((18, 8, 10), np.float32)
    like_beard = np.clip(1.5 - np.maximum.reduce(cv2.split(apart)), 0, 1)
    hangs: FloatArray = np.maximum(like_skin, like_beard) * np.float32(lit)
    return hangs


def _disk(size_px: int) -> FloatArray:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size_px, size_px)))
