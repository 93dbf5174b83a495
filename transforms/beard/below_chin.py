"""What may lie below and beside a bearded jaw, gathered from around the beard: neck, clothes and background."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import FloatArray
from transforms.beard.carrying import carried
from transforms.beard.hanging_beard import HangingBeard
from transforms.beard.neck_form import NeckForm, neck_half_width_faces
from transforms.beard.neck_light import NECK_LIGHT, lit
from transforms.head.clothes import unlike_beard, unlike_skin
from transforms.head.head_crop import FACE_PX
from transforms.head.lower_head import LowerHead
from transforms.picture.blending import laid_over

_JAW_LIGHT = 0.95
"""Light on a jaw and all below against that on the cheeks."""
_DARKEST_NECK, _BESIDE_PX, _HUE_LIMIT = 0.33, 21, 0.25
_NECK_TONES = (0.6, 0.7, 0.7), (1.1, 1.25, 1.25)
_NECK_REACH_PX = 10.0
_LEAST_SEEN_PX = 40
_NOT_BLACK = 0.4
_LIKE_CHEEKS = np.array((45.0, 9.0, 14.0))
"""Steps of L, a* and b* within which skin of the face may lie from the cheeks'."""
_MATT_PERCENTILES = (15, 60)
_NEAR_FACES, _NOT_FAR_FACES, _LEVEL_PX = 0.08, 0.13, 1.2


@dataclass(frozen=True, eq=False)
class BelowChin:
    """What is made up on the upright crop; Lab planes (h, w, 3), others (h, w), all float32.

    Attributes
    ----------
    skin, own, behind : ndarray
        Skin of the jaw; what is seen of the person around the beard, and what is seen behind, each
        carried over the beard.
    cloth : ndarray or None
        The clothes, carried as well; None where no clothes are to be made up.
    neck : ndarray
        Skin of the neck beyond the chin's shade.
    near_own, near : ndarray
        1 beside what is seen of the person, and not far from what is seen at all .. 0.
    alike : ndarray
        1 where `own` is as black as the beard, and too dark for skin .. 0.
    shade : ndarray
        `HangingBeard.shade`.
    form : NeckForm
    """

    skin: FloatArray
    own: FloatArray
    behind: FloatArray
    cloth: FloatArray | None
    neck: FloatArray
    near_own: FloatArray
    near: FloatArray
    alike: FloatArray
    shade: FloatArray
    form: NeckForm


def look_around(head: LowerHead, beard: HangingBeard) -> BelowChin:
    """Gather from around a beard what may lie under it.

    Parameters
    ----------
    head : LowerHead
    beard : HangingBeard

    Returns
    -------
    BelowChin
    """
    is_long = beard.is_long
    hole = cv2.dilate((beard.amount > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    known = ~hole & (head.oval < 0.5) & (head.inside > 0.5)
    matt = _matt_skin(head)
    usual = np.median(head.lab[matt], axis=0).astype(np.float32)
    limits = np.array((max(0.6 * usual[0], 15), 9, 10))
    like_skin = cv2.inRange(head.lab, usual - limits, usual + limits) > 0
    # The light on the cheeks falls on jaw and neck as well, from the same side.
    skin = carried(head.lab, matt.astype(np.float32), fill_known=False) * np.float32(_JAW_LIGHT)
    no_neck = np.zeros_like(hole)
    neck = _neck(head, skin, usual, no_neck if is_long else _seen_neck(head, beard, usual, known, hole))
    # What a short beard hides within the silhouette is the neck; beside a long one no neck is seen.
    seen = known & (~like_skin | (head.person <= 0.5)) if is_long else known & (head.person < 0.3)
    own = known & (head.person > 0.6)
    own_lab = carried(head.lab, own.astype(np.float32))
    clothes = own & ~like_skin & (head.down > 0.15)
    has_clothes = is_long and int(clothes.sum()) > _LEAST_SEEN_PX
    return BelowChin(
        skin,
        own_lab,
        # A wide hole shows its filling: from the side, at the same height, walls and horizons go on.
        carried(head.lab, (seen & (head.person < 0.4)).astype(np.float32), _LEVEL_PX if is_long else None),
        carried(head.lab, clothes.astype(np.float32)) if has_clothes else None,
        neck,
        _near(own, _NEAR_FACES),
        _near(known, _NEAR_FACES if is_long else _NOT_FAR_FACES),
        _as_black(own_lab, beard.limits, usual),
        beard.shade,
        NeckForm.over(head, clothes),
    )


def _as_black(lab: FloatArray, limits: FloatArray, skin: FloatArray) -> FloatArray:
    black = np.clip((_NOT_BLACK * skin[0] - lab[..., 0]) / 10, 0, 1)
    return np.asarray(black * (1 - unlike_beard(lab, limits)), np.float32)


def _matt_skin(head: LowerHead) -> NDArray[np.bool_]:
    """Skin above the mouth without shine and hollows, (h, w): neither goes on below the jaw."""
    like = cv2.inRange(head.lab, head.skin - _LIKE_CHEEKS, head.skin + _LIKE_CHEEKS) > 0
    bare = like & (head.oval > 0.5) & (head.down < -0.25) & (head.rough < 1.8) | head.cheeks
    chosen = np.zeros(bare.shape, np.bool_)
    for half in (head.u < 0, head.u >= 0):
        lightness = head.lab[bare & half][:, 0]
        if lightness.size:
            low, high = np.percentile(lightness, _MATT_PERCENTILES)
            chosen |= bare & half & (head.lab[..., 0] >= low) & (head.lab[..., 0] <= high)
    return chosen


def _seen_neck(
    head: LowerHead, beard: HangingBeard, usual: FloatArray, known: NDArray[np.bool_], hole: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find what is seen of the neck beside a short beard, (h, w); `usual` is the Lab color of the face's skin."""
    beside = cv2.dilate(hole.view(np.uint8), np.ones((_BESIDE_PX,) * 2, np.uint8)) > 0
    half = neck_half_width_faces(head)
    neck = known & beside & (np.abs(head.across) < half) & (head.down > 0.05) & (head.person > 0.5)
    neck &= (unlike_skin(head.lab, usual) < 0.3) & (head.lab[..., 0] > _DARKEST_NECK * usual[0])
    # A maroon sweater is as dark and as colorful as skin in the shade may be.
    _, a, b = cv2.split(head.lab)
    neck &= np.abs(a * usual[2] - b * usual[1]) < _HUE_LIMIT * cv2.magnitude(a, b) * np.hypot(*usual[1:]) + 4
    # What is left of a brown beard is of the color of skin in the shade, but rough.
    smooth = head.rough < 0.5 * float(np.median(head.rough[beard.amount > 0.5 * beard.amount.max()]))
    neck &= smooth | (unlike_beard(head.lab, beard.limits) > 0.5)
    return neck


def _neck(head: LowerHead, skin: FloatArray, usual: FloatArray, seen: NDArray[np.bool_]) -> FloatArray:
    """Return `BelowChin.neck` by what is seen of the neck."""
    if int(seen.sum()) > _LEAST_SEEN_PX:
        ratio = np.median(head.lab[seen], axis=0) / np.where(np.abs(usual) > 2, usual, 2)
        neck = skin * np.clip(ratio / _JAW_LIGHT, *_NECK_TONES).astype(np.float32)
    else:
        neck = lit(skin, np.full_like(head.person, NECK_LIGHT))
    own = np.asarray(cv2.erode(seen.astype(np.float32), np.ones((3, 3), np.uint8)), np.float32)
    if own.any():
        near = np.clip(cv2.GaussianBlur(own, (0, 0), _NECK_REACH_PX) / 0.05, 0, 1)
        neck = laid_over(neck, carried(head.lab, own, fill_known=False), near)
    return neck


def _near(known: NDArray[np.bool_], reach_faces: float) -> FloatArray:
    away = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 5) / FACE_PX
    near: FloatArray = np.clip(1 - away / reach_faces, 0, 1).astype(np.float32)
    return near
