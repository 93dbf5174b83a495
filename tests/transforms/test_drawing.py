from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from transforms.drawing import drawn_ratio, plan_for_drawing
from transforms.edit import apply_edit
from transforms.face.landmark_ids import OVAL
from transforms.models import EditModels
from transforms.plan.edit_plan import EditPlan
from transforms.plan.table import KID, OLD


@pytest.fixture(scope="module")
def cartoon(astronaut, astronaut_face):
    """One color from ear to ear."""
    flat = astronaut.copy()
    outline = cv2.convexHull(np.round(astronaut_face.landmarks_px[list(OVAL), :2]).astype(np.int32))
    cv2.fillConvexPoly(flat, outline, (214, 160, 122), cv2.LINE_AA)
    return flat


def test_a_photo_is_not_drawn_and_a_cartoon_is(astronaut, astronaut_face, cartoon):
    assert drawn_ratio(astronaut, astronaut_face.landmarks_px) == 0
    assert drawn_ratio(cv2.GaussianBlur(astronaut, (0, 0), 2), astronaut_face.landmarks_px) == 0
    assert drawn_ratio(cartoon, astronaut_face.landmarks_px) == 1
    assert drawn_ratio(cartoon, astronaut_face.landmarks_px + 2000) == 0


def test_a_burnt_out_face_is_not_taken_for_a_drawing(astronaut, astronaut_face):
    burnt = np.full_like(astronaut, 255)
    assert drawn_ratio(burnt, astronaut_face.landmarks_px) == 0


def test_a_cartoon_grows_old_by_lines_alone(cartoon, astronaut_face):
    plan = replace(OLD, age_shape_decades=0, sag=0, gray_hair=0)
    edited = apply_edit(cartoon, astronaut_face, plan, None, EditModels())
    away = np.abs(edited.astype(int) - cartoon).sum(axis=2)
    outline = cv2.convexHull(np.round(astronaut_face.landmarks_px[list(OVAL), :2]).astype(np.int32))
    inside = cv2.fillConvexPoly(np.zeros(cartoon.shape[:2], np.uint8), outline, 1) > 0
    lined = away[inside] > 15
    assert 0.003 < lined.mean() < 0.15
    assert (away[inside] == 0).mean() > 0.75


def test_only_the_skin_of_photos_is_left_out():
    assert plan_for_drawing(OLD, 0) == OLD
    drawn = plan_for_drawing(OLD, 1)
    assert (drawn.mottling, drawn.spots, drawn.age_tone) == (0, 0, 0)
    assert (drawn.wrinkles, drawn.sag, drawn.gray_hair) == (OLD.wrinkles, OLD.sag, OLD.gray_hair)
    assert plan_for_drawing(EditPlan(), 1).is_identity
    assert plan_for_drawing(KID, 0.5).growth == KID.growth


def test_a_cartoon_grows_young_by_its_form_alone(cartoon, astronaut_face):
    plan = replace(KID, age_shape_decades=0, sag=0, growth=0, eye_contrast=0, brows=0)
    edited = apply_edit(cartoon, astronaut_face, plan, None, EditModels())
    outline = cv2.convexHull(np.round(astronaut_face.landmarks_px[list(OVAL), :2]).astype(np.int32))
    inside = cv2.fillConvexPoly(np.zeros(cartoon.shape[:2], np.uint8), outline, 1) > 0
    assert (np.abs(edited.astype(int) - cartoon).max(axis=2)[inside] <= 1).mean() > 0.98
