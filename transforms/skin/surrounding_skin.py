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
from transforms.face.local_skin import smooth_known
from transforms.face.skin_light import SHADED_LIGHTNESS, colorfulness
from transforms.head.clothes import unlike_skin
from transforms.picture.bounds import bounds
from transforms.picture.lab import lab_of, rgb_of, unit_rgb_of
from transforms.picture.ramp import ramp
from transforms.picture.working_size import add_enlarged, part_of_picture, reduced
from transforms.plan.edit_plan import EditPlan
from transforms.skin.face_surroundings import FaceSurroundings, look_around
from transforms.skin.following_skin import face_positions, falling
from transforms.skin.plain_surroundings import closed, unfolded, unspotted
from transforms.skin.spots import PIGMENTS, mottle_layer
from transforms.wrinkles.neck_lines import neck_shade

_COLOR_REACH_FACES, _TEXTURE_REACH_FACES = 0.3, 0.8
_COLOR_LIMIT = 10.0
_SPOTS_REACH_FACES, _EARS_KEPT, _EARS = 0.6, 0.8, (0.22, 0.85)
"""Spots and grain go next to the face in full, whose own end at its outline, but for ears: their folds are form. They
lie between so much of the height of the face. By eye."""
_JAW, _JAWS_SHADE, _JAWS_SHADE_FACES = (0.1, 0.22), 0.42, 0.09
"""Level, from the chin, at which a face's outline is its jaw; the shade right below it, and how soon that ends."""
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
    around = look_around(edited, moved, face, person_ratio, hair, cover_ratio)
    if around is None:
        return edited
    change = _carried_color(around)
    if plan.smooth > 0:
        soft = _softened(around)
        reach = around.followed(_TEXTURE_REACH_FACES)
        change += (soft - around.after) * (reach * _SMOOTHED * min(plan.smooth, 1.0))[..., None]
        childlike = ramp(plan.smooth, 1, 2)
        if childlike:
            folded = _folded(around)
            deep = folded * (1 - around.inner) * around.near(_TEXTURE_REACH_FACES) * childlike
            change += _lifted(soft, unfolded(soft[..., 0], folded, around.face_px, _jaws_shade(around)) * deep)
            edited = unspotted(edited, _spotted(around, folded, childlike), around.picture_face_px)
    if plan.mottling > 0:
        change += _mottled(around, plan.mottling, pattern)
    if plan.wrinkles > 0:
        lines = neck_shade(edited, face, around.after, around.amount, plan.wrinkles, bool(pattern % 2))
        edited = edited if lines is None else _lined(edited, lines)
    return _laid(edited, around.after, change.astype(np.float32))


def _carried_color(around: FaceSurroundings) -> FloatArray:
    """Carry the broad change of the face's rim outward, (h, w, 3) float32 steps of Lab."""
    carried = _carried(around.after - around.before, around.rim, 0.62 * around.face_px)
    reach = around.followed(_COLOR_REACH_FACES)
    return np.asarray(np.clip(carried, -_COLOR_LIMIT, _COLOR_LIMIT) * reach[..., None])


def _softened(around: FaceSurroundings) -> FloatArray:
    """Return the picture with less texture where it follows the face, (h, w, 3) float32, Lab."""
    soft = around.after.copy()
    part = bounds(around.followed(_TEXTURE_REACH_FACES) > 0)
    if part is not None:
        for _ in range(2):
            soft[part] = cv2.bilateralFilter(soft[part], 5, 10, max(0.02 * around.face_px, 1.0))
    return soft


def _folded(around: FaceSurroundings) -> FloatArray:
    """Return where skin is or a fold in it, (h, w) float32: darker than skin, but skin lies on both its sides."""
    seen = around.seen
    folds = np.minimum(1.5 * (1 - unlike_skin(around.before, around.skin)), 1)
    return np.asarray(seen + (closed(seen) - seen) * folds)


def _jaws_shade(around: FaceSurroundings) -> FloatArray:
    """Return the light below chin and jaw, (h, w) float32, 1 in none of their shade: without it a jaw melts away."""
    level, _ = face_positions(around.points, around.away.shape)
    return np.asarray(1 - _JAWS_SHADE * falling(level, *_JAW) * np.exp(-around.away / _JAWS_SHADE_FACES), np.float32)


def _lifted(lab: FloatArray, steps: FloatArray) -> FloatArray:
    """Return the change of Lab, (h, w, 3) float32, by steps of L, (h, w): lighter alone, a fold would be gray."""
    richer = np.maximum(steps, 0) / (lab[..., 0] + np.float32(SHADED_LIGHTNESS))
    return cv2.merge([steps.astype(np.float32), lab[..., 1] * richer, lab[..., 2] * richer])


def _spotted(around: FaceSurroundings, folded: FloatArray, childlike: float) -> FloatArray:
    """Return where spots go, (h, w) float32: next to what is no skin they stay, or it would be carried in."""
    spotted = folded**2 * (1 - around.inner**2)
    spotted *= np.clip(2.2 * childlike * (1 - around.away / _SPOTS_REACH_FACES), 0, 1)
    spotted *= 1 - _EARS_KEPT * _beside(around.points, around.size_wh) * np.clip(around.away / 0.04, 0, 1)
    return np.asarray(spotted, np.float32)


def _mottled(around: FaceSurroundings, mottling: float, pattern: int) -> FloatArray:
    """Return spots of pigment as the face has, (h, w, 3) float32 steps of Lab; gray pictures get gray ones."""
    share = colorfulness(around.skin)
    colorful = np.array([1, share, share], np.float32)
    reach = around.followed(_TEXTURE_REACH_FACES)
    strength = reach * mottling * np.clip(around.skin[0] / 65, 0.3, 1.1)
    return np.asarray(_mottles(around.size_wh, around.face_px, pattern) * colorful * strength[..., None])


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
