from __future__ import annotations

import numpy as np
import pytest

from transforms.canonical_layers import OVAL
from transforms.color_models import polygon_mask
from transforms.lab import lab_of, rgb_of
from transforms.neck_lines import crease_neck


@pytest.fixture(scope="module")
def neck(astronaut, astronaut_face):
    """Skin everywhere, but a blue collar to the left of the chin; and where skin is seen."""
    height, width = astronaut.shape[:2]
    skin = np.broadcast_to(np.array([64, 14, 17], np.float32), (height, width, 3)).copy()
    chin = astronaut_face.landmarks_px[152, :2]
    collar = np.zeros((height, width), bool)
    collar[int(chin[1]) + 12 :, : int(chin[0]) - 12] = True
    skin[collar] = (40, 0, -30)
    open_skin = 1 - polygon_mask(astronaut_face.landmarks_px[:, :2], OVAL, (width, height), 0)
    return rgb_of(skin), open_skin, collar


def test_rings_lie_on_the_neck_below_the_face_and_not_on_the_collar(neck, astronaut_face):
    picture, open_skin, collar = neck
    result = crease_neck(picture, astronaut_face, open_skin, 1.0, 1.5, False)
    change = lab_of(result)[..., 0] - lab_of(picture)[..., 0]
    chin = int(astronaut_face.landmarks_px[152, 1])
    assert change[chin + 5 :][~collar[chin + 5 :]].min() < -3
    assert not change[:chin][open_skin[:chin] == 0].any()
    assert np.abs(change[collar]).max() < 1
    assert not np.array_equal(result, crease_neck(picture, astronaut_face, open_skin, 1.0, 1.5, True))


def test_a_neck_that_is_not_seen_stays(neck, astronaut_face):
    picture, open_skin, _ = neck
    assert crease_neck(picture, astronaut_face, np.zeros_like(open_skin), 1.0, 1.5, False) is picture


def test_a_gray_neck_stays_gray(neck, astronaut_face):
    picture, open_skin, _ = neck
    gray = np.repeat(picture[..., 1:2], 3, axis=2)
    result = crease_neck(gray, astronaut_face, open_skin, 1.0, 1.5, False)
    assert not np.array_equal(result, gray)
    assert int(np.ptp(result.astype(int), axis=2).max()) <= 1
