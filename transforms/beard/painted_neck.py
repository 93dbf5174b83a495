"""Jaw, neck, clothes and background painted on a part of the picture, from what was gathered around a beard."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.beard.below_chin import BelowChin
from transforms.beard.neck_light import below_jaw, beneath_rim, chin_shade, jaw_light, lit, round_throat
from transforms.face.landmark_ids import OVAL
from transforms.head.head_crop import FACE_PX, shifted
from transforms.head.lower_head import LowerHead
from transforms.picture.blending import laid_over
from transforms.picture.color_models import polygon_mask
from transforms.picture.strips import strips

_COLLAR_FACES = 0.1


def paint_below(
    head: LowerHead,
    below: BelowChin,
    is_long: bool,
    landmarks: FloatArray,
    size_wh: tuple[int, int],
    to_crop: FloatArray,
    texture: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Paint jaw, neck, clothes and what is behind on a part of the picture.

    Parameters
    ----------
    head, below
        As in and from `look_around`.
    is_long : bool
        Whether the beard hid the neck.
    landmarks : ndarray, (N, 2) float32
        In pixels of the part.
    size_wh : tuple of int
        Of the part.
    to_crop : ndarray, (2, 3)
        From the part to the crop.
    texture : ndarray, (h, w, 3) float32
        Of skin, on the part.

    Returns
    -------
    painted : ndarray, (h, w, 3) float32
        CIE Lab.
    may_change : ndarray, (h, w) float32
        0 where no beard can have hidden anything .. 1.
    """
    width, height = size_wh
    soft = max(0.008 * _face_px(to_crop), 0.7)
    rim = polygon_mask(landmarks, OVAL, size_wh, soft)
    painted, may_change = np.empty((height, width, 3), np.float32), np.empty((height, width), np.float32)
    for rows in strips(height):
        from_strip = shifted(to_crop, rows.start)
        painted[rows], may_change[rows] = _strip(head, below, is_long, from_strip, rim[rows], soft, texture[rows])
    return painted, may_change


def _face_px(to_crop: FloatArray) -> float:
    return FACE_PX / float(np.hypot(*to_crop[0, :2]))


def _strip(
    head: LowerHead,
    below: BelowChin,
    is_long: bool,
    to_crop: FloatArray,
    rim: FloatArray,
    soft_px: float,
    texture: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    size_wh = (rim.shape[1], rim.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def enlarged(plane: FloatArray) -> FloatArray:
        return cv2.warpAffine(plane, to_crop, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)

    # Four planes at once are enlarged in the time of two.
    u, down, away, within = cv2.split(enlarged(cv2.merge([head.across, head.down, head.away, head.within])))
    beyond = away - within
    sharp = _face_px(to_crop) / soft_px / 2
    wide = below.form.half_width_at(down)
    across = np.minimum(np.abs(u) / wide, 1.5)
    # Under the chin lies shade; beside the jaw none.
    is_neck = below_jaw(down)
    beneath = beneath_rim(beyond) * is_neck
    light = chin_shade(beyond)
    if is_long:
        light = light * round_throat(across, down / below.form.neckline_faces)
    light = jaw_light(light, beneath)
    color = enlarged(below.skin)
    color = laid_over(color, enlarged(below.neck), beneath)
    skin = person_side = lit(color, light) + texture * cv2.merge([light] * 3)
    if is_long:
        inside = np.maximum(np.clip((wide - np.abs(u)) * sharp + 0.5, 0, 1) * is_neck, rim)
        may_change = np.ones_like(u)
    else:
        inside = np.maximum(np.clip((enlarged(head.person) - 0.4) / 0.2, 0, 1), rim)
        # Beside the neck, and farther from the jaw than a beard is thick, nothing was hidden.
        is_skin = np.maximum(np.clip((wide - np.abs(u)) / 0.06 + 0.5, 0, 1), np.clip((0.09 - away) / 0.03, 0, 1))
        may_change = 1 - inside * (1 - np.maximum(is_skin, np.minimum(2 * enlarged(below.shade), 1)))
        near = enlarged(below.near_own) ** 2 * is_neck
        # Beside jaw and neck a black beard lies over a coat as black, which goes on there.
        beside = np.clip((np.abs(u) - wide) / 0.05, 0, 1) * np.clip((away - 0.02) / 0.02, 0, 1)
        person_side = laid_over(person_side, enlarged(below.own), np.maximum(near, beside * enlarged(below.alike)))
    target = laid_over(enlarged(below.behind), person_side, inside)
    if below.cloth is not None:
        depth = down - below.form.neckline_at(u, down)
        target = _clothed(target, enlarged(below.cloth), depth, across < 1.2, inside, sharp)
    return laid_over(target, skin, rim), may_change


def _clothed(
    bare: FloatArray, cloth: FloatArray, depth: FloatArray, has_seam: FloatArray, inside: FloatArray, sharp: float
) -> FloatArray:
    """Lay clothes over a neck from the line on where `depth`, in face heights, is 0."""
    # A collar's upper rim is lit, and it throws a little shade on the neck.
    bare[..., 0] *= 1 - 0.12 * np.exp(-np.maximum(-depth, 0) / 0.02) * inside
    cloth[..., 0] *= 1 + 0.06 * np.exp(-0.5 * ((depth - 0.012) / 0.01) ** 2)
    cloth[..., 0] *= 1 - 0.12 * np.exp(-0.5 * ((depth - _COLLAR_FACES * 0.5) / 0.006) ** 2) * has_seam
    return laid_over(bare, cloth, np.clip(depth * sharp + 0.5, 0, 1))
