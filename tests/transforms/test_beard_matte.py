from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np

from tests.transforms.test_neck import bearded
from transforms.beard.beard_matte import beard_matte
from transforms.edit import apply_edit
from transforms.head.person import PersonSegmenter
from transforms.look.present import PresentLook
from transforms.models import EditModels
from transforms.picture.lab import lab_of
from transforms.plan.action import Action
from transforms.plan.edit_plan import EditPlan
from transforms.plan.plan import plan_for


def test_a_shaven_face_has_no_beard(astronaut, astronaut_face):
    person = PersonSegmenter().person_near(astronaut, astronaut_face)
    assert beard_matte(astronaut, astronaut_face, person) is None


def test_a_beard_is_found_on_the_face_and_below_it(astronaut, astronaut_face):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.12)
    matte = beard_matte(picture, astronaut_face, PersonSegmenter().person_near(picture, astronaut_face))
    assert matte is not None
    below = beard.copy()
    below[: chin + 3] = False
    assert matte[beard].mean() > 0.4
    assert matte[below].mean() > 0.3
    assert not matte[: int(astronaut_face.landmarks_px[33, 1])].any(), "above the eyes"


def test_who_grows_old_gets_a_gray_beard_down_to_its_end(astronaut, astronaut_face):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.12)
    old = apply_edit(picture, astronaut_face, EditPlan(gray_beard=1.8), None, EditModels())
    before, after = (lab_of(one) for one in (picture, old))
    beard[: chin + 3] = False
    assert np.hypot(*after[beard][:, 1:].mean(axis=0)) < 0.7 * np.hypot(*before[beard][:, 1:].mean(axis=0))
    assert after[beard][:, 0].mean() > before[beard][:, 0].mean() + 2


def test_what_covers_a_chin_is_not_grayed_as_a_beard(astronaut, astronaut_face):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.12)
    cover = SimpleNamespace(ratio=np.ones((64, 64), np.float32))
    old = apply_edit(picture, astronaut_face, EditPlan(gray_beard=1.8), cover, EditModels())
    beard[: chin + 3] = False
    assert np.array_equal(old[beard], picture[beard])


def test_only_who_may_be_a_man_gets_a_gray_beard():
    woman, man, unsure = (plan_for(Action.TO_OLD, None, PresentLook(40, ratio)) for ratio in (0.999, 0.01, 0.6))
    assert woman.gray_beard == 0
    assert man.gray_beard == unsure.gray_beard == man.gray_hair > 0
    assert plan_for(Action.TO_KID, None, PresentLook(70, 0.01)).gray_beard == 0


def test_a_gray_beard_that_stays_gets_its_color_back_as_hair_does():
    man = PresentLook(65.0, 0.01, 0.9)
    younger, child = plan_for(Action.V2_AGE, 35, man), plan_for(Action.V2_AGE, 15, man)
    assert younger.gray_beard == younger.gray_hair < 0
    assert child.gray_beard == 0, "it is off"


def test_a_gray_beard_grows_brown(astronaut, astronaut_face):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.2)
    luma = np.clip(0.9 * picture[beard].astype(np.float32).mean(axis=1) + 60, 0, 255)
    picture[beard] = luma[:, None].astype(np.uint8)
    young = apply_edit(picture, astronaut_face, EditPlan(gray_beard=-1.0), None, EditModels())
    beard[: chin + 3] = False
    before, after = (lab_of(one)[beard].mean(axis=0) for one in (picture, young))
    assert after[2] > before[2] + 3
    assert after[0] < before[0] - 3


def test_a_light_beard_that_stays_keeps_its_hairs(astronaut, astronaut_face):
    picture, beard, chin = bearded(astronaut, astronaut_face, 0.2)
    luma = np.clip(0.9 * picture[beard].astype(np.float32).mean(axis=1) + 60, 0, 255)
    picture[beard] = luma[:, None].astype(np.uint8)
    beard[chin - 10 :] = False
    stays, smeared = (
        apply_edit(
            picture, astronaut_face, EditPlan(smooth=1.5, gray_hair=-0.01, gray_beard=each), None, EditModels()
        )
        for each in (-0.01, 0.0)
    )
    before, kept, lost = (
        cv2.Laplacian(lab_of(one)[..., 0], cv2.CV_32F)[beard].std() for one in (picture, stays, smeared)
    )
    assert kept > 0.8 * before
    assert lost < 0.8 * kept


def test_what_is_behind_a_long_beard_is_none(astronaut, astronaut_face):
    picture, _, chin = bearded(astronaut, astronaut_face, 0.6)
    person = PersonSegmenter().person_near(picture, astronaut_face).copy()
    wall = np.zeros(person.shape, bool)
    wall[:, : int(astronaut_face.landmarks_px[172, 0])] = True
    person[wall] = 0
    matte = beard_matte(picture, astronaut_face, person)
    assert matte is not None
    assert matte[chin + 10 : chin + 40][~wall[chin + 10 : chin + 40]].max() > 0.8
    assert not matte[wall].any()
