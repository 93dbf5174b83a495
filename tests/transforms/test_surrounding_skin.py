from __future__ import annotations

import cv2
import numpy as np
import pytest

from transforms.face.landmark_ids import OVAL
from transforms.picture.color_models import polygon_mask
from transforms.picture.lab import lab_of, rgb_of
from transforms.plan.edit_plan import EditPlan
from transforms.skin.surrounding_skin import follow_face


@pytest.fixture(scope="module")
def scene(astronaut, astronaut_face):
    """A head of skin that is larger than its mesh, on blue, and the same with its mesh a little lighter."""
    points = astronaut_face.landmarks_px[:, :2]
    size_wh = (astronaut.shape[1], astronaut.shape[0])
    oval = polygon_mask(points, OVAL, size_wh, 0)
    head = cv2.dilate(oval, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (41, 41)))
    grain = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 8, oval.shape).astype(np.float32), (0, 0), 1.2)
    skin = np.dstack([62 + grain, np.full_like(grain, 14), np.full_like(grain, 16)])
    wall = np.broadcast_to(np.array([40, 5, -40], np.float32), skin.shape)
    moved = rgb_of(np.where(head[..., None] > 0, skin, wall).astype(np.float32))
    soft = cv2.GaussianBlur(cv2.erode(oval, np.ones((7, 7), np.uint8)), (0, 0), 3)
    edited = rgb_of(lab_of(moved) + np.dstack([5 * soft, 0 * soft, 0 * soft]))
    return moved, edited, head, oval


def test_the_color_goes_on_beyond_the_mesh_and_fades(scene, astronaut_face):
    moved, edited, head, oval = scene
    plan = EditPlan(bloom=1.0, gray_hair=-1.0)
    result = follow_face(edited, moved, astronaut_face, plan, head, np.zeros_like(head), 0)
    away = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    lighter = (lab_of(result) - lab_of(moved))[..., 0]
    near, far = (lighter[(head > 0) & (away > low) & (away < low + 4)].mean() for low in (2, 14))
    assert near > 2
    assert 0 < far < near
    wall = cv2.dilate(head, np.ones((7, 7), np.uint8)) == 0
    assert np.array_equal(result[wall], edited[wall])


def test_skin_is_smoothed_around_a_smoothed_face_but_not_hair(scene, astronaut_face):
    moved, edited, head, oval = scene
    hair = np.zeros_like(head)
    hair[: int(astronaut_face.landmarks_px[10, 1])] = 1
    plan = EditPlan(smooth=1.0, gray_hair=-1.0)
    result = follow_face(edited, moved, astronaut_face, plan, head, hair, 0)
    around = cv2.erode(((head > 0) & (oval < 0.5)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    below = around & (hair == 0)
    before, after = (lab_of(picture)[..., 0] for picture in (edited, result))
    assert after[below].std() < 0.8 * before[below].std()
    above = around & (cv2.erode(hair, np.ones((15, 15), np.uint8)) > 0)
    assert np.array_equal(result[above], edited[above])


def test_a_deep_fold_of_the_neck_is_filled_in_a_child(scene, astronaut_face):
    moved, edited, head, oval = scene
    away = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    low = np.mgrid[: oval.shape[0], : oval.shape[1]][0] > astronaut_face.landmarks_px[152, 1] - 10
    fold = (head > 0) & low & (away > 9) & (away < 13)
    moved, edited = (
        rgb_of(np.where(fold[..., None], np.array([22, 6, 7], np.float32), lab_of(picture)).astype(np.float32))
        for picture in (moved, edited)
    )
    lightness = [
        lab_of(follow_face(edited, moved, astronaut_face, plan, head, np.zeros_like(head), 0))[..., 0][fold].mean()
        for plan in (EditPlan(smooth=1.0), EditPlan(smooth=2.0))
    ]
    assert lightness[1] > lightness[0] + 10


def test_a_gray_picture_stays_gray(scene, astronaut_face):
    moved, edited, head, _ = scene
    gray = [cv2.cvtColor(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB) for p in (edited, moved)]
    plan = EditPlan(mottling=1.0, gray_hair=1.0)
    result = follow_face(*gray, astronaut_face, plan, head, np.zeros_like(head), 0)
    assert not np.array_equal(result, gray[0])
    assert np.ptp(result.astype(int), axis=2).max() <= 2


def test_lines_too_faint_to_be_seen_change_nothing(scene, astronaut_face):
    moved, edited, head, _ = scene
    plan = EditPlan(wrinkles=1e-4, gray_hair=1e-4)
    bare = EditPlan(gray_hair=1e-4)
    lined, unlined = (
        follow_face(edited, moved, astronaut_face, each, head, np.zeros_like(head), 0) for each in (plan, bare)
    )
    assert np.array_equal(lined, unlined)
