from __future__ import annotations

import numpy as np
import pytest

from transforms.face.landmark_ids import OVAL
from transforms.picture.color_models import polygon_mask
from transforms.picture.lab import lab_of, rgb_of
from transforms.wrinkles.neck_lines import neck_shade


@pytest.fixture(scope="module")
def neck(astronaut, astronaut_face):
    """A neck in shade, but a blue collar to the left of the chin; and where skin is seen beyond the face."""
    height, width = astronaut.shape[:2]
    skin = np.broadcast_to(np.array([64, 14, 17], np.float32), (height, width, 3)).copy()
    chin = astronaut_face.landmarks_px[152, :2]
    collar = np.zeros((height, width), bool)
    collar[int(chin[1]) + 12 :, : int(chin[0]) - 12] = True
    skin[collar] = (40, 0, -30)
    open_skin = 1 - polygon_mask(astronaut_face.landmarks_px[:, :2], OVAL, (width, height), 0)
    skin[open_skin < 0.5] = (76, 14, 17)
    return rgb_of(skin), open_skin, collar


def shaded(picture, face, open_skin, turned=False):
    """Change of Lab in the whole picture."""
    change = np.zeros((*picture.shape[:2], 3), np.float32)
    found = neck_shade(picture, face, lab_of(picture), open_skin, 1.5, turned)
    if found is not None:
        change[found[0]] = found[1]
    return change


def test_rings_lie_on_the_neck_below_the_face_and_not_on_the_collar(neck, astronaut_face):
    picture, open_skin, collar = neck
    change = shaded(picture, astronaut_face, open_skin)
    chin = int(astronaut_face.landmarks_px[152, 1])
    assert change[chin + 5 :, :, 0][~collar[chin + 5 :]].min() < -3
    assert change[chin + 5 :, :, 1:].max() > 0.3
    assert not change[:chin][open_skin[:chin] == 0].any()
    assert np.abs(change[collar]).max() < 1
    assert not np.array_equal(change, shaded(picture, astronaut_face, open_skin, turned=True))


def test_a_neck_that_is_not_seen_stays(neck, astronaut_face):
    picture, open_skin, _ = neck
    assert neck_shade(picture, astronaut_face, lab_of(picture), np.zeros_like(open_skin), 1.5, False) is None


def test_a_hand_below_the_chin_is_as_bright_as_the_cheeks_and_no_neck(neck, astronaut_face):
    picture, open_skin, collar = neck
    lit = lab_of(picture)
    lit[~collar, 0] = 76
    assert not shaded(rgb_of(lit), astronaut_face, open_skin).any()


def test_a_gray_neck_stays_gray(neck, astronaut_face):
    picture, open_skin, _ = neck
    change = shaded(np.repeat(picture[..., 1:2], 3, axis=2), astronaut_face, open_skin)
    assert change[..., 0].min() < -3
    assert not change[..., 1:].any()
