from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from transforms.hair.hair_rim import rim_reach_px, without_rim
from transforms.head.person import face_height_px

SIDE = 120


@pytest.fixture
def far_face(astronaut_face):
    """A face of 200 px that lies elsewhere."""
    scale = 200 / face_height_px(astronaut_face)
    return replace(
        astronaut_face, landmarks_px=(astronaut_face.landmarks_px * scale - (5000, 0, 0)).astype(np.float32)
    )


def _scene(hair, wall, spread_px=2.0):
    """Return Lab of colored hair on the left, whose color spreads over the wall, the same grayed, and its matte."""
    matte = np.zeros((SIDE, SIDE), np.float32)
    matte[:, :60] = 1
    color = cv2.GaussianBlur(
        cv2.merge([np.where(matte > 0, h, w).astype(np.float32) for h, w in zip(hair, wall, strict=True)]),
        (0, 0),
        spread_px,
    )
    grayed = color.copy()
    grayed[:, :60] = (65, 1, 2)
    return color, grayed, matte


def test_red_hair_leaves_no_outline_on_the_wall_once_it_is_gray(far_face):
    color, grayed, matte = _scene((40, 24, 28), (85, 0, 2))
    clean = without_rim(grayed, color, matte, 0.95, far_face)
    before, after = (np.hypot(*(lab[60, 60:63, 1:].mean(axis=0) - (0, 2))) for lab in (grayed, clean))
    assert before > 8
    assert after < 0.35 * before
    assert np.array_equal(clean[:, :60], grayed[:, :60])
    assert np.array_equal(clean[:, 80:], grayed[:, 80:])
    assert np.array_equal(clean[..., 0], grayed[..., 0])


def test_before_a_blue_wall_the_rim_turns_no_bluer_than_a_mixture_with_gray(far_face):
    color, grayed, matte = _scene((60, 8, 24), (45, 20, -50))
    clean = without_rim(grayed, color, matte, 0.95, far_face)
    mixture = cv2.GaussianBlur(
        np.where(matte[..., None] > 0, np.float32((65, 1, 2)), np.float32((45, 20, -50))), (0, 0), 2
    )
    assert np.abs(clean[60, 60:66, 2] - mixture[60, 60:66, 2]).max() < 6


def test_a_wall_of_the_hairs_own_color_keeps_it(far_face):
    color, grayed, matte = _scene((40, 12, 20), (60, 14, 24))
    assert np.abs(without_rim(grayed, color, matte, 0.95, far_face) - grayed).max() < 1.5


@pytest.mark.parametrize(("hair", "amount"), [((15, 2, 3), 0.95), ((40, 24, 28), 0.0)], ids=["black", "not grayed"])
def test_black_hair_and_hair_that_stays_leave_all_as_it_was(far_face, hair, amount):
    color, grayed, matte = _scene(hair, (85, 0, 2))
    assert without_rim(grayed, color, matte, amount, far_face) is grayed


def test_the_rim_grows_with_the_face():
    assert rim_reach_px(40) == 2
    assert rim_reach_px(300) == 6


def test_skin_beside_the_hair_keeps_its_rouge(astronaut_face):
    size = 320
    matte = np.zeros((size, size), np.float32)
    x = int(astronaut_face.landmarks_px[50, 0])
    matte[:, :x] = 1
    before = np.full((size, size, 3), (40, 24, 28), np.float32)
    before[:, x:] = (70, 4, 4)
    before[:, x : x + 4] = (70, 20, 22)
    clean = without_rim(before, before, matte, 0.95, astronaut_face)
    cheek, above = int(astronaut_face.landmarks_px[50, 1]), 5
    assert np.abs(clean[cheek, x : x + 4] - before[cheek, x : x + 4]).max() < 0.5
    assert clean[above, x + 1, 1] < 15
