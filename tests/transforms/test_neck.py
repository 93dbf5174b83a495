from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from transforms.beard.bearded_chin import bearded_chin
from transforms.beard.below_chin import look_around
from transforms.beard.hanging_beard import beard_beyond
from transforms.beard.neck import shave_neck
from transforms.head.lower_head import look_below
from transforms.head.person import PersonSegmenter
from transforms.picture.lab import lab_of


@pytest.fixture(scope="module")
def person(astronaut, astronaut_face):
    return PersonSegmenter().person_near(astronaut, astronaut_face)


def bearded(picture, face, length):
    """Dark hairs over the lower face and down to `length` face heights below the chin."""
    points = face.landmarks_px[:, :2]
    height = float(np.linalg.norm(points[10] - points[152]))
    chin, mouth = points[152], points[13]
    jaw = points[[132, 172, 150, 152, 379, 397, 361]]
    below = jaw + np.array([0, length * height])
    mask = np.zeros(picture.shape[:2], np.float32)
    hull = cv2.convexHull(np.vstack([jaw, below, points[[205, 425]]]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    cv2.ellipse(mask, (int(mouth[0]), int(mouth[1])), (int(0.16 * height), int(0.07 * height)), 0, 0, 360, 0.0, -1)
    hairs = np.random.default_rng(0).normal(60, 45, picture.shape[:2]).astype(np.float32)
    hairs = np.clip(cv2.GaussianBlur(hairs, (0, 0), 0.6), 8, 130)[..., None] * np.array([1.3, 0.75, 0.4])
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)[..., None]
    return (picture * (1 - soft) + hairs * soft).astype(np.uint8), mask > 0.5, int(chin[1])


def test_a_shaven_chin_stays_bit_equal(astronaut, astronaut_face, person):
    assert shave_neck(astronaut, astronaut_face, person, 1.0, 0.5) is astronaut


def test_a_mask_of_colors_that_no_beard_has_stays(astronaut, astronaut_face, person):
    picture, _, _ = bearded(astronaut, astronaut_face, 0.1)
    points = astronaut_face.landmarks_px[:, :2]
    mask = np.s_[int(points[2, 1]) :, int(points[132, 0]) : int(points[361, 0])]
    picture[mask] = picture[mask][..., ::-1]
    assert shave_neck(picture, astronaut_face, person, 1.0, 0.5) is picture


def test_without_strength_nothing_happens(astronaut, astronaut_face, person):
    picture, _, _ = bearded(astronaut, astronaut_face, 0.1)
    assert shave_neck(picture, astronaut_face, person, 0.0, 0.5) is picture


@pytest.mark.parametrize("length", [0.08, 0.45])
def test_a_beard_below_the_chin_gives_way_to_a_smooth_neck(astronaut, astronaut_face, person, length):
    picture, beard, chin = bearded(astronaut, astronaut_face, length)
    shaven = shave_neck(picture, astronaut_face, person, 1.0, 0.5)
    below = beard.copy()
    below[: chin + 3] = False
    assert below.sum() > 100
    before, after = (lab_of(p)[..., 0] for p in (picture, shaven))
    fine = [np.abs(lightness - cv2.GaussianBlur(lightness, (0, 0), 2))[below].mean() for lightness in (before, after)]
    assert fine[1] < 0.5 * fine[0]
    changed = (shaven != picture).any(axis=2)
    assert changed[below].mean() > 0.8
    near = cv2.dilate(beard.astype(np.uint8), np.ones((71, 71), np.uint8)) > 0
    assert not changed[~near].any()
    assert not changed[: int(astronaut_face.landmarks_px[33, 1])].any(), "above the eyes"


def test_a_turned_head_is_shaved_as_well(astronaut, astronaut_face, person):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.1)
    turn = cv2.getRotationMatrix2D((223, 120), 30, 1.0)
    size = (picture.shape[1], picture.shape[0])
    landmarks = astronaut_face.landmarks_px.copy()
    landmarks[:, :2] = landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
    face = dataclasses.replace(astronaut_face, landmarks_px=landmarks.astype(np.float32))
    turned = cv2.warpAffine(picture, turn, size, borderMode=cv2.BORDER_REPLICATE)
    beard[: chin + 3] = False
    below = cv2.warpAffine(beard.astype(np.float32), turn, size) > 0.5
    shaven = shave_neck(turned, face, cv2.warpAffine(person, turn, size), 1.0, 0.5)
    assert (shaven != turned).any(axis=2)[below].mean() > 0.8


def test_a_white_collar_below_a_beard_keeps_its_color(astronaut, astronaut_face, person):
    dressed = astronaut.copy()
    points = astronaut_face.landmarks_px[:, :2]
    height = float(np.linalg.norm(points[10] - points[152]))
    collar = int(points[152, 1] + 0.1 * height)
    x0, x1 = int(points[172, 0]), int(points[397, 0])
    dressed[collar : collar + int(0.3 * height), x0:x1] = (232, 236, 240)
    picture, _, _ = bearded(dressed, astronaut_face, 0.04)
    shaven = shave_neck(picture, astronaut_face, person, 1.0, 0.5)
    assert (shaven != picture).any()
    below = np.s_[collar + int(0.04 * height) : collar + int(0.25 * height), x0 + 4 : x1 - 4]
    assert np.abs(shaven[below].astype(int) - picture[below]).mean() < 2


def test_a_dark_corner_between_beard_and_collar_goes_and_a_black_coat_stays(astronaut, astronaut_face, person):
    picture, _, _ = bearded(astronaut, astronaut_face, 0.1)
    points = astronaut_face.landmarks_px[:, :2]
    height = float(np.linalg.norm(points[10] - points[152]))
    picture[int(points[172, 1] + 0.28 * height) :] = (235, 235, 240)
    x, y = points[172] + np.array([0.02, 0.16]) * height
    corner = np.s_[int(y) : int(y + 0.1 * height), int(x) : int(x + 0.12 * height)]
    picture[corner] = (52, 30, 18)

    def lighter(before):
        shaven = shave_neck(before, astronaut_face, person, 1.0, 0.5)
        return float((lab_of(shaven) - lab_of(before))[corner][..., 0].mean())

    coat = picture.copy()
    coat[int(y) :, int(x) : int(x + 0.12 * height)] = (20, 20, 20)
    assert lighter(picture) > 20 > 8 > lighter(coat)


def test_the_neck_has_the_skins_hue_in_the_shade_of_the_chin(astronaut, astronaut_face, person):
    picture, _, chin = bearded(astronaut, astronaut_face, 0.45)
    lab = lab_of(shave_neck(picture, astronaut_face, person, 1.0, 0.5))
    points = astronaut_face.landmarks_px[:, :2].round().astype(int)
    height = int(np.linalg.norm(points[10] - points[152]))

    def around(x, y):
        return lab[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3).mean(axis=0)

    x = points[152, 0]
    cheek, shade, neck = around(*points[50]), around(x, chin + height // 12), around(x, chin + height // 4)
    assert shade[0] < neck[0] < cheek[0] + 3
    assert abs(np.arctan2(neck[2], neck[1]) - np.arctan2(cheek[2], cheek[1])) < 0.25
    assert np.hypot(*neck[1:]) > 0.6 * np.hypot(*cheek[1:])


def test_a_black_coat_is_told_from_skin_and_colors_where_a_black_beard_touches_it(astronaut, astronaut_face, person):
    picture, beard, _ = bearded(astronaut, astronaut_face, 0.1)
    picture[beard] = (0.25 * picture[beard]).astype(np.uint8)
    shares = []
    for cloth in (14, (90, 60, 160)):
        dressed = picture.copy()
        jaw = int(astronaut_face.landmarks_px[172, 1])
        dressed[jaw:][(person[jaw:] > 0.5) & ~beard[jaw:]] = cloth
        head = look_below(dressed, astronaut_face, person)
        found = beard_beyond(head, bearded_chin(head))
        shares.append(look_around(head, found).alike[found.amount > 0.5].mean())
    assert shares[0] > 0.8
    assert shares[1] < 0.1
