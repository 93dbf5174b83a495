"""Where in a hairdo the strands about a head come from.

Between the rim of the face they come from and that of the face they go to, they are moved by inverse distances
(Shepard 1968).
"""

from __future__ import annotations

import numpy as np

from quality.face import Face, FloatArray
from transforms.face.landmark_ids import OVAL
from transforms.head.head_crop import REACH_FACES, crop_map, crop_size_wh, to_crop_points
from transforms.long_hair.hair_reach import narrowed, stretched_faces, unnarrowed_faces
from transforms.long_hair.hairdo import FACE_PX, Hairdo
from transforms.long_hair.hairline import drawn_down_faces
from transforms.long_hair.own_head import OwnHead

_REACH_FACES = 0.12


def strand_sources(
    chosen: Hairdo, at: FloatArray, face: Face, is_mirrored: bool, own_head: OwnHead
) -> tuple[FloatArray, FloatArray]:
    """Tell where places of a head's crop come from.

    Parameters
    ----------
    chosen : Hairdo
    at : ndarray, (h, w, 2)
        In pixels of the upright crop of this head whose face is `FACE_PX` high.
    face : Face
    is_mirrored : bool
        Parted on the other side.
    own_head : OwnHead

    Returns
    -------
    sources : ndarray, (h, w, 2) float32
        In pixels of `chosen.strands`.
    within_faces : ndarray, (h, w) float32
        As `hairline.drawn_down_faces` tells it.
    """
    rim = to_crop_points(face, crop_map(face, FACE_PX))[list(OVAL)]
    width, middle = crop_size_wh(FACE_PX)[0], REACH_FACES[:2]
    its_rim, from_rim, reach = chosen.rim_px, chosen.from_rim_faces, chosen.reach_faces
    if is_mirrored:
        its_rim = np.roll(its_rim[::-1], 1, axis=0) * (-1, 1) + (width - 1, 0)
        from_rim, reach = from_rim[::-1], reach[::-1]
    yaw_deg, rim_faces = face.pose.yaw_deg, rim / FACE_PX - middle
    reach = narrowed(reach, yaw_deg)
    outermost = np.maximum(reach, own_head.reach_faces)
    drawn, within = drawn_down_faces(
        at / FACE_PX - middle, rim_faces, from_rim, outermost, own_head.hairline_faces, yaw_deg
    )
    at = at - drawn * FACE_PX
    near, away = at.reshape(-1, 2).astype(np.float32), rim.astype(np.float32)
    apart = (
        (near[:, :1] - away[:, 0]) ** 2 + (near[:, 1:] - away[:, 1]) ** 2 + np.float32((_REACH_FACES * FACE_PX) ** 2)
    )
    weights = 1 / (apart * np.sqrt(apart))
    moved = weights @ (its_rim - rim).astype(np.float32) / weights.sum(axis=1)[:, None]
    source = at + moved.reshape(at.shape)
    here = at / FACE_PX - middle
    farther = stretched_faces(here, rim_faces, from_rim[::2], reach, own_head.reach_faces)
    source -= farther * FACE_PX
    source[..., 0] += unnarrowed_faces((here - farther)[..., 0], yaw_deg) * FACE_PX
    if is_mirrored:
        source[..., 0] = width - 1 - source[..., 0]
    return np.asarray(source - chosen.left_top_px, np.float32), within
