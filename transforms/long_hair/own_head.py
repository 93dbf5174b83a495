"""A person's own head on the upright crop: how far hair and skull reach, and where the hair begins.

That is what longer hair has to cover.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.head.head_crop import FACE_PX, crop_map, crop_positions, crop_size_wh, to_crop_points, warp_area
from transforms.head.head_light import skin_share
from transforms.long_hair.hair_reach import head_reach_faces
from transforms.long_hair.hairline import hairline_faces
from transforms.picture.lab import lab_of

_OVER_FACES, _ABOVE_FACE_V = 0.03, 0.35
"""How far beyond the head hair reaches at least, and from where on all of a person is head. By eye."""


@dataclass(frozen=True, eq=False)
class HeadPlanes:
    """A head on the upright crop, planes as of `crop_positions`: (h, w) float32, 0..1.

    `person` and `hair` tell how much of a pixel is of a person, and hair; `skin` how much like skin it looks.
    """

    person: FloatArray
    hair: FloatArray
    skin: FloatArray


@dataclass(frozen=True, eq=False)
class OwnHead:
    """The head that longer hair is to cover; face heights from the middle of the skull.

    Attributes
    ----------
    reach_faces : ndarray, (13,) float32
        `hair_reach.head_reach_faces`, and a little more: a hairdo is stretched so that nothing stands out of it.
    hairline_faces : ndarray, (25,) float32
        `hairline.hairline_faces`: a hairdo is drawn down to it.
    """

    reach_faces: FloatArray
    hairline_faces: FloatArray


def head_planes(image: ImageArray, face: Face, person: FloatArray, hair: FloatArray) -> HeadPlanes:
    """Bring a head to the crop; arguments as `own_head_of`."""
    to_crop, size_wh = crop_map(face, FACE_PX), crop_size_wh(FACE_PX)
    lab = lab_of(warp_area(image, to_crop, size_wh))
    skin = skin_share(lab, lab, replace(face, landmarks_px=to_crop_points(face, to_crop)))
    seen, grown = (cv2.warpAffine(ratio, to_crop, size_wh) for ratio in (person, hair))
    return HeadPlanes(seen, grown, skin)


def own_head_of(image: ImageArray, face: Face, person: FloatArray, hair: FloatArray) -> OwnHead:
    """Measure a head.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    person, hair : ndarray, (H, W) float32
        `PersonSegmenter.person_near` and `hair_matte` of `image`.

    Returns
    -------
    OwnHead
    """
    head = head_planes(image, face, person, hair)
    u, v = crop_positions()
    # A dome may shine as the wall behind it does; beside the face clothes and hands of others are persons too.
    skull = head.person * np.where(v > _ABOVE_FACE_V, 1, np.minimum(head.skin + head.hair, 1))
    reach = head_reach_faces(head.hair, skull, u, v) + np.float32(_OVER_FACES)
    return OwnHead(reach, hairline_faces(head.hair, u, v))
