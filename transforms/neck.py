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
from transforms.canonical_layers import OVAL
from transforms.color_models import mean_color, polygon_mask
from transforms.hanging_beard import LowerHead, beard_beyond, look_below
from transforms.head_crop import FACE_PX, crop_map
from transforms.lab import lab_of, rgb_of
from transforms.matte import fine_matte
from transforms.skin import film_grain

_MOST_YAW_DEG = 45.0
_NECK_HALF_WIDTH = 0.39
"""Against the width of the face."""
_NECKLINE_FACES = 0.40
_NECK_LIGHT, _UNDER_CHIN_LIGHT, _EDGE_LIGHT = 0.86, 0.70, 0.82
_SHADE_FACES = 0.14
_LEAST_SEEN_PX = 40
_NEAR_PX, _LEVEL_PX = 4.0, 1.2


def shave_neck(image: ImageArray, face: Face, person_ratio: FloatArray, strength: float) -> ImageArray:
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
    coarse, is_long = beard
    amount = np.clip(1.25 * fine_matte(coarse, head.crop, image, face, to_crop), 0, 1) * np.float32(strength)
    left, top, wide, high = (int(side) for side in cv2.boundingRect((amount > 0.004).view(np.uint8)))
    if not wide:
        return image
    part = np.s_[top : top + high, left : left + wide]
    lab = lab_of(image[part])
    layer = _without(
        head, coarse, is_long, face.landmarks_px[:, :2] - (left, top), (wide, high), to_crop, (left, top)
    )
    layer[..., 0] += film_grain(high, wide) * np.float32(0.7)
    result = image.copy()
    result[part] = rgb_of(lab + (layer - lab) * amount[part][..., None])
    return result


def _without(
    head: LowerHead,
    beard: FloatArray,
    is_long: bool,
    landmarks: FloatArray,
    size_wh: tuple[int, int],
    to_crop: FloatArray,
    origin: tuple[int, int],
) -> FloatArray:
    """Paint jaw, neck, clothes and what is behind on a part of the picture, (h, w, 3) float32 Lab."""
    hole = cv2.dilate((beard > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    known = ~hole & (head.oval < 0.5) & (head.inside > 0.5)
    half = _NECK_HALF_WIDTH * float(np.linalg.norm(head.points[454] - head.points[234])) / FACE_PX
    like_skin = (np.abs(head.lab - head.skin) / (45, 9, 10)).max(axis=2) < 1
    # The neck: its own skin where some is seen, else the cheeks'. Beside a long beard no neck is seen.
    own_neck = known & like_skin & (np.abs(head.u) < half) & (np.abs(head.down - 0.4) < 0.35) & (head.person > 0.5)
    neck = head.skin * np.array([_NECK_LIGHT, 0.95, 0.95], np.float32)
    if not is_long and int(own_neck.sum()) > _LEAST_SEEN_PX:
        neck = np.median(head.lab[own_neck], axis=0).astype(np.float32)
        neck[0] = min(max(float(neck[0]), 0.6 * float(head.skin[0])), float(head.skin[0]))
    # What a short beard hides within the silhouette is the neck.
    seen = known & (~like_skin | (head.person <= 0.5)) if is_long else known & (head.person < 0.3)
    # A wide hole shows its filling: from the side, at the same height, walls and horizons go on.
    behind = _carried(head.lab, seen.astype(np.float32), _LEVEL_PX if is_long else None)
    around = _carried(head.lab, known.astype(np.float32))
    near = np.clip(cv2.GaussianBlur(known.astype(np.float32), (0, 0), _NEAR_PX) / 0.3, 0, 1) * np.float32(is_long)
    clothes = known & (np.abs(head.u) > 0.35) & (head.down > 0.4) & (head.person > 0.6) & ~like_skin
    shift = to_crop.copy()
    shift[:, 2] += to_crop[:, :2] @ np.array(origin)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def enlarged(plane: FloatArray) -> FloatArray:
        return cv2.warpAffine(plane.astype(np.float32), shift, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)

    target, u, down = enlarged(behind), enlarged(head.u), enlarged(head.down)
    face_px = FACE_PX / float(np.hypot(*to_crop[0, :2]))
    soft = max(0.008 * face_px, 0.7)
    wide = half * (1 + 0.3 * np.clip((down - 0.2) / 0.4, 0, 1) ** 2)
    across = np.abs(u) / wide
    under = np.exp(-np.maximum(down + 0.3 * across**2 * half, 0) / _SHADE_FACES)
    light = (1 - (1 - _UNDER_CHIN_LIGHT) * under) * (1 - (1 - _EDGE_LIGHT) * np.minimum(across, 1) ** 2)
    throat = np.dstack([neck[0] * light, *(neck[k] * (0.4 + 0.6 * light) for k in (1, 2))])
    sharp = face_px / soft / 2
    inside = np.clip((wide - np.abs(u)) * sharp + 0.5, 0, 1) * np.clip((down + 0.3) / 0.05, 0, 1)
    if not is_long:
        inside = np.clip((enlarged(head.person) - 0.5) / 0.3, 0, 1)
    elif int(clothes.sum()) > _LEAST_SEEN_PX:
        cloth = np.median(head.lab[clothes], axis=0).astype(np.float32)
        neckline = _NECKLINE_FACES - 0.14 * np.minimum(across, 1.5) ** 2
        covered = np.clip((down - neckline) * sharp + 0.5, 0, 1)[..., None]
        throat = throat + (cloth - throat) * covered
        below = np.clip((down - 0.3) / 0.05, 0, 1) * np.clip((0.62 - np.abs(u)) / 0.1, 0, 1)
        target = target + (cloth - target) * below[..., None]
    target = target + (throat - target) * inside[..., None]
    target = target + (enlarged(around) - target) * enlarged(near)[..., None]
    rim = polygon_mask(landmarks, OVAL, size_wh, soft)[..., None]
    jaw = head.skin * np.array([0.84, 1, 1], np.float32)
    painted: FloatArray = target + (jaw - target) * rim
    return painted.astype(np.float32)


def _carried(lab: FloatArray, known: FloatArray, level_px: float | None = None) -> FloatArray:
    """Carry known colors over the hole, from near where something is known; at most `level_px` up and down."""
    result = np.broadcast_to(mean_color(lab, known).astype(np.float32), lab.shape)
    for sigma in (24.0, 10.0, 4.0, 1.5):
        up_down = min(sigma, level_px or sigma)
        weight = cv2.GaussianBlur(known, (0, 0), sigma, sigmaY=up_down)
        mean = (
            cv2.GaussianBlur(lab * known[..., None], (0, 0), sigma, sigmaY=up_down)
            / np.maximum(weight, 1e-4)[..., None]
        )
        result = result + (mean - result) * np.clip(weight / 0.15, 0, 1)[..., None]
    carried: FloatArray = result + (lab - result) * known[..., None]
    return carried.astype(np.float32)
