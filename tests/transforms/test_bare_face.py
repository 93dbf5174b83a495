from __future__ import annotations

import numpy as np

from transforms.hair.bare_face import far_side, without_eyes
from transforms.head.head_crop import FACE_PX, crop_map, crop_size_wh, to_crop_points

SIZE_WH = crop_size_wh(FACE_PX)


def test_eyes_are_no_hair_and_what_is_beside_them_may_be(astronaut, astronaut_face):
    matte = without_eyes(np.ones(astronaut.shape[:2], np.float32), astronaut_face)
    for pupil, brow in ((468, 105), (473, 334)):
        x, y = astronaut_face.landmarks_px[pupil, :2].astype(int)
        assert matte[y, x] < 0.05
        x, y = astronaut_face.landmarks_px[brow, :2].astype(int)
        assert matte[y, x] > 0.95


def test_only_a_face_that_is_turned_away_has_a_far_side(astronaut_face):
    points = to_crop_points(astronaut_face, crop_map(astronaut_face, FACE_PX))
    assert not far_side(points, SIZE_WH).any()
    nose = points[1, 0]
    turned = points.copy()
    left = points[:, 0] > nose
    turned[left, 0] = nose + 0.1 * (points[left, 0] - nose)
    turned[454, 0] = nose + 0.5
    hidden = far_side(turned, SIZE_WH)
    assert hidden.sum() > 20
    assert hidden[:, : int(nose) - 3].max() < 0.05
