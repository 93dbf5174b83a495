"""The beard beyond the mesh: below the chin and beside the jaw, taken off down to a neck, clothes and background.

What a beard hid cannot be known. It is made up of what is seen: the neck's own skin or else the cheeks' in the shade
of a chin, the clothes where a long beard hung over them, the background beside the jaw. `hanging_beard` finds it.

Sources: normalized convolution, Knutsson and Westin (CVPR 1993), carries what is known over the hole; proportions of
the neck and its shade by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.below_chin import BelowChin, carried, look_around, paint_below
from transforms.bounds import bounds
from transforms.clothes import unlike_beard, unlike_skin
from transforms.color_models import SKIN_PATCHES, polygon_mask
from transforms.geometry import eye_corners_px
from transforms.hanging_beard import HangingBeard, LowerHead, beard_beyond, look_below
from transforms.head_crop import FACE_PX, crop_map
from transforms.lab import lab_of, rgb_of
from transforms.local_skin import near_skin
from transforms.matte import fine_matte
from transforms.skin_texture import skin_texture

_MOST_YAW_DEG = 45.0
_LEAST_APART, _SURELY_APART = 6.0, 14.0
"""Steps of Lab between a beard and what is around it, below which their mixture cannot be told."""
_SHADE_FACES = 0.2
_HAIR_FACES = 0.008
_LEAST_GRAIN = 0.1
_CHEEKS = SKIN_PATCHES[4:]


def shave_neck(image: ImageArray, face: Face, person_ratio: FloatArray, strength: float, grain: float) -> ImageArray:
    """Take off what of a beard lies beyond the mesh.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    person_ratio : ndarray, (H, W) float32
        `PersonSegmenter.person_near(image, face)`.
    strength : float
        0 nothing .. 1 all of it.
    grain : float
        How much of the cheeks' texture the made up skin gets, 0..1.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB
        `image` itself where there is no such beard.
    """
    strength = min(strength, 1.0) * min(max((_MOST_YAW_DEG - abs(face.pose.yaw_deg)) / 10, 0.0), 1.0)
    if strength <= 0:
        return image
    to_crop = crop_map(face, FACE_PX)
    head = look_below(image, face, person_ratio, to_crop)
    beard = beard_beyond(head) if head is not None else None
    if head is None or beard is None:
        return image
    coarse, is_long = beard.amount, beard.is_long
    amount = np.clip(1.25 * fine_matte(coarse, head.crop, image, face, to_crop), 0, 1) * np.float32(strength)
    part = bounds(amount > 0.004)
    if part is None:
        return image
    left, top = part[1].start, part[0].start
    lab = lab_of(image[part])
    size_wh = (lab.shape[1], lab.shape[0])
    shift = to_crop.copy()
    shift[:, 2] += to_crop[:, :2] @ np.array((left, top))
    below = look_around(head, beard)
    layer, may_change = paint_below(
        head,
        below,
        is_long,
        face.landmarks_px[:, :2] - (left, top),
        size_wh,
        shift,
        _texture(image, face, size_wh, grain),
    )
    amount = amount[part] * may_change * _unmixed(lab, head, coarse, below, shift)
    amount *= 1 - _clothed(lab, head, beard, shift)
    result = image.copy()
    result[part] = rgb_of(lab + (layer - lab) * amount[..., None])
    return result


def _unmixed(
    lab: FloatArray, head: LowerHead, beard: FloatArray, below: BelowChin, to_crop: FloatArray
) -> FloatArray:
    """Tell beard from collar, neck and background near its border: where a pixel lies between the colors of both."""
    size_wh = (lab.shape[1], lab.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sure = np.clip(2 * cv2.erode(beard, np.ones((3, 3))) - 1, 0, 1)
    hair = carried(head.lab, sure.astype(np.float32), fill_known=False)
    person = np.clip((head.person - 0.35) / 0.3, 0, 1)[..., None]
    around = below.behind + (below.own - below.behind) * person
    # Beside a gray beard what is black under the chin is its shade.
    shade = (np.abs(head.across) < 0.9 * below.half_width_faces) & (head.down < _SHADE_FACES) & (head.down > -0.15)
    shaded = shade * np.clip((hair[..., 0] - around[..., 0]) / 10, 0, 1) * (head.person > 0.5)
    near_seen = below.near * (1 - cv2.GaussianBlur(shaded.astype(np.float32), (0, 0), 1.5))
    planes = cv2.merge([*cv2.split(hair - around), *cv2.split(around), near_seen, person[..., 0]])
    large = cv2.warpAffine(planes, to_crop, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    apart, seen, near = large[..., :3], large[..., 3:6], large[..., 6]
    # Of background whatever is tinged by hairs may go, of clothes only what hairs hide.
    least, width = 0.03 + 0.07 * large[..., 7], 0.2 + 0.15 * large[..., 7]
    square = (apart**2).sum(axis=2)
    share = (((lab - seen) * apart).sum(axis=2) / np.maximum(square, 1)).astype(np.float32)
    share = cv2.GaussianBlur(share, (0, 0), 0.7)
    told = np.clip((np.sqrt(square) - _LEAST_APART) / (_SURELY_APART - _LEAST_APART), 0, 1) * np.clip(
        1.5 * near, 0, 1
    )
    gate: FloatArray = 1 - told * (1 - np.clip((share - least) / width, 0, 1))
    return gate


def _clothed(lab: FloatArray, head: LowerHead, beard: HangingBeard, to_crop: FloatArray) -> FloatArray:
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


def _texture(image: ImageArray, face: Face, size_wh: tuple[int, int], grain: float) -> FloatArray:
    points = face.landmarks_px[:, :2]
    corners = points[[corner for cheek in _CHEEKS for corner in cheek]]
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (image.shape[1], image.shape[0]))
    if grain < _LEAST_GRAIN or (high - low < 4).any():
        return np.zeros((size_wh[1], size_wh[0], 3), np.float32)
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    cheeks = np.maximum(*(polygon_mask(points - low, cheek, size, 0) for cheek in _CHEEKS))
    lab = lab_of(image[low[1] : high[1], low[0] : high[0]])
    skin = np.median(lab[cheeks > 0.5], axis=0).astype(np.float32) if (cheeks > 0.5).any() else lab.mean(axis=(0, 1))
    return skin_texture(lab, cheeks * near_skin(lab, skin), eye_corners_px(points), size_wh) * np.float32(grain)
