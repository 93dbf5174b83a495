"""The beard that is seen, on the face and beyond it, as one soft matte.

The face's own part is what differs from its skin in color and texture (`bearded_chin`). Only what is as dense as hair
counts: neither stubble nor the shade of a chin. By eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.beard.bearded_chin import bearded_chin
from transforms.beard.hanging_beard import beard_beyond
from transforms.face.landmark_ids import BEARD, CHIN, LIPS
from transforms.face.local_skin import near_skin, smooth_known
from transforms.face.skin_light import SHADED_LIGHTNESS
from transforms.head.head_crop import shifted
from transforms.head.lower_head import LowerHead, look_below
from transforms.head.matte import fine_matte
from transforms.picture.bounds import bounds
from transforms.picture.color_models import median_color, polygon_mask, skin_patches
from transforms.picture.lab import lab_of
from transforms.picture.ramp import ramp

_HAIRY, _DARKER, _COLORED = 0.5, 0.5, 14.0
_STUBBLE, _DENSE = 1.15, 1.35
_SKIN, _HAIR = 0.6, 1.2
"""How much hides the skin: darkness by the skin's lightness, and steps of a* and b*, that count for one, summed.
Means of stubble have at most 1.15, of beards that hide the skin 1.3 to 2."""
_TINY_FACE_PX, _MAYBE = 40, 0.95
"""Height of the face of the tiny picture, and the mean there from which on there may be a beard."""
_NOBODY = 0.25
"""Share of person up to which a beard before it is none."""


def beard_matte(image: ImageArray, face: Face, person_ratio: FloatArray) -> FloatArray | None:
    """Find a beard.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    person_ratio : ndarray, (H, W) float32

    Returns
    -------
    ndarray, (H, W) float32, or None
        0..1; None where there is none that covers skin.
    """
    if not _may_be_bearded(image, face):
        return None
    head = look_below(image, face, person_ratio)
    if head is None:
        return None
    chin = bearded_chin(head)
    if chin is None:
        return None
    skin = _skin_nearby(head, chin.bare)
    share = _covering_ratio(_hides(head.lab, skin)[chin.on_face > _HAIRY])
    beyond = beard_beyond(head, chin) if share else None
    if beyond is None:
        return None
    found = np.maximum(chin.on_face, beyond.amount) * np.float32(share)
    matte = fine_matte(found.astype(np.float32), head.crop, image, face, head.to_crop, head.person)
    if not beyond.is_long:
        return _without_skin(matte, image, skin, head.to_crop)
    # A long beard lets no skin through, but its light strands may have the color of skin; what is shaved with it of
    # the wall behind is no beard.
    matte *= np.clip((person_ratio - _NOBODY) / 0.4, 0, 1)
    return matte


def _without_skin(matte: FloatArray, image: ImageArray, skin: FloatArray, to_crop: FloatArray) -> FloatArray:
    """Take skin that shows between hairs, by its color nearby on the crop, out of a matte, which is changed."""
    part = bounds(matte > 0)
    if part is None:
        return matte
    rows, columns = part
    to_part = shifted(to_crop, rows.start, columns.start)
    wh = (columns.stop - columns.start, rows.stop - rows.start)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    near = cv2.warpAffine(skin, to_part, wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    hides = cv2.GaussianBlur(_hides(lab_of(image[part]), near), (0, 0), 0.8)
    matte[part] *= np.clip((hides - _SKIN) / (_HAIR - _SKIN), 0, 1)
    return matte


def _covering_ratio(hides: FloatArray) -> float:
    """Tell how far hairs hide the skin, 0 stubble .. 1, by those of the face, (N,)."""
    mean = float(hides.mean()) if hides.size else 0.0
    return ramp(mean, _STUBBLE, _DENSE)


def _skin_nearby(head: LowerHead, bare: FloatArray) -> FloatArray:
    """Carry the color of bare skin over the beard."""
    size_wh = (head.lab.shape[1], head.lab.shape[0])
    known = head.oval * bare * (1 - polygon_mask(head.points, BEARD, size_wh, 0)) * near_skin(head.lab, head.skin)
    return smooth_known(head.lab, known, float(np.linalg.norm(head.points[33, :2] - head.points[263, :2])))


def _may_be_bearded(image: ImageArray, face: Face) -> bool:
    """Compare the chin with the cheeks on a tiny picture: nobody else is worth a longer look."""
    low = np.maximum(face.landmarks_px[:, :2].min(axis=0).astype(int), 0)
    high = face.landmarks_px[:, :2].max(axis=0).astype(int) + 2
    part = image[low[1] : high[1], low[0] : high[0]]
    scale = _TINY_FACE_PX / max(part.shape[:2]) if part.size else 0
    size_wh = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    if min(size_wh) < _TINY_FACE_PX // 4:
        return False
    lab = lab_of(cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA))
    points = (face.landmarks_px[:, :2] - low) * scale
    patches = skin_patches(lab, points)
    chin = polygon_mask(points, CHIN, size_wh, 0) * (1 - polygon_mask(points, LIPS, size_wh, 0)) > 0.5
    if not patches or not chin.any():
        return False
    return float(_hides(lab, median_color(lab, np.any(patches, axis=0)))[chin].mean()) > _MAYBE


def _hides(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """Tell by how much a color differs from the skin's, both (..., 3), in more than light."""
    shade = (lab[..., 0] + SHADED_LIGHTNESS) / (skin[..., 0] + SHADED_LIGHTNESS)
    color = lab[..., 1:] - skin[..., 1:] * shade[..., None]
    darker = 1 - lab[..., 0] / np.maximum(skin[..., 0], 15)
    return np.asarray(darker / _DARKER + cv2.magnitude(color[..., 0], color[..., 1]) / _COLORED, np.float32)
