"""Graying and darkening of hair and brows, in Lab.

Gray hair is a mixture: strands without pigment among those that keep it. A share of the strands, in streaks along
the run of the hair and at the temples first, takes the lightness of unpigmented hair by a rising curve of its own
lightness (light and shade stay where they are) and loses nearly all color. Where the matte is thin so is the change.
All constants by eye, on public-domain portraits of gray-haired people for the range of lightness.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray
from transforms.person import face_height_px
from transforms.strands import strand_directions, strand_noise

STRANDS_PER_FACE = 190.0
"""Visible strands side by side in a face height."""
_TEMPLES = ((21, 162, 127), (251, 389, 356))
_SKIN = (50, 280, 205, 425, 109, 338, 151, 67, 297)
_USUAL_SKIN_LAB = (60.0, 14.0, 16.0)
_MIN_HAIR_PX = 30
_HIGHLIGHT_FADE = 28.0
_MOST_GRAY = 0.93
"""Even white hair keeps some strands: without them it goes flat."""
_LOCK_STRANDS = 4.0
_DRAWN_STRAND_PX = 1.3
_HIGHLIGHT_ABOVE = 24.0
_GRAY_CONTRAST = 6.0
_CONTRAST_WINDOW_PX = 9
"""Least standard deviation of L* in gray hair, within this window."""


def gray_hair(lab: FloatArray, matte: FloatArray, amount: float, face: Face, seed: int = 0) -> FloatArray:
    """Gray the hair.

    Parameters
    ----------
    lab : ndarray, (H, W, 3) float32
        OpenCV's float Lab: L 0..100.
    matte : ndarray, (H, W) float32
        `transforms.hair.hair_matte`, 0..1.
    amount : float
        Share of gray strands: 0 none, 0.3 salt and pepper, 1 all.
    face : Face
        In pixels of `lab`.
    seed : int

    Returns
    -------
    ndarray, (H, W, 3) float32
        A new array; equal to `lab` where the matte is 0.
    """
    hair = matte > 0.6
    result = lab.copy()
    if amount <= 0 or hair.sum() < _MIN_HAIR_PX:
        return result
    rows, columns = _bounds(matte)
    part, alpha = lab[rows, columns], matte[rows, columns]
    lightness = part[..., 0]
    strand_px = max(1.0, face_height_px(face) / STRANDS_PER_FACE)
    strands, locks = _strands_and_locks(lightness, alpha, strand_px, _crown_px(face, rows, columns), seed)
    local = _MOST_GRAY * np.clip(amount * _temples_first(face, rows, columns, amount), 0, 1)
    gray = np.clip(local + 0.42 * np.sqrt(local * (1 - local)) * (strands + 0.5 * locks), 0, 1) * alpha
    gray = gray * (1 - skin_share(part, lab, face) * np.clip((0.95 - alpha) / 0.4, 0, 1))
    lifted = _unpigmented_lightness(
        lightness, lab[..., 0][hair], _exposure_ratio(lab, face), 0.8 * strands + 0.6 * locks
    )
    warmth = _skin_warmth(lab, face)
    target = np.dstack([lifted, 0.10 * part[..., 1] + 0.4 * warmth, 0.16 * part[..., 2] + 1.6 * warmth])
    result[rows, columns] = part + (target - part) * gray[..., None]
    return result


def darken_hair(lab: FloatArray, matte: FloatArray, amount: float) -> FloatArray:
    """Give gray hair its pigment back; hair that has color changes little.

    Parameters
    ----------
    lab, matte
        As for `gray_hair`.
    amount : float
        0 nothing .. 1 half as light, and brown.

    Returns
    -------
    ndarray, (H, W, 3) float32
    """
    result = lab.copy()
    hair = matte > 0.6
    if amount <= 0 or hair.sum() < _MIN_HAIR_PX:
        return result
    share = (amount * hair_grayness(lab, matte) * matte)[..., None]
    middle = float(np.median(lab[..., 0][hair]))
    # By proportion, and to half the lightness only: where the matte ends white wisps remain, and black beside
    # white would show a border.
    middle_after = 0.5 * middle + 6
    dark = middle_after * cv2.pow(np.maximum(lab[..., 0], 0.5) / middle, 1.25)
    dark = np.minimum(dark, lab[..., 0])
    pigment = np.clip(dark / middle_after, 0.2, 1.3)
    target = np.dstack([dark, 0.3 * lab[..., 1] + 3.5 * pigment, 0.3 * lab[..., 2] + 6.5 * pigment])
    return np.asarray(result + (target - result) * share, np.float32)


def gray_brows(lab: FloatArray, brow_mask: FloatArray, amount: float) -> FloatArray:
    """Gray the hairs of the brows and leave the skin between them.

    Parameters
    ----------
    lab : ndarray, (H, W, 3) float32
    brow_mask : ndarray, (H, W) float32
        The brows with a margin of skin, 0..1.
    amount : float
        0 nothing .. 1 white brows.

    Returns
    -------
    ndarray, (H, W, 3) float32
    """
    result = lab.copy()
    inside = brow_mask > 0.5
    if amount <= 0 or inside.sum() < _MIN_HAIR_PX:
        return result
    lightness = lab[..., 0]
    skin, dark = np.percentile(lightness[inside], (90, 10))
    depth = np.clip((skin - lightness) / max(skin - dark, 6.0), 0, 1)
    share = amount * brow_mask * depth
    # Hairs never grow lighter than the skin about them: white brows on light skin vanish, on dark skin they shine.
    lifted = lightness + (max(float(skin), 48.0) - lightness) * 0.55
    target = np.dstack([np.maximum(lifted, lightness), 0.35 * lab[..., 1], 0.35 * lab[..., 2]])
    return np.asarray(result + (target - result) * share[..., None], np.float32)


def hair_grayness(lab: FloatArray, matte: FloatArray) -> float:
    """Return how gray the hair is already, 0 (pigment, or no hair to see) .. 1 (silver)."""
    hair = matte > 0.6
    if hair.sum() < _MIN_HAIR_PX:
        return 0.0
    lightness, a, b = np.median(lab[hair], axis=0)
    chroma = float(np.hypot(a, b))
    return float(np.clip((lightness - 30) / 15, 0, 1) * np.clip((14 - chroma) / 6, 0, 1))


def _bounds(matte: FloatArray) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(matte.max(axis=1) > 0), np.flatnonzero(matte.max(axis=0) > 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _unpigmented_lightness(
    lightness: FloatArray, hair: FloatArray, exposure: float, texture: FloatArray
) -> FloatArray:
    """Lightness of the same strands without pigment: a rising curve, never darker than before."""
    middle, high = (float(value) for value in np.percentile(hair, (50, 96)))
    middle = max(middle, 5.0)
    target = (38 + 0.5 * middle) * exposure
    # More light comes back everywhere in proportion, but shine on the strands does not grow with it: hence the power.
    power = float(np.clip(1.0 - 0.28 * np.log(max(target / middle, 1.0)), 0.5, 1))
    power = min(power, np.log(1 + _HIGHLIGHT_ABOVE / target) / max(np.log(max(high, 1) / middle), 1e-3))
    lifted: FloatArray = target * cv2.pow(np.maximum(lightness, 0.5) / middle, power)
    # Black hair hides its texture; what is missing to the usual contrast of gray hair is drawn along the strands.
    window = (_CONTRAST_WINDOW_PX, _CONTRAST_WINDOW_PX)
    variance = cv2.blur(lifted * lifted, window) - cv2.blur(lifted, window) ** 2
    lifted += texture * np.sqrt(np.clip(_GRAY_CONTRAST**2 - variance, 1, None)) * np.clip(lifted / 40, 0, 1)
    bright = lifted > 80
    lifted[bright] = 80 + 14 * np.tanh((lifted[bright] - 80) / 14)
    # Above the highlights the lift fades out: bright background shining through the border must not become a halo.
    lift = np.maximum(lifted - lightness, 0) * np.clip(1 - (lightness - high) / _HIGHLIGHT_FADE, 0, 1)
    return np.asarray(lightness + lift, np.float32)


def _strands_and_locks(
    lightness: FloatArray, matte: FloatArray, strand_px: float, crown_px: tuple[float, float], seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return fine and coarse noise along the hair, both of deviation 1, drawn no finer than a strand needs."""
    size_wh = (lightness.shape[1], lightness.shape[0])
    factor = min(1.0, _DRAWN_STRAND_PX / strand_px)
    drawn_wh = (max(1, round(size_wh[0] * factor)), max(1, round(size_wh[1] * factor)))
    small = cv2.resize(lightness, drawn_wh, interpolation=cv2.INTER_AREA)
    small_matte = cv2.resize(matte, drawn_wh, interpolation=cv2.INTER_AREA)
    width_px = strand_px * factor
    directions = strand_directions(small, small_matte, width_px, (crown_px[0] * factor, crown_px[1] * factor))
    lock_wh = (max(1, round(drawn_wh[0] / _LOCK_STRANDS)), max(1, round(drawn_wh[1] / _LOCK_STRANDS)))
    lock_directions = cv2.resize(directions, lock_wh, interpolation=cv2.INTER_AREA)
    strands = cv2.resize(strand_noise(directions, width_px, seed), size_wh)
    locks = cv2.resize(strand_noise(lock_directions, width_px, seed + 1), size_wh)
    return strands, locks


def _crown_px(face: Face, rows: slice, columns: slice) -> tuple[float, float]:
    """Return the crown, a third of a face above the forehead, in pixels of the part."""
    forehead, chin = face.landmarks_px[10, :2], face.landmarks_px[152, :2]
    crown = forehead + (forehead - chin) * 0.33 - (columns.start, rows.start)
    return float(crown[0]), float(crown[1])


def _exposure_ratio(lab: FloatArray, face: Face) -> float:
    """0.35..1 by the brightest parts of the face (shine, eyes, teeth), which tell light from skin tone."""
    points = face.landmarks_px[:MESH_VERTICES, :2].astype(int)
    low, high = np.maximum(points.min(axis=0), 0), points.max(axis=0) + 1
    inner = lab[low[1] : high[1], low[0] : high[0], 0]
    if inner.size == 0:
        return 1.0
    return float(np.clip(np.percentile(inner, 97) / 72, 0.35, 1))


def _skin_color(lab: FloatArray, face: Face) -> FloatArray:
    """Middle color of cheeks and forehead, as far as they lie in the part handed over."""
    points = face.landmarks_px[list(_SKIN), :2].astype(int)
    inside = ((points >= 0) & (points < (lab.shape[1], lab.shape[0]))).all(axis=1)
    if not inside.any():
        return np.array(_USUAL_SKIN_LAB, np.float32)
    points = points[inside]
    return np.asarray(np.median(lab[points[:, 1], points[:, 0]], axis=0), np.float32)


def _skin_warmth(lab: FloatArray, face: Face) -> float:
    """0 in a gray picture .. 1: a neutral gray beside skin looks blue, so it takes a little of the light's warmth."""
    return float(np.clip(np.hypot(*_skin_color(lab, face)[1:]) / 15, 0, 1))


def skin_share(part: FloatArray, lab: FloatArray, face: Face) -> FloatArray:
    """Return 1 where a pixel of `part` has the color of the face in `lab`: a rim of skin or a bare scalp, (H, W)."""
    away = (part - _skin_color(lab, face)) / np.array([18, 6, 7], np.float32)
    return np.asarray(np.exp(-0.5 * np.einsum("ijk,ijk->ij", away, away)), np.float32)


def _temples_first(face: Face, rows: slice, columns: slice, amount: float) -> FloatArray:
    """Factor on the amount: above 1 at the temples, below 1 on the crown, 1 everywhere as the amount nears 1."""
    points, height = face.landmarks_px[:, :2], face_height_px(face)
    y, x = np.mgrid[rows, columns].astype(np.float32)
    near = np.zeros_like(x)
    for vertices in _TEMPLES:
        at = points[list(vertices)].mean(axis=0)
        near = np.maximum(near, np.exp(-0.5 * ((x - at[0]) ** 2 + (y - at[1]) ** 2) / (0.28 * height) ** 2))
    factor: FloatArray = 1 + (near - 0.35) * 1.2 * (1 - amount)
    return factor
