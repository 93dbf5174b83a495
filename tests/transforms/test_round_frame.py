from __future__ import annotations

import cv2
import numpy as np
import pytest

from transforms.head.person import PersonSegmenter
from transforms.head.round_frame import find_round_frame

SIDE, RADIUS = 200, 97.0


def _portrait(color=(76, 105, 113), radius=RADIUS):
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = np.hypot(rows - 100, columns - 100) < radius
    picture = np.random.default_rng(0).integers(120, 255, (SIDE, SIDE, 3), np.uint8)
    return np.where(inside[..., None], picture, np.uint8(color)), inside


def test_a_round_portrait_is_mirrored_over_its_frame():
    image, inside = _portrait()
    frame = find_round_frame(image)
    assert frame is not None
    assert np.abs(frame.inside - inside).mean() < 0.02
    covered = frame.covered(image)
    assert np.array_equal(covered[60:140, 60:140], image[60:140, 60:140])
    assert np.abs(covered[~inside].astype(int) - (76, 105, 113)).max(axis=1).min() > 5


@pytest.mark.parametrize("width", [140, 260])
def test_a_stretched_one_is_found_by_its_aspect(width):
    image = cv2.resize(_portrait()[0], (width, SIDE), interpolation=cv2.INTER_AREA)
    assert find_round_frame(image, SIDE / width) is not None
    assert find_round_frame(image) is None


def test_no_other_picture_has_a_round_frame(astronaut):
    wall = np.full((SIDE, SIDE, 3), 200, np.uint8)
    head = cv2.ellipse(wall.copy(), (100, 110), (50, 70), 0, 0, 360, (90, 60, 50), -1)
    shoulders = cv2.rectangle(head.copy(), (30, 170), (170, 199), (20, 20, 40), -1)
    for picture in (astronaut, wall, head, shoulders):
        assert find_round_frame(picture) is None


def test_what_surrounds_a_head_in_a_round_frame_is_no_person(astronaut):
    image = astronaut.copy()
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    away = np.hypot(columns - 225, rows - 120)
    image[away > 118] = (76, 105, 113)
    part = np.s_[:240, 105:345]
    ratio = PersonSegmenter().person_ratio(np.ascontiguousarray(image[part]))
    assert ratio[(away > 121)[part]].max() == 0
    assert ratio[100:130, 105:135].min() > 0.95
    assert ratio[20:60, 190:220].mean() < 0.2, "the wall beside the head"
