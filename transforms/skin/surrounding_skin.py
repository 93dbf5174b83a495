"""Skin beyond the mesh (upper forehead, ears, neck) follows what was done to the face, so that no seam shows.

The broad change of color is carried outward from the rim of the face, fine texture is smoothed or mottled as in the
face; both fade with the distance, and nothing happens on hair, clothes and background.

Source: normalized convolution, Knutsson and Westin (CVPR 1993). Distances and strengths by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from quality.half_precision import single
from transforms.face.landmark_ids import LEFT_BROW, LEFT_EYE, LIPS, OVAL, RIGHT_BROW, RIGHT_EYE
from transforms.face.local_skin import near_skin, smooth_known
from transforms.face.skin_light import colorfulness
from transforms.head.clothes import unlike_skin
from transforms.head.person import face_height_px
from transforms.picture.bounds import bounds
from transforms.picture.color_models import median_color, polygon_mask, skin_patches
from transforms.picture.lab import lab_of, rgb_of, unit_rgb_of
from transforms.picture.ramp import ramp
from transforms.picture.working_size import add_enlarged, part_of_picture, reduced, working_size
from transforms.plan.edit_plan import EditPlan
from transforms.skin.following_skin import face_positions, following_skin
from transforms.skin.plain_surroundings import closed, unfolded, unspotted
from transforms.skin.spots import PIGMENTS, mottle_layer
from transforms.wrinkles.neck_lines import neck_shade

_WORK_FACE_PX = 80.0
_COLOR_REACH_FACES, _TEXTURE_REACH_FACES = 0.3, 0.8
_RIM_FACES = 0.3
"""The part of the face next to its outline whose change is carried on."""
_COLOR_LIMIT = 10.0
_SPOTS_REACH_FACES, _EARS_KEPT, _EARS = 0.6, 0.8, (0.22, 0.85)
"""Spots and grain go next to the face in full, whose own end at its outline, but for ears: their folds are form. They
lie between so much of the height of the face. By eye."""
_SMOOTHED = 0.85
_LAYER_FACE_PX = 256.0
_SEEN, _LEAST_STEP = 0.1, 0.05
"""Steps of Lab, all three together and each alone, below which a change is none."""


def follow_face(
    edited: ImageArray,
    moved: ImageArray,
    face: Face,
    plan: EditPlan,
    person_ratio: FloatArray,
    hair: FloatArray,
    pattern: int,
    cover_ratio: FloatArray | None = None,
) -> ImageArray:
    """Carry the edit of a face to the skin around it.

    Parameters
    ----------
    edited, moved : ndarray, (h, w, 3) uint8, RGB
        After and before the face was painted.
    face : Face
        In pixels of both.
    plan : EditPlan
    person_ratio, hair : ndarray, (h, w) float32
        Share of person and of hair.
    pattern : int
        Of the mottling, as `FaceWindow.pattern`.
    cover_ratio : ndarray, (S, S) float32, or None
        What covers the face, in `canonical_frame(S)`: below a chin that is held, what looks like skin is a hand.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
        Equal to `edited` on the face itself and beyond its surroundings.
    """
    height, width = edited.shape[:2]
    face_px = face_height_px(face)
    scale, size_wh = working_size(width, height, face_px, _WORK_FACE_PX)
    points = (face.landmarks_px[:, :2] + 0.5) * np.array(size_wh) / (width, height) - 0.5
    before, after = (lab_of(reduced(picture, size_wh)) for picture in (moved, edited))
    patches = skin_patches(before, points)
    if not patches:
        return edited
    small_px = face_px * scale
    skin = median_color(before, np.any(patches, axis=0))
    shown = np.clip((reduced(person_ratio, size_wh) - 0.4) / 0.4, 0, 1)
    shown *= np.clip(1 - 2 * cv2.dilate(reduced(hair, size_wh), np.ones((3, 3))), 0, 1)
    oval = polygon_mask(points, OVAL, size_wh, 0)
    inner = np.clip(1.6 * cv2.GaussianBlur(oval, (0, 0), 0.03 * small_px) - 0.6, 0, 1)
    away = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / small_px
    shown *= following_skin(points, away, cover_ratio)
    deep = cv2.distanceTransform((oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5) / small_px
    like = near_skin(before, skin)
    features = sum(
        polygon_mask(points, ids, size_wh, 0.02 * small_px)
        for ids in (LIPS, LEFT_EYE, RIGHT_EYE, LEFT_BROW, RIGHT_BROW)
    )
    rim = oval * np.clip((deep - 0.05) / 0.04, 0, 1) * np.clip((_RIM_FACES - deep) / 0.1, 0, 1)
    rim = (rim * like * np.clip(1 - 2 * features, 0, 1)).astype(np.float32)
    if float(rim.sum()) < 1:
        return edited
    seen = like * shown
    amount = seen * (1 - inner)
    broad = np.clip(_carried(after - before, rim, 0.62 * small_px), -_COLOR_LIMIT, _COLOR_LIMIT)
    change = broad * (amount * np.clip(1 - away / _COLOR_REACH_FACES, 0, 1))[..., None]
    reach = amount * np.clip(1 - away / _TEXTURE_REACH_FACES, 0, 1)
    if plan.smooth > 0:
        soft = after.copy()
        part = bounds(reach > 0)
        if part is not None:
            for _ in range(2):
                soft[part] = cv2.bilateralFilter(soft[part], 5, 10, max(0.02 * small_px, 1.0))
        change += (soft - after) * (reach * _SMOOTHED * min(plan.smooth, 1.0))[..., None]
        childlike = ramp(plan.smooth, 1, 2)
        if childlike:
            # A deep fold is darker than what else is told to be skin, but skin lies on both its sides.
            folded = seen + (closed(seen) - seen) * np.minimum(1.5 * (1 - unlike_skin(before, skin)), 1)
            near = np.clip(1 - away / _TEXTURE_REACH_FACES, 0, 1)
            change[..., 0] += unfolded(soft[..., 0], folded, small_px) * (folded * (1 - inner) * near * childlike)
            # Next to what is no skin spots are left: what replaces them would carry it in.
            spotted = folded**2 * (1 - inner**2) * np.clip(2.2 * childlike * (1 - away / _SPOTS_REACH_FACES), 0, 1)
            spotted *= 1 - _EARS_KEPT * _beside(points, size_wh) * np.clip(away / 0.04, 0, 1)
            edited = unspotted(edited, spotted.astype(np.float32), small_px / scale)
    if plan.mottling > 0:
        share = colorfulness(skin)
        colorful = np.array([1, share, share], np.float32)
        change += (
            _mottles(size_wh, small_px, pattern)
            * colorful
            * (reach * plan.mottling * np.clip(skin[0] / 65, 0.3, 1.1))[..., None]
        )
    lines = neck_shade(edited, face, after, amount, plan.wrinkles, bool(pattern % 2)) if plan.wrinkles > 0 else None
    if lines is not None:
        edited = _lined(edited, lines)
    return _laid(edited, after, change.astype(np.float32))


def _carried(change: FloatArray, known: FloatArray, eyes_px: float) -> FloatArray:
    """Carry a change over what surrounds it, on half the size: it is broad."""
    height, width = known.shape
    half_wh = ((width + 1) // 2, (height + 1) // 2)
    half = smooth_known(reduced(change, half_wh), reduced(known, half_wh), eyes_px / 2)
    return np.asarray(cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _beside(points: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Return 1 at the level of the ears, (h, w) float32."""
    level, _ = face_positions(points, size_wh[::-1])
    low, high = _EARS
    beside: FloatArray = np.clip((level - low) / 0.08, 0, 1) * np.clip((high - level) / 0.08, 0, 1)
    return beside


def _mottles(size_wh: tuple[int, int], face_px: float, pattern: int) -> FloatArray:
    layer = mottle_layer(pattern % PIGMENTS)
    step = _LAYER_FACE_PX / face_px
    to_layer = np.array([[step, 0, 0], [0, step, 0]], np.float64)
    mottles: FloatArray = cv2.warpAffine(
        cv2.GaussianBlur(single(layer), (0, 0), max(0.4 * step, 0.3)),
        to_layer,
        size_wh,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    return mottles


def _laid(picture: ImageArray, after: FloatArray, change: FloatArray) -> ImageArray:
    """Add what changes in a small picture, `after`, to the large one; both in Lab."""
    changed = bounds(np.add.reduce(cv2.split(np.abs(change))) > _SEEN)
    if changed is None:
        return picture
    levels = 255 * (unit_rgb_of(after + change) - unit_rgb_of(after))
    return add_enlarged(picture, levels, part_of_picture(changed, change.shape[1::-1], picture.shape[1::-1]))


def _lined(picture: ImageArray, lines: tuple[tuple[slice, slice], FloatArray]) -> ImageArray:
    """Darken a part of a picture by steps of Lab, in the few pixels where there are any."""
    part, shade = lines
    limit = np.full(3, _LEAST_STEP)
    seen = np.flatnonzero(cv2.inRange(shade, -limit, limit) == 0)
    if not seen.size:
        return picture
    pixels = picture[part].copy().reshape(-1, 3)
    pixels[seen] = rgb_of(lab_of(pixels[None, seen]) + shade.reshape(-1, 3)[seen])[0]
    result = picture.copy()
    result[part] = pixels.reshape(shade.shape)
    return result
