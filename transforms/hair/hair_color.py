"""Graying of hair, in Lab.

Gray hair is a mixture: strands without pigment among those that keep it. A share of the strands, in streaks along
the run of the hair and at the temples first, takes the lightness of unpigmented hair by a rising curve of its own
lightness (light and shade stay where they are) and loses nearly all color. Where the matte is thin so is the change.
All constants by eye, on public-domain portraits of gray-haired people for the range of lightness.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.hair.hair_share import hair_share
from transforms.hair.skin_in_hair import skin_in_hair
from transforms.hair.strands import strands_and_locks
from transforms.hair.thin_hair import changed_as_sure_hair
from transforms.head.head_light import exposure_ratio, light_cast, skin_color, skin_share, skin_warmth
from transforms.head.person import face_height_px
from transforms.picture.bounds import bounds
from transforms.picture.ramp import ramp

_TEMPLES = ((21, 162, 127), (251, 389, 356))
_MIN_HAIR_PX = 30
_HIGHLIGHT_FADE = 28.0
_MOST_GRAY = 0.93
"""Even white hair keeps some strands: without them it goes flat."""
_HIGHLIGHT_ABOVE = 24.0
_GRAY_CONTRAST = 6.5
_BLACK_TARGET, _TARGET_RISE = 47.0, 0.4
"""Middle lightness of gray hair, and how much of its own lightness is added: real gray hair lies at 57 to 70, what is
darker has black strands in it and twice the contrast."""
_WHITER, _GRAY_AMOUNT = 5.0, 0.6
"""Steps of L that white hair is lighter than gray, and the share of gray strands from which on it grows white."""
_SHADE_LIGHTNESS, _LOCK_FACES = 10.0, 0.06
_GRAY_A, _GRAY_B = 0.8, 2.4
"""Real gray hair has 2 to 5 and 0 to 7."""
_THINNED, _THINNER = 1.1, 0.8
"""How far thin hair is parted into strands, and thinned. By eye."""
_CONTRAST_WINDOW_PX, _MOST_RAISED = 9, 2.2
"""Window of the least standard deviation of L* in gray hair, and by how much its own strands are raised to it."""


def gray_hair(
    lab: FloatArray, matte: FloatArray, amount: float, face: Face, parted: float = 1.0, seed: int = 0
) -> FloatArray:
    """Gray the hair.

    Parameters
    ----------
    lab : ndarray, (H, W, 3) float32
        OpenCV's float Lab: L 0..100; quickest as `transforms.picture.lab.planar`.
    matte : ndarray, (H, W) float32
        `transforms.hair.hair_matte.hair_matte`, 0..1.
    amount : float
        Share of gray strands: 0 none, 0.3 salt and pepper, 1 all.
    face : Face
        In pixels of `lab`.
    parted : float
        How far thin hair is parted into strands, and skin in it told: 0 for beards, whose hairs are short.
    seed : int

    Returns
    -------
    ndarray, (H, W, 3) float32
        A new array; equal to `lab` where the matte is 0.
    """
    hair = matte > 0.6
    result = lab.copy(order="K")
    part_of_hair = bounds(matte > 0)
    if amount <= 0 or hair.sum() < _MIN_HAIR_PX or part_of_hair is None:
        return result
    rows, columns = part_of_hair
    part, alpha = lab[rows, columns], matte[rows, columns]
    lightness = part[..., 0]
    strands, locks = strands_and_locks(lightness, alpha, face, (columns.start, rows.start), seed)
    local = _MOST_GRAY * np.clip(amount * _temples_first(face, rows, columns, amount), 0, 1)
    share = np.clip(local + 0.42 * np.sqrt(local * (1 - local)) * (strands + 0.5 * locks), 0, 1)
    bare = 1 - skin_share(part, lab, face) * np.clip((0.95 - alpha) / 0.4, 0, 1)
    if parted > 0:
        # The matte of a beard knows skin itself, and hairs in the sun have the color of skin in shade.
        bare *= hair_share(part, alpha, face)
        skin = skin_in_hair(part, alpha, skin_color(lab, face), face, (columns.start, rows.start))
        if skin is not None:
            bare = np.minimum(bare, 1 - skin)
    shading = _shading(lightness, alpha, face)
    texture = 0.8 * strands + 0.6 * locks
    white = _WHITER * ramp(amount, _GRAY_AMOUNT, 1)
    light = exposure_ratio(lab, face)
    lifted = _unpigmented_lightness(lightness, shading, lab[..., 0][hair], light, texture, white)
    warmth = skin_warmth(lab, face)
    cast_a, cast_b = light_cast(part, skin_color(lab, face))
    gray_a, gray_b = _GRAY_A * warmth + cast_a * lifted, _GRAY_B * warmth + cast_b * lifted
    # Light strands with a rest of red or gold between them look mauve: what is left of the color goes first.
    colorless = 1 - cv2.pow(1 - share, 1 + amount)
    change = np.empty_like(part)
    change[..., 0] = (lifted - lightness) * share
    change[..., 1] = (gray_a - 0.90 * part[..., 1]) * colorless
    change[..., 2] = (gray_b - 0.84 * part[..., 2]) * colorless
    change = changed_as_sure_hair(change, alpha, face)
    result[rows, columns] = part + change * (_in_strands(alpha, texture, parted) * bare)[..., None]
    return result


def _in_strands(alpha: FloatArray, texture: FloatArray, parted: float) -> FloatArray:
    """Part thin hair, (h, w) 0..1, into strands by their noise: else it would be a film over the skin."""
    half = alpha * (1 - alpha) * np.float32(parted)
    parted = alpha + half * (_THINNED * texture - _THINNER)
    return np.asarray(np.clip(parted, 0, 1), np.float32)


def _shading(lightness: FloatArray, alpha: FloatArray, face: Face) -> FloatArray:
    """Light and shade on the hair as a whole, without its strands and without what lies beside it."""
    side = 2 * round(_LOCK_FACES * face_height_px(face) / 2) + 1
    inner = alpha * alpha + np.float32(1e-4)
    return np.asarray(cv2.blur(lightness * inner, (side, side)) / cv2.blur(inner, (side, side)), np.float32)


def _unpigmented_lightness(
    lightness: FloatArray,
    shading: FloatArray,
    hair: FloatArray,
    exposure: float,
    texture: FloatArray,
    whiter: float,
) -> FloatArray:
    """Lightness of the same strands without pigment: a rising curve, never darker than before."""
    middle, high = (float(value) for value in np.percentile(hair, (50, 96)))
    middle = max(middle, 5.0)
    target = (_BLACK_TARGET + whiter + _TARGET_RISE * middle) * exposure
    # More light comes back everywhere in proportion, but shine on the strands does not grow with it: hence the power.
    power = float(np.clip(1.0 - 0.28 * np.log(max(target / middle, 1.0)), 0.5, 1))
    power = min(power, np.log(1 + _HIGHLIGHT_ABOVE / target) / max(np.log(max(high, 1) / middle), 1e-3))
    lifted: FloatArray = target * cv2.pow(np.maximum(lightness, 0.5) / middle, power)
    # What lies in shade stays there, but as light in it as white hair is: by steps of L alone it would be black.
    shade = np.clip(shading / middle, 0.05, 1)
    in_shade = (target + _SHADE_LIGHTNESS) * (shade * middle + _SHADE_LIGHTNESS) / (middle + _SHADE_LIGHTNESS)
    lifted *= (in_shade - _SHADE_LIGHTNESS) / (target * cv2.pow(shade, power))
    # Black hair hides its texture: its own strands are raised to the usual contrast of gray hair, and what is missing
    # then is drawn along them.
    window = (_CONTRAST_WINDOW_PX, _CONTRAST_WINDOW_PX)
    mean = cv2.blur(lifted, window)
    variance = cv2.blur(lifted * lifted, window) - mean * mean
    # In a dim light there is less of it.
    usual = (_GRAY_CONTRAST * exposure) ** 2
    raised = np.clip(usual / np.maximum(variance, np.float32(0.1)), 1, _MOST_RAISED**2)
    lifted = mean + (lifted - mean) * np.sqrt(raised)
    drawn = np.sqrt(np.clip(usual - raised * variance, 0.5, None))
    lifted += texture * drawn * np.clip(lifted / 40, 0, 1)
    over = np.maximum(lifted - 80, 0)
    lifted += 14 - 28 / (1 + cv2.exp(over / 7)) - over
    # Above the highlights the lift fades out: bright background shining through the border must not become a halo.
    lift = np.maximum(lifted - lightness, 0) * np.clip(1 - (lightness - high) / _HIGHLIGHT_FADE, 0, 1)
    return np.asarray(lightness + lift, np.float32)


def _temples_first(face: Face, rows: slice, columns: slice, amount: float) -> FloatArray:
    """Factor on the amount: above 1 at the temples, below 1 on the crown, 1 everywhere as the amount nears 1."""
    points, height = face.landmarks_px[:, :2], face_height_px(face)
    near = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
    for vertices in _TEMPLES:
        x, y = points[list(vertices)].mean(axis=0)
        across = _bell(np.arange(columns.start, columns.stop) - x, 0.28 * height)
        down = _bell(np.arange(rows.start, rows.stop) - y, 0.28 * height)
        near = np.maximum(near, np.outer(down, across))
    factor: FloatArray = 1 + (near - 0.35) * 1.2 * (1 - amount)
    return factor


def _bell(away: FloatArray, width: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * (away / width) ** 2), np.float32)
