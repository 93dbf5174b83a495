"""Longer hair for who becomes a woman: a real hairdo about the head, in the color of the person's own hair.

All constants by eye, on public-domain portraits of men.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.hair.hair_light_fit import lightness_beside, side_light_log
from transforms.head.head_crop import crop_positions
from transforms.head.person import face_height_px
from transforms.long_hair.back_hair import with_back_hair
from transforms.long_hair.hairdo import hairdo
from transforms.long_hair.hairdo_choice import hairdo_for, is_aslant
from transforms.long_hair.hairline import fitted_to_own_hair
from transforms.long_hair.hung_hair import NEAR, HungHair
from transforms.long_hair.laid_hair import lay
from transforms.long_hair.long_hair_color import own_hair_color
from transforms.long_hair.own_head import head_planes, own_head_of
from transforms.long_hair.own_strands import own_strands
from transforms.long_hair.strand_light import lightness_of, strand_contrast_log, strands_rgb
from transforms.picture.broad_blur import broad_blur
from transforms.picture.lab import lab_of

_MOST_YAW_DEG, _MOST_PITCH_DEG, _MOST_ROLL_DEG = 38.0, 22.0, 30.0
_MOST_ASLANT_YAW_DEG = 29.0
"""The hairdo is seen from the front; the one for heads held aslant bears less turning."""
_MOST_LONG_ALREADY, _MOST_FRINGE, _MOST_COVERED, _MOST_HAT, _MOST_HAND = 0.2, 0.25, 0.7, 0.35, 0.3
_SURE_MATTE = (0.85, 0.95)
_SHADE, _SHADE_FACES, _SHADE_DROP_FACES = 0.5, 0.035, 0.03
_FINE_LIGHTNESS, _FINE_DEPTH, _MOST_DEEPER = (15.0, 50.0, 90.0), (0.55, 0.42, 0.3), 1.2
"""How deep fine strands are, by how light hair is: white hair scatters light among them."""
_SINGLE_FACES = 0.05


def takes_long_hair(image: ImageArray, face: Face, person: FloatArray, hair: FloatArray) -> bool:
    """Tell whether longer hair would hang about this head as on a portrait.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    person, hair : ndarray, (H, W) float32
        `PersonSegmenter.person_near` and `hair_matte` of `image`.

    Returns
    -------
    bool
        False for turned heads, hats, caps, hair that is long already or hangs into the forehead, and hands beside the
        face.
    """
    pose = face.pose
    if (
        abs(pose.yaw_deg) > (_MOST_ASLANT_YAW_DEG if is_aslant(face) else _MOST_YAW_DEG)
        or abs(pose.pitch_deg) > _MOST_PITCH_DEG
        or abs(pose.roll_deg) > _MOST_ROLL_DEG
    ):
        return False
    head = head_planes(image, face, person, hair)
    seen, grown, skin = head.person, head.hair, head.skin
    u, v = crop_positions()
    u = np.abs(u)
    beside_neck = (u > 0.42) & (u < 0.7) & (v > -0.6) & (v < -0.15)
    cap = (np.hypot(u / 0.5, (v - 0.2) / 0.6) < 1) & (v > 0.5)
    fringe = (u < 0.25) & (v > 0.15) & (v < 0.4)
    # Whoever's forehead is covered all across wears a fringe, or a cap that was taken for hair.
    forehead = (u < 0.2) & (v > 0.36) & (v < 0.42)
    beside_face = (u > 0.56) & (u < 0.85) & (v > -0.3) & (v < 0.35)
    on_cap = seen[cap] > 0.5
    hat = (on_cap & (grown[cap] < 0.3) & (skin[cap] < 0.1)).mean()
    hand = ((seen > 0.5) & (grown < 0.3) & (skin > 0.3))[beside_face].mean()
    return bool(
        grown[beside_neck].mean() < _MOST_LONG_ALREADY
        and grown[fringe].mean() < _MOST_FRINGE
        and grown[forehead].mean() < _MOST_COVERED
        and hat < _MOST_HAT
        and hand < _MOST_HAND
    )


def add_long_hair(
    image: ImageArray, face: Face, person: FloatArray, hair: FloatArray, strength: float, pattern: int
) -> tuple[ImageArray, HungHair | None]:
    """Make longer hair for a head, and lay the shade that it throws.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    person, hair : ndarray, (H, W) float32
        As for `takes_long_hair`.
    strength : float
        1 as dense as it is.
    pattern : int
        Of the face (`transforms.face.face_window.pattern_of`): which hairdo of several it gets, parted on which side.

    Returns
    -------
    result : ndarray, (H, W, 3) uint8, RGB
    hung : HungHair or None
        What is to hang before it; None where nothing of it lies in the picture.
    """
    grown = own_strands(image, face, hair)
    chosen = hairdo(hairdo_for(grown, face, pattern))
    own_head = own_head_of(image, face, person, hair)
    laid = lay(chosen, face, (image.shape[1], image.shape[0]), pattern % 2 == 1, own_head)
    if laid is None:
        return image, None
    rows, columns = laid.rows, laid.columns
    part = lab_of(np.ascontiguousarray(image[rows, columns]))
    here = replace(face, landmarks_px=face.landmarks_px - np.array([columns.start, rows.start, 0], np.float32))
    height_px = face_height_px(face)
    seen, own_hair = person[rows, columns], hair[rows, columns]
    fitted = fitted_to_own_hair(laid.alpha, laid.within_faces, own_hair, height_px)
    laid = with_back_hair(replace(laid, alpha=fitted), seen, height_px)
    alpha = laid.alpha * np.float32(min(strength, 1.0))
    own = own_hair_color(part, here, own_hair)
    contrast, usual_contrast = strand_contrast_log(grown, own)
    strand_log = laid.strand_log * np.float32(contrast / chosen.contrast_log)
    lightness = lightness_of(laid.light_log + side_light_log(part, here), strand_log, chosen.spread_log, own)
    if own.seen_ratio:
        low, high = _SURE_MATTE
        overlap = alpha * np.clip((own_hair - low) / (high - low), 0, 1) * np.float32(own.seen_ratio)
        lightness += lightness_beside(lightness, part[..., 0], overlap, height_px)
    # What hangs about a face throws a soft shade on it and on the neck.
    shade = broad_blur(alpha, max(_SHADE_FACES * height_px, 0.5))
    drop = round(_SHADE_DROP_FACES * height_px)
    shade = np.pad(shade, ((drop, 0), (0, 0)))[: shade.shape[0]] * seen
    lit = np.round(255 * (1 - _SHADE * shade * (1 - alpha))).astype(np.uint8)
    result = image.copy()
    shaded = cv2.multiply(result[rows, columns], cv2.cvtColor(lit, cv2.COLOR_GRAY2RGB), scale=1 / 255)
    result[rows, columns] = shaded
    rgb, opaque = np.zeros_like(image), np.zeros(image.shape[:2], np.uint8)
    reach = 2 * round(_SINGLE_FACES * height_px) + 1
    near = cv2.dilate((alpha > 0.5).view(np.uint8), np.ones((reach, reach), np.uint8)) * np.uint8(NEAR)
    rgb[rows, columns] = strands_rgb(lightness, own)
    opaque[rows, columns] = np.maximum(np.round(255 * alpha).astype(np.uint8), near)
    depth = float(np.interp(own.middle, _FINE_LIGHTNESS, _FINE_DEPTH)) * min(contrast / usual_contrast, _MOST_DEEPER)
    return result, HungHair(rgb, opaque, laid.strands, depth)
