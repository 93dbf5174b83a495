"""Longer hair for who becomes a woman: a real hairdo about the head, in the color of the person's own hair.

All constants by eye, on public-domain portraits of men.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.broad_blur import broad_blur
from transforms.hair_pigment import usual_hair_color
from transforms.hair_reach import reach_faces
from transforms.hairdo import BLACK, LaidHair, hairdo, lay
from transforms.hairdo_choice import hairdo_for
from transforms.head_crop import FACE_PX, crop_map, crop_positions, crop_size_wh, to_crop_points, warp_area
from transforms.head_light import colors_at, skin_share
from transforms.lab import lab_of, rgb_of
from transforms.person import face_height_px

_MOST_YAW_DEG, _MOST_PITCH_DEG, _MOST_ROLL_DEG = 20.0, 22.0, 30.0
"""The hairdo is seen from the front."""
_MOST_LONG_ALREADY, _MOST_FRINGE, _MOST_COVERED, _MOST_HAT, _MOST_HAND = 0.2, 0.25, 0.7, 0.35, 0.3
_SURE_MATTE, _LEAST_GROWN = 0.85, 0.05
"""Hair whose color can be told, and its area in squared face heights."""
_LEVELS, _NEAR_SHARE = (10, 30, 50, 70, 90), 10
_USUAL_LIGHT, _USUAL_COLOR, _USUAL_SPREAD = (0.5, 1.0, 1.6), (0.6, 1.0, 1.25), 0.75
"""Hair that is not seen: its lights, and what color they have, by the middle."""
_CONTRAST = (0.4, 1.0)
_FILLED_LIGHTNESS, _FILLED_SHARE = (45.0, 75.0), 0.55
_SHINE, _SHINE_PERCENTILE = 6.0, 97
_SHADE, _SHADE_FACES, _SHADE_DROP_FACES = 0.4, 0.03, 0.02
_UNSEEN = 0.002
_STEPS = 4
"""Steps of color in a step of lightness."""
_RIGHT_CHEEK, _LEFT_CHEEK = (50, 117, 205, 101), (280, 346, 425, 330)
_SIDE_LIGHT, _SIDE_LIGHT_FACES = 0.6, 0.55
_OVER_FACES, _GAP_FACES = 0.03, 0.04


@dataclass(frozen=True)
class _Color:
    """Of hair: a and b by lightness, the median of lightness, its spread and its brightest."""

    lightness: FloatArray
    ab: FloatArray
    middle: float
    spread_log: float
    brightest: float


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
        abs(pose.yaw_deg) > _MOST_YAW_DEG
        or abs(pose.pitch_deg) > _MOST_PITCH_DEG
        or abs(pose.roll_deg) > _MOST_ROLL_DEG
    ):
        return False
    to_crop, size_wh = crop_map(face, FACE_PX), crop_size_wh(FACE_PX)
    lab = lab_of(warp_area(image, to_crop, size_wh))
    skin = skin_share(lab, lab, replace(face, landmarks_px=to_crop_points(face, to_crop)))
    seen, grown = (cv2.warpAffine(ratio, to_crop, size_wh) for ratio in (person, hair))
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
) -> tuple[ImageArray, FloatArray]:
    """Hang longer hair about a head.

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
        Of the face (`transforms.face_window.pattern_of`): which hairdo of several it gets, and on which side parted.

    Returns
    -------
    result : ndarray, (H, W, 3) uint8, RGB
    covered : ndarray, (H, W) float32
        How much of each pixel is the new hair.
    """
    covered = np.zeros(image.shape[:2], np.float32)
    chosen = hairdo(hairdo_for(image, face, hair, pattern))
    laid = lay(chosen, face, (image.shape[1], image.shape[0]), pattern % 2 == 1, _own_reach_faces(face, hair))
    if laid is None:
        return image, covered
    rows, columns = laid.rows, laid.columns
    part = lab_of(np.ascontiguousarray(image[rows, columns]))
    here = replace(face, landmarks_px=face.landmarks_px - np.array([columns.start, rows.start, 0], np.float32))
    laid = _closed(laid, here, person[rows, columns])
    alpha = laid.alpha * np.float32(min(strength, 1.0))
    own = _own_color(part, here, hair[rows, columns])
    strands = _colored(laid, chosen.spread_log, own, _side_light_log(part, here))
    # What hangs about a face throws a soft shade on it and on the neck.
    height_px = face_height_px(face)
    shade = broad_blur(alpha, max(_SHADE_FACES * height_px, 0.5))
    drop = round(_SHADE_DROP_FACES * height_px)
    shade = np.pad(shade, ((drop, 0), (0, 0)))[: shade.shape[0]] * person[rows, columns]
    part[..., 0] *= 1 - _SHADE * shade * (1 - alpha)
    painted = cv2.blendLinear(strands, part, alpha, 1 - alpha)
    changed = np.maximum(alpha, shade) > _UNSEEN
    result = image.copy()
    result[rows, columns] = cv2.copyTo(rgb_of(painted), changed.view(np.uint8), result[rows, columns].copy())
    covered[rows, columns] = alpha
    return result, covered


def _closed(laid: LaidHair, face: Face, person: FloatArray) -> LaidHair:
    """Bring the hair up to the cheeks where what is behind the head would be seen between."""
    step = max(round(_GAP_FACES * face_height_px(face)), 1)
    width = person.shape[1]
    middle = min(max(round(float(face.landmarks_px[[10, 152], 0].mean())), step), width - step)
    # Only from outside inwards: the outline stays.
    farther = np.abs(np.arange(width) - middle) + step
    at = middle + np.where(np.arange(width) < middle, -farther, farther)
    at = np.where((at < 0) | (at >= width), np.arange(width), at)
    beside = laid.alpha[:, at] * (1 - person)
    light_log = np.where(beside > laid.alpha, laid.light_log[:, at], laid.light_log)
    return replace(laid, light_log=light_log, alpha=np.maximum(laid.alpha, beside))


def _own_reach_faces(face: Face, hair: FloatArray) -> FloatArray:
    grown = cv2.warpAffine(hair, crop_map(face, FACE_PX), crop_size_wh(FACE_PX))
    return reach_faces(grown, *crop_positions()) + np.float32(_OVER_FACES)


def _own_color(lab: FloatArray, face: Face, hair: FloatArray) -> _Color:
    own = lab[hair > _SURE_MATTE]
    if len(own) < _LEAST_GROWN * face_height_px(face) ** 2:
        usual = usual_hair_color(lab, face)
        light, color = np.array(_USUAL_LIGHT), np.array(_USUAL_COLOR)[:, None]
        return _Color(
            light * usual[0], color * usual[1:], float(usual[0]), _USUAL_SPREAD, light[-1] * float(usual[0])
        )
    low, high = np.percentile(own[:, 0], (10, 90))
    levels = np.percentile(own[:, 0], _LEVELS)
    count = max(len(own) // _NEAR_SHARE, 1)
    near = [own[np.argpartition(np.abs(own[:, 0] - level), count - 1)[:count], 1:] for level in levels]
    ab = np.array([np.median(colors, axis=0) for colors in near])
    # Between short hair skin shows, and on it the sky: without this, long hair of that color would be mauve.
    red = (ab[:, 0] > 0) & (ab[:, 0] > ab[:, 1])
    ab[red] = np.maximum(ab[red].mean(axis=1), 0)[:, None]
    return _Color(
        levels,
        ab,
        float(np.median(own[:, 0])),
        float(np.log((high + BLACK) / (low + BLACK))),
        float(np.percentile(own[:, 0], _SHINE_PERCENTILE)) + _SHINE,
    )


def _colored(laid: LaidHair, spread_log: float, color: _Color, side_log: FloatArray) -> FloatArray:
    """Give the strands the hair's own lights and colors."""
    contrast = min(max(color.spread_log / spread_log, _CONTRAST[0]), _CONTRAST[1])
    # Light strands scatter light among them: what lies between them is no black (Moon & Marschner 2006).
    filled = min(max((color.middle - _FILLED_LIGHTNESS[0]) / (_FILLED_LIGHTNESS[1] - _FILLED_LIGHTNESS[0]), 0.0), 1.0)
    between = 1 - _FILLED_SHARE * filled
    light_log = np.maximum(laid.light_log, 0) + np.float32(between) * np.minimum(laid.light_log, 0)
    lightness = (color.middle + BLACK) * np.exp(light_log * np.float32(contrast) + side_log) - BLACK
    lightness = np.maximum(lightness, 0)
    over = lightness > color.brightest
    lightness[over] = color.brightest + 10 * np.tanh((lightness[over] - color.brightest) / 10)
    at = np.arange(100 * _STEPS + 1) / _STEPS
    ab = np.column_stack([np.interp(at, color.lightness, color.ab[:, k]) for k in (0, 1)]).astype(np.float32)
    step = np.minimum(lightness * _STEPS + np.float32(0.5), 100 * _STEPS).astype(np.int32)
    return np.dstack([lightness, ab[step]])


def _side_light_log(lab: FloatArray, face: Face) -> FloatArray:
    """Logarithm of the light on the hair, (1, w), from one side to the other, as it falls on the cheeks."""
    columns = np.arange(lab.shape[1], dtype=np.float32)[None]
    right, left = (colors_at(lab, face, cheek) for cheek in (_RIGHT_CHEEK, _LEFT_CHEEK))
    if not len(right) or not len(left):
        return 0 * columns
    across = np.log(max(float(np.median(left[:, 0])), 5) / max(float(np.median(right[:, 0])), 5))
    middle = face.landmarks_px[[10, 152], 0].mean()
    along = np.clip((columns - middle) / (_SIDE_LIGHT_FACES * face_height_px(face)), -1, 1)
    return np.asarray(along * np.float32(_SIDE_LIGHT * across / 2), np.float32)
