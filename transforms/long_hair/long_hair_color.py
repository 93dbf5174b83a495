"""The color of longer hair: a and b of the person's own at each lightness.

All by eye, on portraits of men.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quality.face import Face, FloatArray
from transforms.hair.hair_pigment import usual_hair_color
from transforms.head.head_light import skin_color
from transforms.head.person import face_height_px
from transforms.long_hair.mirrored_light import pigmented, unmirrored
from transforms.long_hair.own_strands import BLACK
from transforms.picture.ramp import ramp

_SURE_MATTE, _LEAST_GROWN = 0.85, 0.05
"""Hair whose color can be told, and its area in squared face heights."""
_THIN_MATTE, _LEAST_THIN, _CROPPED_UP_TO, _WHITE_BY_SKIN, _WHITE_A = 0.5, 0.02, 0.13, 0.85, 0.3
_LEVELS, _NEAR_SHARE, _SAMPLES = (10, 30, 50, 70, 90), 10, 20000
_BURNT_OUT, _LEAST_LIGHTNESS = 94.0, 1.0
_BLACK_BROWS, _BLACK_UP_TO = ((20.0, 27.0), (0.4, 0.0)), 32.0
_SHORT, _MOST_BY_SKIN = ((0.13, 0.25), (1.0, 0.0)), 1.45
"""How much darker short hair is than it looks, by the usual hair beside such brows; how light hair is by skin."""
_LIT_LESS, _WHITE_FROM, _WHITE_BY_LIGHT, _WHITE_SHADED = ((1.1, 1.5), (0.0, 20.0)), 66.0, (15.0, 0.75), 0.65
"""Percentiles less, by the spread; how much darker long white hair is, by the skin's L: that of 26 old women has an
L of 57 to 72."""
_SHAVEN_UP_TO, _SHAVEN_BY_SKIN, _MOST_EVEN, _DARK_STUBBLE = 0.13, (0.68, 0.91), 1.65, 0.55
"""So little hair, and so light by the skin and even, is stubble on a scalp, which would not be seen if hair were not
dark by the brows; lighter hair is white, and fair hair has light and shade."""
_USUAL_LIGHT, _USUAL_COLOR, _USUAL_SPREAD = (0.4, 1.0, 1.9), (0.6, 1.0, 1.25), 0.9
"""Hair that is not seen: its lights, and what color they have, by the middle."""
_SHINE, _SHINE_PERCENTILE = 6.0, 97


@dataclass(frozen=True)
class HairColor:
    """What color hair has.

    Attributes
    ----------
    lightness : ndarray, (n,)
        Rising L.
    ab : ndarray, (n, 2)
        a and b there.
    middle : float
        Median of L.
    spread_log : float
        Logarithm of the 90th by the 10th percentile of L, both over `BLACK`.
    brightest : float
        L of its shine.
    seen_ratio : float
        0 where nothing or only cropped hair told it .. 1.
    """

    lightness: FloatArray
    ab: FloatArray
    middle: float
    spread_log: float
    brightest: float
    seen_ratio: float


def own_hair_color(lab: FloatArray, face: Face, hair: FloatArray) -> HairColor:
    """Tell the color that longer hair of this person has.

    Parameters
    ----------
    lab : ndarray, (H, W, 3) float32
        OpenCV's float Lab.
    face : Face
        In pixels of `lab`.
    hair : ndarray, (H, W) float32
        `transforms.hair.hair_matte.hair_matte`.

    Returns
    -------
    HairColor
        The usual one beside these brows where hardly any hair is seen.
    """
    grown = np.flatnonzero(hair > _SURE_MATTE)
    seen = len(grown) / face_height_px(face) ** 2
    own = lab.reshape(-1, 3)[grown[:: len(grown) // _SAMPLES + 1]]
    skin = skin_color(lab, face)
    if seen < _LEAST_GROWN:
        return _unseen_color(lab, face, hair, 1.0)
    if seen < _SHAVEN_UP_TO and _is_shaven(own[:, 0], float(skin[0])):
        return _unseen_color(lab, face, hair, _DARK_STUBBLE)
    low, high = np.percentile(own[:, 0], (10, 90))
    levels = np.percentile(own[:, 0], _LEVELS)
    count = max(len(own) // _NEAR_SHARE, 1)
    near = [own[np.argpartition(np.abs(own[:, 0] - level), count - 1)[:count], 1:] for level in levels]
    ab = np.array([np.median(colors, axis=0) for colors in near])
    # What is burnt out has lost its color.
    for k in range(1, len(_LEVELS)):
        if levels[k] > _BURNT_OUT:
            ab[k] = ab[k - 1]
    ab = pigmented(levels, unmirrored(levels, ab), float(np.median(own[:, 1])), skin)
    cropped = ramp(seen, _CROPPED_UP_TO, _LEAST_GROWN)
    # What is light about cropped hair is skin.
    ab[2:] += cropped * (ab[1] - ab[2:])
    middle = max(float(np.median(own[:, 0])), _LEAST_LIGHTNESS)
    # Hair lit from behind or above is as light as its shaded half where it hangs beside a face.
    lit = float(np.interp(np.log((high + BLACK) / (low + BLACK)), *_LIT_LESS))
    usual, hangs = np.maximum(
        np.percentile(own[:, 0], (50 - 40 * cropped, 50 - 40 * cropped - lit)), _LEAST_LIGHTNESS
    )
    shaded = float(hangs / usual)
    white_from = min(_WHITE_BY_LIGHT[0] + _WHITE_BY_LIGHT[1] * float(skin[0]), _WHITE_FROM)
    darker = max(float(hangs) - _WHITE_SHADED * max(float(hangs) - white_from, 0), _LEAST_LIGHTNESS) / middle
    # Short black hair shines, and on a dark scalp is nowhere seen as black as it is: the brows tell it.
    short = float(np.interp(seen, *_SHORT))
    if short and darker * middle < _BLACK_UP_TO:
        darker *= 1 - short * float(np.interp(usual_hair_color(lab, face)[0], *_BLACK_BROWS))
    # In the sun on a head whose face lies in shade hair is lighter than where it hangs beside that face.
    darker *= min(_MOST_BY_SKIN * float(skin[0]) / (darker * middle), 1.0)
    return HairColor(
        # In its own shade hair has the color that is seen there.
        levels * darker / shaded,
        ab,
        middle * darker,
        float(np.log((high + BLACK) / (low + BLACK))),
        float(np.percentile(own[:, 0], _SHINE_PERCENTILE)) * darker + _SHINE,
        1 - cropped,
    )


def _is_shaven(lightness: FloatArray, skin: float) -> bool:
    low, high = _SHAVEN_BY_SKIN
    dark, middle, light = np.percentile(lightness, (10, 50, 90))
    return bool(low * skin < middle < high * skin and light + BLACK < _MOST_EVEN * (dark + BLACK))


def _unseen_color(lab: FloatArray, face: Face, hair: FloatArray, share: float) -> HairColor:
    usual = usual_hair_color(lab, face) * np.array([share, math.sqrt(share), math.sqrt(share)], np.float32)
    thin = lab[hair > _THIN_MATTE]
    if len(thin) > _LEAST_THIN * face_height_px(face) ** 2:
        middle_thin, skin = np.median(thin, axis=0), skin_color(lab, face)
        if middle_thin[0] > _WHITE_BY_SKIN * skin[0] and np.hypot(*middle_thin[1:]) < 0.5 * np.hypot(*skin[1:]):
            levels = np.percentile(thin[:, 0], (10, 50, 90))
            brightest = float(levels[-1])
            # Skin between white hairs makes no pink ones.
            yellow = max(float(middle_thin[2]), 0.0)
            white = (min(float(middle_thin[1]), _WHITE_A * yellow), yellow)
            return HairColor(levels, np.tile(white, (3, 1)), float(levels[1]), 0.0, brightest, 0.0)
        # The little that is seen of it lies on skin: it is as dark as its darkest.
        darker = min(float(np.percentile(thin[:, 0], 20)) / max(float(usual[0]), _LEAST_LIGHTNESS), 1.0)
        usual = usual * np.array([darker, math.sqrt(darker), math.sqrt(darker)], np.float32)
    middle = float(usual[0])
    light, color = np.array(_USUAL_LIGHT), np.array(_USUAL_COLOR)[:, None]
    return HairColor(light * middle, color * usual[1:], middle, _USUAL_SPREAD, light[-1] * middle, 0.0)
