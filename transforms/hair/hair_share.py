"""How much of a pixel in thin hair is hair, told by the colors on either side of it.

A matte fades out over the hairline; what lies there is hair or skin, pixel by pixel. On the line from the color of
what surely is none to that of the sure hair nearby each pixel tells which: else gray hair ends in a film over the
forehead.

Source: sampling-based matting, Wang & Cohen, "Optimized color sampling for robust matting" (CVPR 2007).
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.head.head_light import SKIN_SPREAD
from transforms.head.person import face_height_px
from transforms.picture.working_size import reduced, working_size

_SURE, _NONE = 0.95, 0.04
_REACH_FACES, _FACE_PX = 0.14, 72.0
"""How far around the colors on either side are looked for, and the height of the face at which they are."""
_LEAST_SEEN = 0.02
_APART, _APART_WITHIN = 0.45, 0.45
"""Distance of the two colors, in deviations of skin, from which on they tell."""
_SKIN, _HAIR = 0.12, 0.5
"""Place on the line, 0 no hair .. 1 hair, up to which a pixel is none, and from which on the matte holds. By eye."""


def hair_share(part: FloatArray, alpha: FloatArray, face: Face) -> FloatArray:
    """Return 1, or less where thin hair has the color of what lies beside it, (h, w) float32.

    Parameters
    ----------
    part : ndarray, (h, w, 3) float32
        Lab of a part of a picture; quickest as `transforms.picture.lab.planar`.
    alpha : ndarray, (h, w) float32
        Matte of the hair, 0..1.
    face : Face
        In pixels of the picture.
    """
    size_wh = (alpha.shape[1], alpha.shape[0])
    scale, small_wh = working_size(*size_wh, face_height_px(face), _FACE_PX)
    spread = SKIN_SPREAD.astype(np.float32)
    lab, matte = reduced(part, small_wh) / spread, reduced(alpha, small_wh)
    side = 2 * round(_REACH_FACES * face_height_px(face) * scale) + 1
    hair, hair_seen = _around(lab, matte > _SURE, side)
    none, none_seen = _around(lab, matte < _NONE, side)
    way = hair - none
    squared = np.maximum(cv2.transform(way * way, np.ones((1, 3))), np.float32(1e-3))
    seen = np.minimum(hair_seen, none_seen)
    told = np.clip((np.sqrt(squared) - _APART) / _APART_WITHIN, 0, 1) * np.clip(seen / _LEAST_SEEN, 0, 1)
    # How far from `_HAIR` towards none each color is: a plane of Lab, the same for all that is near.
    slope = way / (squared[..., None] * spread * np.float32(_HAIR - _SKIN))
    start = np.float32(_HAIR / (_HAIR - _SKIN)) + cv2.transform(slope * none * spread, np.ones((1, 3)))
    bare: FloatArray = cv2.resize(start, size_wh)
    for plane in range(3):
        bare -= part[..., plane] * cv2.resize(slope[..., plane], size_wh)
    bare = np.clip(bare, 0, 1) * cv2.resize(told, size_wh) * np.minimum((1 - alpha) * 10, 1)
    return np.asarray(1 - bare, np.float32)


def _around(lab: FloatArray, chosen: FloatArray, side: int) -> tuple[FloatArray, FloatArray]:
    """Mean color of the chosen pixels around each, and their share."""
    weights = chosen.astype(np.float32)
    seen = cv2.blur(weights, (side, side))
    near = cv2.blur(lab * weights[..., None], (side, side)) / np.maximum(seen, np.float32(1e-4))[..., None]
    return np.asarray(near, np.float32), np.asarray(seen, np.float32)
