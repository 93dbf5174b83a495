"""The beard beyond the mesh: below the chin and beside the jaw, taken off down to a neck, clothes and background.

What a beard hid cannot be known. It is made up of what is seen: the neck's own skin or else the cheeks' in the shade
of a chin, the clothes where a long beard hung over them, the background beside the jaw. `hanging_beard` finds it.

Sources: normalized convolution, Knutsson and Westin (CVPR 1993), carries what is known over the hole; proportions of
the neck and its shade by eye.
"""

from __future__ import annotations

import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.beard.beard_edge import clothed, unmixed
from transforms.beard.bearded_chin import bearded_chin
from transforms.beard.below_chin import look_around
from transforms.beard.hanging_beard import beard_beyond
from transforms.beard.painted_neck import paint_below
from transforms.face.geometry import eye_corners_px
from transforms.face.local_skin import near_skin
from transforms.face.skin_texture import skin_texture
from transforms.head.head_crop import shifted
from transforms.head.lower_head import look_below
from transforms.head.matte import fine_matte
from transforms.picture.blending import laid_over
from transforms.picture.bounds import bounds
from transforms.picture.color_models import SKIN_PATCHES, polygon_mask
from transforms.picture.lab import lab_of, rgb_of
from transforms.picture.ramp import ramp

_MOST_YAW_DEG = 45.0
_LEAST_GRAIN = 0.1
_CHEEKS = SKIN_PATCHES[4:]


def shave_neck(
    image: ImageArray, face: Face, person_ratio: FloatArray, strength: float, grain: float, likely: float = 1.0
) -> ImageArray:
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
    likely : float
        0 hardly any beard is to be expected .. 1.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB
        `image` itself where there is no such beard.
    """
    strength = min(strength, 1.0) * ramp(abs(face.pose.yaw_deg), _MOST_YAW_DEG, _MOST_YAW_DEG - 10)
    if strength <= 0:
        return image
    head = look_below(image, face, person_ratio)
    chin = bearded_chin(head, likely) if head is not None else None
    if head is None or chin is None:
        return image
    beard = beard_beyond(head, chin)
    if beard is None:
        return image
    coarse, is_long = beard.amount, beard.is_long
    amount = np.clip(1.25 * fine_matte(coarse, head.crop, image, face, head.to_crop), 0, 1) * np.float32(strength)
    part = bounds(amount > 0.004)
    if part is None:
        return image
    left, top = part[1].start, part[0].start
    lab = lab_of(image[part])
    size_wh = (lab.shape[1], lab.shape[0])
    shift = shifted(head.to_crop, top, left)
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
    amount = amount[part] * may_change * unmixed(lab, head, coarse, below, shift)
    amount *= 1 - clothed(lab, head, beard, shift)
    result = image.copy()
    result[part] = rgb_of(laid_over(lab, layer, amount))
    return result


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
