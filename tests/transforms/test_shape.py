from __future__ import annotations

import numpy as np
import pytest

from transforms.face.geometry import fit_frontal
from transforms.face.glasses import glasses_likelihood
from transforms.plan.edit_plan import EditPlan
from transforms.plan.table import CHILD, FEMALE, KID, MALE, OLD
from transforms.shape.displacement import displacement_px
from transforms.shape.offsets import shape_offsets_cm
from transforms.shape.stiffened import GLASSES_POINTS, stiffened


def test_the_frontal_shape_turned_back_is_the_face(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    assert np.allclose(fit.rotation @ fit.rotation.T, np.eye(3), atol=1e-5)
    assert np.linalg.det(fit.rotation) > 0
    seen_px = astronaut_face.landmarks_px[:468, :2]
    assert np.allclose(fit.to_picture_px(fit.shape_cm - fit.shape_cm[1]), seen_px - seen_px[1], atol=0.01)


def test_a_child_has_big_eyes_and_a_short_lower_face(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    grown = fit.shape_cm + shape_offsets_cm(fit, CHILD)

    def length(shape, a, b):
        return np.linalg.norm(shape[a] - shape[b])

    assert length(grown, 159, 145) > length(fit.shape_cm, 159, 145)
    assert length(grown, 2, 152) < length(fit.shape_cm, 2, 152)
    assert length(grown, 129, 358) < length(fit.shape_cm, 129, 358)


def test_the_jaw_of_a_man_is_wider(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    moved = fit.shape_cm + shape_offsets_cm(fit, MALE)
    assert moved[397, 0] - moved[172, 0] > fit.shape_cm[397, 0] - fit.shape_cm[172, 0]


def test_jowls_sink_and_leave_the_mouth_its_smile(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    down = shape_offsets_cm(fit, EditPlan(sag=OLD.sag))[:, 1]
    jowls, corners = down[[136, 365]].mean(), down[[61, 291]].mean()
    assert jowls > 0.3
    assert 0 < corners < 0.3 * jowls


def test_a_womans_lips_and_eyes_are_taller_and_a_mans_lips_lower(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    woman, man = (fit.shape_cm + shape_offsets_cm(fit, plan) for plan in (FEMALE, MALE))

    def height(shape, upper, lower):
        return shape[lower, 1] - shape[upper, 1]

    assert height(woman, 0, 17) > 1.05 * height(fit.shape_cm, 0, 17)
    assert height(woman, 159, 145) > 1.05 * height(fit.shape_cm, 159, 145)
    assert height(man, 0, 17) < 0.97 * height(fit.shape_cm, 0, 17)


def test_stiffened_glasses_keep_straight_lines_straight(astronaut_face):
    points = astronaut_face.landmarks_px[:468, :2]
    fit = fit_frontal(astronaut_face.landmarks_px)
    offsets = fit.to_picture_px(shape_offsets_cm(fit, KID))
    moved = points + stiffened(offsets, points, 1.0)
    ids = list(GLASSES_POINTS)
    a, b = points[ids] - points[ids].mean(axis=0), moved[ids] - moved[ids].mean(axis=0)
    ratio = np.linalg.norm(b, axis=1) / np.linalg.norm(a, axis=1)
    assert ratio.std() < 1e-3
    assert np.array_equal(stiffened(offsets, points, 0.0), offsets)


def test_a_bare_face_wears_no_glasses_and_a_bar_over_the_nose_is_one(astronaut, astronaut_face):
    assert glasses_likelihood(astronaut, astronaut_face.landmarks_px) < 0.2
    painted = astronaut.copy()
    x, y = astronaut_face.landmarks_px[6, :2].astype(int)
    painted[y - 2 : y + 2, x - 25 : x + 25] = 10
    assert glasses_likelihood(painted, astronaut_face.landmarks_px) > 0.8


@pytest.mark.parametrize("plan", [OLD, KID, MALE])
def test_the_warp_fades_out_and_never_folds(astronaut, astronaut_face, plan: EditPlan):
    fit = fit_frontal(astronaut_face.landmarks_px)
    offsets = fit.to_picture_px(shape_offsets_cm(fit, plan))
    field = displacement_px(astronaut_face.landmarks_px, offsets, (512, 512))
    assert (field[450:] == 0).all()
    assert (field[:, :60] == 0).all()
    assert np.gradient(field[..., 0], axis=1).min() > -1
    assert np.gradient(field[..., 1], axis=0).min() > -1
