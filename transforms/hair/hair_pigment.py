"""Color given back to gray hair, in Lab: its own light and shade in it, and strands where it has none.

All constants by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray
from transforms.face.landmark_ids import LEFT_BROW, RIGHT_BROW
from transforms.hair.strands import strands_and_locks
from transforms.hair.thin_hair import changed_as_sure_hair
from transforms.head.head_light import colors_at, exposure_ratio, skin_color, skin_share, skin_warmth
from transforms.head.person import face_height_px
from transforms.picture.bounds import bounds
from transforms.picture.color_models import hull_mask, median_color

_USUAL_SKIN_CHROMA = 21.0
_GRAY_CHROMA_RATIO = 0.23
"""Chroma by lightness from which on hair has color; silver has half of it."""
_MIN_HAIR_PX = 30
_SURE_MATTE = 0.6
_CONTRAST, _CONTRAST_WINDOW_PX = 0.1, 9
"""Standard deviation of lightness by its mean, within this window, below which strands are drawn."""
_COLOR_WINDOW_FACES, _REACH_FACES, _BESIDE_FACES, _LEAST_APART = 0.015, 0.12, 0.06, 15.0
_MOST_ALONG, _BROWS_FACES = 1.8, 0.02
# fmt: off
_BROWS = (70, 63, 105, 66, 107, 46, 53, 52, 65, 336, 296, 334, 293, 300, 276, 283, 282, 295)
# fmt: on
_BY_BROWS, _DEEPER = 0.45, ((20.0, 42.0), (1.4, 0.85))
"""Between the hairs of a brow skin is seen: hair is so much darker than its middle, in the median of 25 men; and long
hair has more color than short hair, but not more than that of 80 women."""
_YOUNG_LIGHTNESS, _YOUNG_A, _YOUNG_B = (14.0, 22.0, 30.0, 46.0), (1.0, 2.5, 6.0, 6.5), (1.5, 3.5, 10.0, 19.0)
"""From black over brown to dark blond."""
_FAIR_SKIN, _DARK_SKIN, _PALED = 64.0, 46.0, 7.0
_SHINE_SOFTENED = 0.5
_SHADE_POWER, _DETAIL, _DETAIL_POWER, _WHITE = 1.4, 0.22, (1.4, 4.0), (45.0, 70.0)
"""Dark hair shows its locks by more contrast than white hair: the deviation by the mean that they are brought to, the
least and most power that does it, and the lightness of hair that needs the least and the most. By eye."""
_BY_STRANDS, _BY_LOCKS = 0.16, 0.1
"""How far strands and locks differ in the color that they get back, at half of it. By eye."""
_DARKER = 0.75
"""Hair was darker than it is gray."""


def pigment_hair(lab: FloatArray, matte: FloatArray, amount: float, face: Face, seed: int = 0) -> FloatArray:
    """Give gray hair a color back; hair that has color changes little.

    Parameters
    ----------
    lab, matte, face, seed
        As for `transforms.hair.hair_color.gray_hair`.
    amount : float
        0 nothing .. 1 the whole color, which goes with brows and skin.

    Returns
    -------
    ndarray, (H, W, 3) float32
        A new array; equal to `lab` where the matte is 0.
    """
    hair = matte > _SURE_MATTE
    result = lab.copy(order="K")
    grayness = hair_grayness(lab, matte, face)
    part_of_hair = bounds(matte > 0)
    if amount * grayness <= 0 or hair.sum() < _MIN_HAIR_PX or part_of_hair is None:
        return result
    rows, columns = part_of_hair
    part, alpha = lab[rows, columns], matte[rows, columns]
    lightness = part[..., 0]
    strands, locks = strands_and_locks(lightness, alpha, face, (columns.start, rows.start), seed)
    middle = max(float(np.median(lab[..., 0][hair])), 5.0)
    young = _young_color(lab, face, _DARKER * middle)
    # White hair is burnt out in places: where it has no strands of its own it gets some.
    window = (_CONTRAST_WINDOW_PX, _CONTRAST_WINDOW_PX)
    mean = cv2.blur(lightness, window)
    own = np.sqrt(np.maximum(cv2.blur(lightness * lightness, window) - mean * mean, 0)) / middle
    bare = np.clip(1 - own / _CONTRAST, 0, 1)
    lit = np.maximum(mean / middle, 0.2)
    # Shine keeps its strands: cut off, it would be a flat patch.
    shine = np.maximum(lit - 1, 0)
    lit -= shine - shine / (1 + _SHINE_SOFTENED * shine)
    power = _DETAIL / max(float(np.median(own[alpha > _SURE_MATTE])), 1e-3)
    power = min(max(power, _DETAIL_POWER[0]), float(np.interp(middle, _WHITE, _DETAIL_POWER)))
    depth = cv2.pow(lit, _SHADE_POWER) * cv2.pow(np.clip(lightness / np.maximum(mean, 1), 0.5, 1.5), power)
    depth *= 1 + bare * (0.2 * strands + 0.18 * locks)
    dark = young[0] * np.clip(depth, 0.15, 2.4)
    pigment = np.clip(depth, 0.3, 1.2)
    change = np.empty_like(part)
    for plane, color in enumerate((np.minimum(dark, lightness), young[1] * pigment, young[2] * pigment)):
        change[..., plane] = color - part[..., plane]
    change = changed_as_sure_hair(change, alpha, face)
    # Half of the color is a mixture of strands: all of them half dark would be smoke.
    mixed = amount + 4 * amount * (1 - amount) * (_BY_STRANDS * strands + _BY_LOCKS * locks)
    painted = part + change * (np.clip(mixed, 0, 1) * grayness * np.minimum(1.1 * alpha, 1))[..., None]
    # Never darker than hair itself can be: wisps over something dark.
    painted[..., 0] = np.maximum(painted[..., 0], np.minimum(lightness, 0.5 * young[0]))
    result[rows, columns] = painted
    return result


def hair_beside_skin(lab: FloatArray, matte: FloatArray, face: Face) -> FloatArray:
    """Carry the matte of gray hair to the skin it ends at: hairline and sideburns.

    Parameters
    ----------
    lab, matte, face
        As for `pigment_hair`.

    Returns
    -------
    ndarray, (H, W) float32
        The matte without what has the color of skin, and in the face, near sure hair, with what has the hair's.
    """
    height_px = face_height_px(face)
    side = 2 * round(_COLOR_WINDOW_FACES * height_px / 2) + 1
    smooth = np.empty_like(lab)
    for plane in range(3):
        smooth[..., plane] = cv2.blur(lab[..., plane], (side, side))
    bare: FloatArray = matte * (1 - skin_share(smooth, lab, face))
    sure = bare > _SURE_MATTE
    if sure.sum() < _MIN_HAIR_PX:
        return bare
    skin = skin_color(lab, face)
    way = median_color(lab, sure) - skin
    if np.linalg.norm(way) < _LEAST_APART:
        return bare
    # 0 the skin .. 1 the hair, along the line from one to the other.
    steps = way / float(way @ way)
    along: FloatArray = np.zeros(matte.shape, np.float32)
    for plane in range(3):
        along += (smooth[..., plane] - skin[plane]) * steps[plane]
    reach = 2 * round(_REACH_FACES * height_px) + 1
    near = cv2.blur(sure.astype(np.float32), (reach, reach))
    size_wh = (matte.shape[1], matte.shape[0])
    mesh = hull_mask(np.round(face.landmarks_px[:MESH_VERTICES, :2]), size_wh)
    # Sideburns lie between the mesh and the ears.
    beside = 2 * round(_BESIDE_FACES * height_px) + 1
    within = cv2.blur(cv2.dilate(mesh, np.ones((1, beside), np.uint8)).astype(np.float32), (side, side))
    # Skin in the sun is farther from skin in shade than gray hair is.
    told = np.clip((along - 0.5) / 0.3, 0, 1) * np.clip((_MOST_ALONG - along) / 0.3, 0, 1)
    grown = told * np.clip(near * 10, 0, 1) * within * (1 - _brows(face, size_wh))
    return np.asarray(np.maximum(bare, grown), np.float32)


def _brows(face: Face, size_wh: tuple[int, int]) -> FloatArray:
    """Return 1 on the brows, which `transforms.features.brows` gives their color."""
    brows = [hull_mask(np.round(face.landmarks_px[list(ids), :2]), size_wh) for ids in (_BROWS[:9], _BROWS[9:])]
    wide = 2 * round(_BROWS_FACES * face_height_px(face)) + 1
    return cv2.dilate(np.maximum(*brows), np.ones((wide, wide), np.uint8)).astype(np.float32)


def hair_grayness(lab: FloatArray, matte: FloatArray, face: Face) -> float:
    """Return how gray the hair is already, 0 (pigment, or no hair to see) .. 1 (silver)."""
    hair = matte > _SURE_MATTE
    if hair.sum() < _MIN_HAIR_PX:
        return 0.0
    middle, dark = (float(value) for value in np.percentile(lab[..., 0][hair], (50, 25)))
    chroma = float(np.hypot(*median_color(lab, hair)[1:]))
    # Warm light and strong colors show on the skin as well.
    usual = min(max(float(np.hypot(*skin_color(lab, face)[1:])) / _USUAL_SKIN_CHROMA, 1.0), 2.0)
    pale = (_GRAY_CHROMA_RATIO - chroma / max(middle, 1.0) / usual) / 0.08
    # Dark hair that shines in the sun keeps its shadows.
    light = min((middle - 25) / 12, (dark - 19) / 9)
    return min(max(light, 0.0), 1.0) * min(max(pale, 0.0), 1.0)


def usual_hair_color(lab: FloatArray, face: Face) -> FloatArray:
    """Color (3,) of hair that goes with a face when none is seen: darker than the brows; black beside dark skin."""
    exposure = exposure_ratio(lab, face)
    skin = float(skin_color(lab, face)[0])
    height, width = lab.shape[:2]
    within = np.maximum(
        *(hull_mask(face.landmarks_px[list(brow), :2], (width, height)) for brow in (RIGHT_BROW, LEFT_BROW))
    )
    seen = lab[..., 0][within > 0]
    # The median: frames of glasses are darker than any brow.
    brows = float(np.median(seen)) if len(seen) else 0.8 * skin
    fair = _fairness(skin / exposure)
    light = float(np.clip(_BY_BROWS * brows / exposure, 8, 42) * fair + 8 * (1 - fair))
    return _pigment(light, float(np.interp(light, *_DEEPER)), exposure, skin_warmth(lab, face))


def natural_ab(lightness: float) -> FloatArray:
    """Return a and b of natural hair, (2,), that is neither gray nor dyed, by its L."""
    return np.array([np.interp(lightness, _YOUNG_LIGHTNESS, values) for values in (_YOUNG_A, _YOUNG_B)])


def _young_color(lab: FloatArray, face: Face, lightest: float) -> FloatArray:
    """Color that goes with the person: as dark as the brows, but for gray ones; black beside dark skin."""
    exposure = exposure_ratio(lab, face)
    # The face is painted before its hair: a young skin is lighter already.
    skin = float(skin_color(lab, face)[0]) - _PALED
    seen = colors_at(lab, face, _BROWS)
    brows = float(np.percentile(seen[:, 0], 20)) if len(seen) else 0.6 * skin
    fair = _fairness(skin / exposure)
    light = float(np.clip(brows / exposure, 24, 46)) * fair + 16 * (1 - fair)
    return _pigment(min(light, lightest / exposure), 1.0, exposure, skin_warmth(lab, face))


def _fairness(lightness: float) -> float:
    """0 dark .. 1 fair, by L of the skin in a usual light."""
    return float(np.clip((lightness - _DARK_SKIN) / (_FAIR_SKIN - _DARK_SKIN), 0, 1))


def _pigment(lightness: float, deeper: float, exposure: float, warmth: float) -> FloatArray:
    """Color (3,) of natural hair of some L, as it looks in this light."""
    a, b = deeper * natural_ab(lightness)
    return np.asarray([lightness, a, b], np.float32) * np.array([exposure, warmth, warmth], np.float32)
