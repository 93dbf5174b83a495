from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.face.landmark_ids import MOUTH_OPENING
from transforms.features.teeth import age_teeth
from transforms.picture.color_models import polygon_mask
from transforms.picture.lab import lab_of


@pytest.fixture(scope="module")
def smile(astronaut, astronaut_face):
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    points = astronaut_face.landmarks_px[:, :2] - (window.columns.start, window.rows.start)
    mouth = polygon_mask(points, MOUTH_OPENING, (lab.shape[1], lab.shape[0]), 0) > 0.5
    return lab, view_face(lab, window, exposure(window, None)), mouth


def test_old_teeth_are_darker_and_yellower_and_the_face_stays(smile):
    lab, view, mouth = smile
    change = age_teeth(lab, view, 1.5) - lab
    bright = mouth & (lab[..., 0] > 75)
    assert bright.sum() > 20
    assert change[bright][:, 0].mean() < -2
    assert change[bright][:, 2].mean() > 2
    around = np.abs(change).sum(axis=2) * (view.window.sample(np.ones((352, 352), np.float32)) > 0)
    rows, columns = np.nonzero(mouth)
    around[rows.min() - 4 : rows.max() + 5, columns.min() - 4 : columns.max() + 5] = 0
    assert around.max() < 0.05


def test_young_teeth_are_little_changed_and_never_darker(smile):
    lab, view, _ = smile
    change = age_teeth(lab, view, -1.0) - lab
    assert change[..., 0].min() >= 0
    assert np.abs(change).max() < 2


def test_a_closed_mouth_has_no_teeth(smile):
    lab, view, _ = smile
    red = np.broadcast_to(np.array([50, 35, 15], np.float32), lab.shape).copy()
    assert np.array_equal(age_teeth(red, view, 1.5), red)


def test_a_face_without_any_light_stays_as_it_is(smile):
    lab, view, _ = smile
    black = np.zeros_like(lab)
    assert np.array_equal(age_teeth(black, replace(view, reference=np.zeros(3, np.float32)), 1.5), black)
