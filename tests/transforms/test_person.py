from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from quality.face import Face
from transforms.head.person import PersonSegmenter, head_roll_deg, person_region


@pytest.fixture(scope="module")
def segmenter():
    return PersonSegmenter()


def test_astronaut_is_a_person_and_the_corner_is_not(astronaut, astronaut_face, segmenter):
    ratio = segmenter.person_near(astronaut, astronaut_face)
    assert ratio.shape == astronaut.shape[:2]
    assert ratio.dtype == np.float32
    assert ratio.min() >= 0
    assert ratio.max() <= 1
    points = astronaut_face.landmarks_px[:468, :2].astype(int)
    assert np.median(ratio[points[:, 1], points[:, 0]]) > 0.95
    assert ratio[20:60, 320:350].max() < 0.1
    assert ratio[400:, :].max() == 0, "far below the head the segmenter was not asked"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_picture_gives_the_turned_mask(astronaut, astronaut_face, segmenter, turns):
    turned = np.ascontiguousarray(np.rot90(astronaut, turns))
    side = astronaut.shape[0] - 1
    points = astronaut_face.landmarks_px.copy()
    for _ in range(turns):
        points = np.column_stack([points[:, 1], side - points[:, 0], points[:, 2]])
    face: Face = dataclasses.replace(astronaut_face, landmarks_px=points)
    assert abs(head_roll_deg(face)) > 45
    upright = segmenter.person_near(astronaut, astronaut_face)
    found = np.rot90(segmenter.person_near(turned, face), -turns)
    assert np.abs(found - upright).mean() < 0.01


def test_the_same_bytes_give_the_same_mask(astronaut, astronaut_face, segmenter):
    once = segmenter.person_near(astronaut, astronaut_face)
    assert np.array_equal(once, PersonSegmenter().person_near(astronaut, astronaut_face))


def test_a_face_outside_the_picture_has_an_empty_region(astronaut_face):
    away = dataclasses.replace(astronaut_face, landmarks_px=astronaut_face.landmarks_px + 5000)
    rows, columns = person_region(away, 512, 512)
    assert rows.stop - rows.start == 0 or columns.stop - columns.start == 0
