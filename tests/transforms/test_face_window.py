from __future__ import annotations

import numpy as np
import pytest

from transforms.face.face_window import face_window
from transforms.face.landmark_ids import RIGHT_BROW
from transforms.face.layer_drawing import polygon
from transforms.face.layer_frame import LAYER_PX


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("size", [0.25, 1, 2])
def test_the_part_around_a_drawing_holds_all_of_it_and_looks_like_the_whole(astronaut_face, size, times):
    landmarks = astronaut_face.landmarks_px * np.float32(size)
    window = face_window(landmarks, round(512 * size), round(512 * size))
    drawing = np.kron(polygon(RIGHT_BROW, 1.0, 2.0), np.ones((times, times), np.float32))
    whole = window.sample(drawing)
    part = window.around(drawing > 0)
    near = window.within(part)
    assert near.visible.size < window.visible.size / 3
    np.testing.assert_array_equal(near.sample(drawing), whole[part])
    assert np.count_nonzero(whole) == np.count_nonzero(whole[part]) > 0
    assert near.rows.stop - near.rows.start == near.visible.shape[0]
    assert near.columns.start == window.columns.start + part[1].start


def test_nothing_lies_around_an_empty_drawing(astronaut_face):
    window = face_window(astronaut_face.landmarks_px, 512, 512)
    assert window.around(np.zeros((LAYER_PX, LAYER_PX), bool)) is None
