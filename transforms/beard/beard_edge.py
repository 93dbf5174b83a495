"""The beard's edge at collar, neck and background, pixel by pixel: what lies nearer to their colors stays.

Limits by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.below_chin import BelowChin
from transforms.beard.carrying import carried
from transforms.beard.hanging_beard import HangingBeard
from transforms.head.clothes import unlike_beard, unlike_skin
from transforms.head.head_crop import FACE_PX, shifted
from transforms.head.lower_head import LowerHead
from transforms.picture.blending import laid_over
from transforms.picture.bounds import bounds
from transforms.picture.strips import strips

_LEAST_APART, _SURELY_APART = 6.0, 14.0
"""Steps of Lab between a beard and what is around it, below which their mixture cannot be told."""
_SHADE_FACES = 0.2
_HAIR_FACES = 0.008


def unmixed(lab: FloatArray, head: LowerHead, beard: FloatArray, below: BelowChin, to_crop: FloatArray) -> FloatArray:
    """Tell beard from collar, neck and background near its border: where a pixel lies between the colors of both."""
    sure = np.clip(2 * cv2.erode(beard, np.ones((3, 3))) - 1, 0, 1)
    hair = carried(head.lab, sure.astype(np.float32), fill_known=False)
    person = np.clip((head.person - 0.35) / 0.3, 0, 1)
    around = laid_over(below.behind, below.own, person)
    # Beside a gray beard what is black under the chin is its shade.
    shade = (
        (np.abs(head.across) < 0.9 * below.form.half_width_faces) & (head.down < _SHADE_FACES) & (head.down > -0.15)
    )
    shaded = shade * np.clip((hair[..., 0] - around[..., 0]) / 10, 0, 1) * (head.person > 0.5)
    near_seen = below.near * (1 - cv2.GaussianBlur(shaded.astype(np.float32), (0, 0), 1.5))
    small = cv2.merge([*cv2.split(hair - around), person]), cv2.merge([*cv2.split(around), near_seen])
    share, told, on_person = (np.empty(lab.shape[:2], np.float32) for _ in range(3))
    for rows in strips(len(lab)):
        share[rows], told[rows], on_person[rows] = _share_of_hair(lab[rows], small, shifted(to_crop, rows.start))
    cv2.GaussianBlur(share, (0, 0), 0.7, dst=share)
    # Of background whatever is tinged by hairs may go, of clothes only what hairs hide.
    least, width = 0.03 + 0.07 * on_person, 0.2 + 0.15 * on_person
    gate: FloatArray = 1 - told * (1 - np.clip((share - least) / width, 0, 1))
    return gate


def _share_of_hair(
    lab: FloatArray, small: tuple[FloatArray, FloatArray], to_crop: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where a pixel lies between what is around, 0, and hair, 1; how surely; and whether on the person."""
    size_wh = (lab.shape[1], lab.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    (*apart, on_person), (*around, near) = (
        cv2.split(cv2.warpAffine(planes, to_crop, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE))
        for planes in small
    )
    away = lab - cv2.merge(around)
    square = np.add.reduce([plane * plane for plane in apart])
    share = np.add.reduce([own * plane for own, plane in zip(cv2.split(away), apart, strict=True)])
    told = np.clip((np.sqrt(square) - _LEAST_APART) / (_SURELY_APART - _LEAST_APART), 0, 1)
    return share / np.maximum(square, 1), told * np.clip(1.5 * near, 0, 1), on_person


def clothed(lab: FloatArray, head: LowerHead, beard: HangingBeard, to_crop: FloatArray) -> FloatArray:
    """Bring the clothes to the picture's own edges, 0..1."""
    if not beard.clothes.any():
        return np.zeros(lab.shape[:2], np.float32)
    face_px = FACE_PX / float(np.hypot(*to_crop[0, :2]))
    size_wh = (lab.shape[1], lab.shape[0])
    near = cv2.merge([cv2.dilate(beard.clothes, np.ones((5, 5), np.uint8)), beard.clothes])
    large = cv2.warpAffine(near, to_crop, size_wh, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    clothed = np.zeros(lab.shape[:2], np.float32)
    part = bounds(large[..., 0] > 0.02)
    if part is None:
        return clothed
    near, sure = cv2.split(large[part])
    told = unlike_skin(lab[part], head.skin) * unlike_beard(lab[part], beard.limits) * np.clip(2 * near, 0, 1)
    told = np.maximum(told, np.clip(2 * sure - 0.5, 0, 1))
    # What is as thin as hairs is none.
    thin = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(round(_HAIR_FACES * face_px), 1) + 1,) * 2)
    clothed[part] = cv2.morphologyEx(told, cv2.MORPH_OPEN, thin)
    return clothed
