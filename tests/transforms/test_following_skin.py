from __future__ import annotations

import cv2
import numpy as np
import pytest

from quality.regions import region_masks
from transforms.face.landmark_ids import OVAL
from transforms.picture.color_models import polygon_mask
from transforms.skin.following_skin import following_skin


@pytest.fixture(scope="module")
def outline(astronaut, astronaut_face):
    """The astronaut's landmarks, the height of her face, and how far each pixel is from it in such heights."""
    points = astronaut_face.landmarks_px[:, :2]
    oval = polygon_mask(points, OVAL, (astronaut.shape[1], astronaut.shape[0]), 0)
    face_px = float(np.hypot(*(points[10] - points[152])))
    away = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / face_px
    return points, face_px, away


def at(follows, place, down_px=0.0, right_px=0.0):
    return float(follows[round(float(place[1]) + down_px), round(float(place[0]) + right_px)])


def test_forehead_ears_and_neck_follow_but_not_what_is_beside_them(outline):
    points, face_px, away = outline
    follows = following_skin(points, away, None)
    assert at(follows, points[10], -0.2 * face_px) > 0.95
    assert at(follows, points[234], 0, -0.1 * face_px) > 0.95
    assert at(follows, points[152], 0.2 * face_px) > 0.95
    assert at(follows, points[234], 0, -0.5 * face_px) == 0
    assert at(follows, points[152], 0.3 * face_px, 0.8 * face_px) == 0


def test_below_a_chin_that_is_held_nothing_follows(outline):
    points, face_px, away = outline
    masks = region_masks(96)
    held = following_skin(points, away, masks["chin"].astype(np.float32))
    assert at(held, points[152], 0.1 * face_px) < 0.2
    assert at(held, points[10], -0.2 * face_px) > 0.95
    glasses = following_skin(points, away, (masks["left_eye"] | masks["right_eye"]).astype(np.float32))
    assert np.array_equal(glasses, following_skin(points, away, None))
