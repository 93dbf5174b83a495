from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.transforms.test_neck import bearded
from transforms.beard.bearded_chin import bearded_chin
from transforms.edit import apply_edit
from transforms.head.lower_head import look_below
from transforms.head.person import PersonSegmenter
from transforms.look.bearded import UNKNOWN_RATIO, bearded_ratio
from transforms.look.look_features import look_features
from transforms.look.present import PresentLook
from transforms.models import EditModels
from transforms.plan.action import Action
from transforms.plan.edit_plan import EditPlan
from transforms.plan.plan import plan_for

SHAVEN_MAN, BEARDED_MAN = PresentLook(40.0, 0.02, 0.01), PresentLook(40.0, 0.02, 0.9)


def test_a_beard_is_told_from_a_bare_chin(astronaut, astronaut_face, face_mesh):
    bare = bearded_ratio(look_features(astronaut, astronaut_face, face_mesh))
    picture, _, _ = bearded(astronaut, astronaut_face, 0.05)
    assert bare < 0.05
    assert bearded_ratio(look_features(picture, astronaut_face, face_mesh)) > 0.35


def test_nothing_is_told_of_a_covered_face(astronaut, astronaut_face, face_mesh):
    covered = np.ones((64, 64), np.float32)
    assert bearded_ratio(look_features(astronaut, astronaut_face, face_mesh, covered)) == UNKNOWN_RATIO


@pytest.mark.parametrize("action", [Action.TO_FEMALE, Action.TO_KID])
def test_a_beard_is_taken_only_off_who_has_one(action):
    shaven, hairy, unsure = (
        plan_for(action, None, look) for look in (SHAVEN_MAN, BEARDED_MAN, PresentLook(40.0, 0.02))
    )
    assert shaven.beard_off == 0
    assert hairy.beard_off == unsure.beard_off == hairy.shave == shaven.shave > 0


def test_only_a_beard_that_is_there_grays():
    assert plan_for(Action.TO_OLD, None, SHAVEN_MAN).gray_beard == 0
    assert plan_for(Action.TO_OLD, None, BEARDED_MAN).gray_beard > 0


def test_who_may_be_a_woman_and_has_no_beard_is_hardly_shaved():
    shaven, hairy = (plan_for(Action.TO_KID, None, PresentLook(20.0, 0.9, ratio)) for ratio in (0.01, 0.9))
    assert shaven.shave < 0.4 < hairy.shave


def test_where_no_beard_is_likely_only_sure_tufts_are_one(astronaut, astronaut_face):
    hairy, _, _ = bearded(astronaut, astronaut_face, 0.12)
    person = PersonSegmenter().person_near(astronaut, astronaut_face)
    faint = cv2.addWeighted(cv2.GaussianBlur(hairy, (0, 0), 5), 0.93, hairy, 0.07, 0)
    tufts, shade = (look_below(picture, astronaut_face, person) for picture in (hairy, faint))
    assert bearded_chin(tufts, 1.0) is not None
    assert bearded_chin(tufts, 0.0) is not None
    assert bearded_chin(shade, 1.0) is not None
    assert bearded_chin(shade, 0.0) is None


def test_deep_shade_beside_a_shaven_mouth_stays(astronaut, astronaut_face):
    points = astronaut_face.landmarks_px[:, :2]
    shaded = astronaut.copy()
    half = np.s_[:, : int(points[0, 0])]
    shaded[half] = (0.15 * shaded[half]).astype(np.uint8)
    jaw = np.s_[int(points[61, 1]) : int(points[172, 1]), int(points[172, 0]) + 4 : int(points[61, 0])]
    models = EditModels()
    bare, hairy = (
        apply_edit(shaded, astronaut_face, EditPlan(shave=1.0, beard_off=off), None, models)[jaw].mean()
        for off in (0.0, 1.0)
    )
    assert bare - shaded[jaw].mean() < 0.6 * (hairy - shaded[jaw].mean())
