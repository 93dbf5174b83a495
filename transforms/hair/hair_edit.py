"""Hair of the head, grayed or given its pigment back, in the part of the picture where the matte finds it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.hair.hair_color import gray_hair
from transforms.hair.hair_pigment import hair_beside_skin, hair_grayness, pigment_hair
from transforms.hair.hair_rim import rim_reach_px, without_rim
from transforms.head.head_light import skin_color, skin_share
from transforms.head.person import face_height_px
from transforms.picture.bounds import bounds
from transforms.picture.color_models import median_color
from transforms.picture.lab import bytes_of, lab_of, planar, unit_rgb_of
from transforms.picture.ramp import ramp
from transforms.picture.veil import Veil
from transforms.picture.working_size import reduced, working_size

_GRAY_SHARE, _MOST_GRAY = 0.75, 0.95
_LEAST_MATTE, _SURE_MATTE = 0.01, 0.6
_SIDEBURN_FACES = 0.2
_JUDGED_FACE_PX = 160.0
"""Height of the face at which it is told whether hair is gray."""
_LEAST_GROWN = 0.04
"""Area of sure hair in squared face heights; a short cut has about 0.3."""
_THIN_MATTE, _LEAST_WHOLE, _WHOLE = 0.05, 0.42, 0.54
"""Share of sure hair in all that may be hair: 0.59 to 0.75 on heads of white hair, 0.44 at most on bare ones."""
_RIM_ALLOWED, _APART, _APART_WITHIN, _COLORLESS, _COLORLESS_WITHIN = 0.2, 25.0, 10.0, 0.16, 0.04
"""How much of that share a color unlike the skin's makes up for: steps of Lab between them, chroma by lightness."""


def recolor_hair(
    image: ImageArray, matte: FloatArray, face: Face, strength: float, veil: Veil, parted: float = 1.0
) -> ImageArray:
    """Gray the hair (positive) or give gray hair its color back (negative).

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    matte : ndarray, (h, w) float32
        `transforms.hair.hair_matte.hair_matte` of the picture before its skin was painted.
    face : Face
        In pixels of `image`.
    strength : float
        1 is a person of about 70; -1 a child.
    veil : Veil
        What lies over the face lies over its hair too.
    parted : float
        See `transforms.hair.hair_color.gray_hair`.

    Returns
    -------
    ndarray, (h, w, 3) uint8, RGB
    """
    if not strength:
        return image
    reach_px = rim_reach_px(face_height_px(face))
    found = bounds(matte > _LEAST_MATTE, 2 * reach_px if strength > 0 else 0)
    if found is None:
        return image
    rows, columns = found
    left, top = columns.start, rows.start
    # What is given color may reach a little beyond: down the sideburns.
    below = round(_SIDEBURN_FACES * face_height_px(face)) if strength < 0 else 0
    rows = slice(top, min(rows.stop + below, image.shape[0]))
    part, alpha = image[rows, columns], np.ascontiguousarray(matte[rows, columns])
    box = replace(face.box, left=face.box.left - left, top=face.box.top - top)
    here = replace(face, landmarks_px=face.landmarks_px - np.array([left, top, 0], np.float32), box=box)
    room = 1.0 if strength > 0 else _room_for_color(part, alpha, here, veil)
    if not room:
        return image
    lab = planar(lab_of(veil.lifted(part)))
    if strength > 0:
        amount = min(_GRAY_SHARE * strength, _MOST_GRAY)
        colored = without_rim(gray_hair(lab, alpha, amount, here, parted), lab, alpha, amount, here)
    else:
        colored = pigment_hair(lab, hair_beside_skin(lab, alpha, here), min(-strength, 1.0) * room, here)
    painted = bytes_of(veil.laid(unit_rgb_of(colored)))
    result = image.copy()
    away = np.abs(colored - lab)
    changed = (away[..., 0] + away[..., 1] + away[..., 2] > 0.05).view(np.uint8)
    result[rows, columns] = cv2.copyTo(painted, changed, part.copy())
    return result


def _room_for_color(part: ImageArray, matte: FloatArray, face: Face, veil: Veil) -> float:
    """Tell on a smaller picture how much hair there is to be given color, 0 where none of it is gray .. 1."""
    height, width = part.shape[:2]
    scale, size_wh = working_size(width, height, face_height_px(face), _JUDGED_FACE_PX)
    lab = planar(lab_of(veil.lifted(reduced(part, size_wh))))
    alpha = reduced(matte, size_wh)
    here = replace(face, landmarks_px=face.landmarks_px * np.float32(scale))
    if not hair_grayness(lab, hair_beside_skin(lab, alpha, here), here):
        return 0.0
    colored_px = float((alpha * (1 - skin_share(lab, lab, here)) > _SURE_MATTE).sum())
    # A few patches on a head are the shine of its skin, and so is a matte that is thin nearly everywhere.
    grown = colored_px / face_height_px(here) ** 2
    room = ramp(grown, _LEAST_GROWN, 2 * _LEAST_GROWN)
    whole = colored_px / float((alpha > _THIN_MATTE).sum() + 1)
    whole += _RIM_ALLOWED * _unlike_skin(lab, alpha, here)
    return room * ramp(whole, _LEAST_WHOLE, _WHOLE)


def _unlike_skin(lab: FloatArray, matte: FloatArray, face: Face) -> float:
    """Tell whether hair is surely gray hair, 0..1: a rim of it about a bald crown, not the crown's own shade."""
    hair = matte > _SURE_MATTE
    if not hair.any():
        return 0.0
    color = median_color(lab, hair)
    apart = float(np.linalg.norm(color - skin_color(lab, face)))
    colorless = _COLORLESS - float(np.hypot(color[1], color[2])) / max(float(color[0]), 1.0)
    return ramp(apart, _APART, _APART + _APART_WITHIN) * ramp(colorless, 0, _COLORLESS_WITHIN)
