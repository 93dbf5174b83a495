"""What lies below and beside a shaven jaw: neck, clothes and background, made up of what is seen around a beard.

Sources: normalized convolution, Knutsson and Westin (CVPR 1993), carries what is known over the hole; proportions of
the neck, its form and its shade by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import OVAL
from transforms.clothes import unlike_beard, unlike_skin
from transforms.color_models import mean_color, polygon_mask
from transforms.hanging_beard import HangingBeard, LowerHead
from transforms.head_crop import FACE_PX

_NECK_HALF_WIDTH = 0.36
"""Against the width of the face, below the jaw."""
_MUSCLE_ABOVE, _MUSCLE_SLOPE = 0.95, 0.75
_FLARE, _FLARE_FROM_FACES = 0.38, 0.08
_UNDER_CHIN_LIGHT, _NECK_LIGHT, _EDGE_LIGHT = 0.62, 0.95, 0.78
_JAW_LIGHT, _CHIN_LIGHT = 0.93, 0.85
_COLOR_IN_SHADE = 0.5
_DARKEST_NECK, _BESIDE_PX, _HUE_LIMIT = 0.33, 21, 0.25
_NECK_TONES = (0.6, 0.7, 0.7), (1.1, 1.25, 1.25)
_NECK_REACH_PX = 10.0
_CLOSE_LIGHT, _CLOSE_FACES = 0.82, 0.09
_SHADE_FACES = 0.13
_JAW_FACES, _JAW_SOFT_FACES = -0.16, 0.08
"""From how far above the chin skin beside the face is no longer jaw but neck."""
_NECKLINE_DROP_FACES, _SHOULDER_SLOPE = 0.14, 0.4
_SHOULDERS_FACES = (0.62, 0.55)
"""Where shoulders are taken to be when none are seen: beside and below the chin."""
_COLLAR_FACES = 0.1
_LEAST_SEEN_PX = 40
_MATT_PERCENTILES = (15, 60)
_NEAR_FACES, _NOT_FAR_FACES, _LEVEL_PX = 0.08, 0.13, 1.2


@dataclass(frozen=True, eq=False)
class BelowChin:
    """What is made up on the upright crop; Lab planes (h, w, 3), others (h, w), all float32.

    Attributes
    ----------
    skin, own, behind, cloth : ndarray
        Skin of neck and jaw without shade; what is seen of the person around the beard, what is seen behind, and the
        clothes, each carried over the beard.
    neck, seen_neck : ndarray
        Skin of the neck: in the shade it lies in as far as some of it is seen near, 0..1.
    near_own, near : ndarray
        1 beside what is seen of the person, and not far from what is seen at all .. 0.
    half_width_faces, neckline_faces, base_faces : float
        Of the neck: half its width, and how far below the chin its front and its sides end.
    """

    skin: FloatArray
    own: FloatArray
    behind: FloatArray
    cloth: FloatArray
    neck: FloatArray
    seen_neck: FloatArray
    near_own: FloatArray
    near: FloatArray
    has_clothes: bool
    half_width_faces: float
    neckline_faces: float
    base_faces: float


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
    half = _NECK_HALF_WIDTH * float(np.linalg.norm(head.points[454] - head.points[234])) / FACE_PX
    matt = _matt_skin(head)
    usual = np.median(head.lab[matt], axis=0).astype(np.float32)
    like_skin = (np.abs(head.lab - usual) / (max(0.6 * usual[0], 15), 9, 10)).max(axis=2) < 1
    # The light on the cheeks falls on jaw and neck as well, from the same side.
    skin = carried(head.lab, matt.astype(np.float32), fill_known=False)
    beside = cv2.dilate(hole.view(np.uint8), np.ones((_BESIDE_PX,) * 2, np.uint8)) > 0
    like_neck = known & beside & (np.abs(head.across) < half) & (head.down > 0.05) & (head.person > 0.5)
    like_neck &= (unlike_skin(head.lab, usual) < 0.3) & (head.lab[..., 0] > _DARKEST_NECK * usual[0])
    # A maroon sweater is as dark and as colorful as skin in the shade may be.
    _, a, b = cv2.split(head.lab)
    like_neck &= np.abs(a * usual[2] - b * usual[1]) < _HUE_LIMIT * cv2.magnitude(a, b) * np.hypot(*usual[1:]) + 4
    # What is left of a brown beard is of the color of skin in the shade, but rough.
    smooth = head.rough < 0.5 * float(np.median(head.rough[beard.amount > 0.5 * beard.amount.max()]))
    like_neck &= smooth | (unlike_beard(head.lab, beard.limits) > 0.5)
    tone = np.ones(3, np.float32)
    if not is_long and int(like_neck.sum()) > _LEAST_SEEN_PX:
        ratio = np.median(head.lab[like_neck], axis=0) / np.where(np.abs(usual) > 2, usual, 2)
        tone = np.clip(ratio / _NECK_LIGHT, *_NECK_TONES).astype(np.float32)
    own_neck: FloatArray = like_neck.astype(np.float32) * np.float32(not is_long)
    own_neck = np.asarray(cv2.erode(own_neck, np.ones((3, 3), np.uint8)), np.float32)
    seen_neck = np.clip(cv2.GaussianBlur(own_neck, (0, 0), _NECK_REACH_PX) / 0.05, 0, 1)
    skin = skin * np.float32(_NECK_LIGHT)
    neck = skin * tone
    if own_neck.any():
        neck = neck + (carried(head.lab, own_neck, fill_known=False) - neck) * seen_neck[..., None]
    # What a short beard hides within the silhouette is the neck; beside a long one no neck is seen.
    seen = known & (~like_skin | (head.person <= 0.5)) if is_long else known & (head.person < 0.3)
    own = known & (head.person > 0.6)
    clothes = own & ~like_skin & (head.down > 0.15)
    has_clothes = is_long and int(clothes.sum()) > _LEAST_SEEN_PX
    base = _neck_base_faces(head, clothes, half)
    return BelowChin(
        skin,
        carried(head.lab, own.astype(np.float32)),
        # A wide hole shows its filling: from the side, at the same height, walls and horizons go on.
        carried(head.lab, (seen & (head.person < 0.4)).astype(np.float32), _LEVEL_PX if is_long else None),
        carried(head.lab, clothes.astype(np.float32)) if has_clothes else head.lab,
        neck,
        seen_neck,
        _near(own, _NEAR_FACES),
        _near(known, _NEAR_FACES if is_long else _NOT_FAR_FACES),
        has_clothes,
        half,
        base + _NECKLINE_DROP_FACES,
        base,
    )


def _matt_skin(head: LowerHead) -> FloatArray:
    """Skin above the mouth without shine and hollows, (h, w) bool: neither goes on below the jaw."""
    like = (np.abs(head.lab - head.skin) < (45, 9, 14)).all(axis=2)
    bare = like & (head.oval > 0.5) & (head.down < -0.25) & (head.rough < 1.8) | head.cheeks
    chosen = np.zeros(bare.shape, np.bool_)
    for half in (head.u < 0, head.u >= 0):
        lightness = head.lab[bare & half][:, 0]
        if lightness.size:
            low, high = np.percentile(lightness, _MATT_PERCENTILES)
            chosen |= bare & half & (head.lab[..., 0] >= low) & (head.lab[..., 0] <= high)
    return chosen


def _near(known: FloatArray, reach_faces: float) -> FloatArray:
    away = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, 5) / FACE_PX
    near: FloatArray = np.clip(1 - away / reach_faces, 0, 1).astype(np.float32)
    return near


def _neck_base_faces(head: LowerHead, clothes: FloatArray, half: float) -> float:
    """Follow the shoulders that are seen up to the neck's sides; returns how far below the chin they meet."""
    tops = []
    for side in (-1, 1):
        rows, columns = np.nonzero(clothes & (side * head.u > 0.42) & (side * head.u < 0.9))
        for column in np.unique(columns):
            row = int(rows[columns == column].min())
            tops.append((abs(float(head.u[row, column])), float(head.down[row, column])))
    at, top = np.median(tops, axis=0) if len(tops) > 8 else _SHOULDERS_FACES
    return float(np.clip(top - _SHOULDER_SLOPE * (at - half), 0.2, 0.5))


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
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def enlarged(plane: FloatArray) -> FloatArray:
        return cv2.warpAffine(
            plane.astype(np.float32), to_crop, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE
        )

    u, down, person = enlarged(head.across), enlarged(head.down), enlarged(head.person)
    away = enlarged(cv2.distanceTransform((head.oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / np.float32(FACE_PX))
    face_px = FACE_PX / float(np.hypot(*to_crop[0, :2]))
    soft = max(0.008 * face_px, 0.7)
    sharp = face_px / soft / 2
    rim = polygon_mask(landmarks, OVAL, size_wh, soft)
    half, base, front = below.half_width_faces, below.base_faces, below.neckline_faces
    # A neck widens towards the shoulders.
    wide = half * (1 + _FLARE * np.clip((down - _FLARE_FROM_FACES) / max(base - _FLARE_FROM_FACES, 0.1), 0, 1.3) ** 2)
    across = np.minimum(np.abs(u) / wide, 1.5)
    # Under the chin lies shade; beside the jaw none.
    is_neck = np.clip((down - _JAW_FACES) / _JAW_SOFT_FACES, 0, 1)
    light = 1 - (1 - _UNDER_CHIN_LIGHT) * cv2.exp(away / -_SHADE_FACES)
    if is_long:
        light = light * (1 - (1 - _EDGE_LIGHT) * np.minimum(across, 1) ** 3) * _relief(across, down / front)
    light = _JAW_LIGHT + (light - _JAW_LIGHT) * is_neck
    bare = color = enlarged(below.skin)
    if not is_long:
        # The neck's own color is in its own shade, but for what lies close under the chin.
        color = bare + (enlarged(below.neck) - bare) * is_neck[..., None]
        close = 1 - (1 - _CLOSE_LIGHT) * cv2.exp(away / -_CLOSE_FACES)
        light = light + (close - light) * (enlarged(below.seen_neck) * is_neck)
    skin = _lit(color, light) + texture * light[..., None]
    if is_long:
        inside = np.clip((wide - np.abs(u)) * sharp + 0.5, 0, 1) * is_neck
        inside = np.maximum(inside, rim)
        person_side, may_change = skin, np.ones_like(u)
    else:
        inside = np.maximum(np.clip((person - 0.4) / 0.2, 0, 1), rim)
        # Beside the neck, and farther from the jaw than a beard is thick, nothing was hidden.
        is_skin = np.maximum(np.clip((wide - np.abs(u)) / 0.06 + 0.5, 0, 1), np.clip((0.09 - away) / 0.03, 0, 1))
        may_change = 1 - inside * (1 - is_skin)
        near = enlarged(below.near_own) ** 2 * is_neck
        person_side = skin + (enlarged(below.own) - skin) * near[..., None]
    behind = enlarged(below.behind)
    target = behind + (person_side - behind) * inside[..., None]
    if below.has_clothes:
        cloth = enlarged(below.cloth)
        edge = np.where(
            np.abs(u) < wide, front - (front - base) * across**2, base + _SHOULDER_SLOPE * (np.abs(u) - wide)
        )
        depth = down - edge
        # A collar's upper rim is lit, and it throws a little shade on the neck.
        target[..., 0] *= 1 - 0.12 * np.exp(-np.maximum(-depth, 0) / 0.02) * inside
        cloth[..., 0] *= 1 + 0.06 * np.exp(-0.5 * ((depth - 0.012) / 0.01) ** 2)
        cloth[..., 0] *= 1 - 0.12 * np.exp(-0.5 * ((depth - _COLLAR_FACES * 0.5) / 0.006) ** 2) * (across < 1.2)
        target = target + (cloth - target) * np.clip(depth * sharp + 0.5, 0, 1)[..., None]
    jaw = _lit(bare, _JAW_LIGHT + (_CHIN_LIGHT - _JAW_LIGHT) * is_neck) + texture
    painted: FloatArray = target + (jaw - target) * rim[..., None]
    return painted.astype(np.float32), may_change.astype(np.float32)


def _relief(across: FloatArray, along: FloatArray) -> FloatArray:
    """Light on a neck's form, about 1: two muscles from below the ears to the pit, and hollows beside the throat.

    `across` and `along` are shares of half its width and of its height in front.
    """
    muscle = across - (_MUSCLE_ABOVE - _MUSCLE_SLOPE * np.clip(along, 0, 1.1))
    low = np.clip(1.6 * along, 0, 1)
    ridge = 0.07 * np.exp(-((muscle / 0.11) ** 2)) - 0.1 * np.exp(-(((muscle + 0.2) / 0.14) ** 2))
    throat = 0.05 * np.exp(-((across / 0.16) ** 2) - ((along - 0.5) / 0.3) ** 2)
    pit = 0.16 * np.exp(-((across / 0.2) ** 2) - ((along - 1) / 0.14) ** 2)
    return np.asarray(1 + low * ridge + throat - pit, np.float32)


def _lit(skin: FloatArray, light: FloatArray) -> FloatArray:
    """Shade skin; in the shade it keeps more of its color than of its lightness."""
    colored = cv2.pow(light, _COLOR_IN_SHADE)
    shaded: FloatArray = skin * cv2.merge([light, colored, colored])
    return shaded


def carried(lab: FloatArray, known: FloatArray, level_px: float | None = None, fill_known: bool = True) -> FloatArray:
    """Carry known colors over the hole, from near where something is known; at most `level_px` up and down."""
    height, width = known.shape
    weighted = cv2.merge([*cv2.split(lab * known[..., None]), known])
    result: FloatArray = mean_color(lab, known).astype(np.float32).reshape(1, 1, 3)
    for sigma in (24.0, 10.0, 4.0, 1.5) if fill_known else (24.0, 12.0):
        up_down = min(sigma, level_px or sigma)
        # What is so broad is as well found on a smaller picture.
        across, down = (max(int(part / 2), 1) for part in (sigma, up_down))
        small = cv2.resize(weighted, (-(-width // across), -(-height // down)), interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), sigma / across, sigmaY=up_down / down)
        weight = small[..., 3:]
        result = np.asarray(cv2.resize(result, small.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
        result += (small[..., :3] / np.maximum(weight, 1e-4) - result) * np.minimum(weight / 0.15, 1)
    result = np.asarray(cv2.resize(result, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    if fill_known:
        result += (lab - result) * known[..., None]
    return result
