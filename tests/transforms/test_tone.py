from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.picture.lab import lab_of, rgb_of
from transforms.skin.tone import add_gender_tone, no_more_colorful


def shade_at_the_chin(picture, landmarks):
    window = face_window(landmarks, *picture.shape[:2])
    lab = lab_of(picture[window.rows, window.columns])
    view = view_face(lab, window, exposure(window, None))
    toned = add_gender_tone(lab, view, -1.5)
    x, y = np.round(landmarks[199, :2] - (window.columns.start, window.rows.start)).astype(int)
    patch = slice(y - 4, y + 5), slice(x - 4, x + 5)
    return lab[patch].reshape(-1, 3).mean(axis=0), toned[patch].reshape(-1, 3).mean(axis=0)


@pytest.fixture(scope="module")
def overexposed(astronaut):
    """The lower half runs into white and loses its color, as on a sensor that is full."""
    lab = lab_of(astronaut)
    rows = np.arange(lab.shape[0])[:, None]
    lab[..., 0] += 24 * np.clip((rows - 150) / 10, 0, 1)
    lost = np.clip((lab[..., 0] - 75) / 25, 0, 1)
    lab[..., 1:] *= (1 - 0.8 * lost)[..., None]
    return rgb_of(lab)


def test_a_mans_chin_is_in_shade_of_the_hue_of_skin(astronaut, astronaut_face):
    before, after = shade_at_the_chin(astronaut, astronaut_face.landmarks_px)
    assert after[0] < before[0] - 6
    red, yellow = after[1:] - before[1:]
    assert red > -3
    assert yellow > -3


def test_burnt_out_skin_shows_less_of_the_shade_and_more_color_in_it(astronaut, astronaut_face, overexposed):
    usual_before, usual_after = shade_at_the_chin(astronaut, astronaut_face.landmarks_px)
    before, after = shade_at_the_chin(overexposed, astronaut_face.landmarks_px)
    assert before[0] > 90
    assert 0 < before[0] - after[0] < 0.8 * (usual_before[0] - usual_after[0])
    assert np.hypot(*after[1:]) > np.hypot(*before[1:]) + 0.3


def test_rouge_in_shade_gets_no_more_color_and_pale_skin_all_of_it(astronaut, astronaut_face):
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    view = view_face(lab, window, exposure(window, None))
    x, y = np.round(astronaut_face.landmarks_px[50, :2] - (window.columns.start, window.rows.start)).astype(int)
    patch = slice(y - 4, y + 5), slice(x - 4, x + 5)
    red = lab.copy()
    red[patch][..., 1:] *= 1.8
    aged = [before + np.array([-8, 1, 1], np.float32) for before in (lab, red)]
    pale, rouge = (
        no_more_colorful(after, before, view)[patch] for after, before in zip(aged, (lab, red), strict=True)
    )
    assert np.allclose(pale, aged[0][patch], atol=1.0)

    def color(part):
        return float(np.median(np.hypot(part[..., 1], part[..., 2]) / (part[..., 0] + 16)))

    assert color(aged[1][patch]) > 1.1 * color(red[patch])
    assert color(rouge) == pytest.approx(color(red[patch]), rel=0.03)


def test_skin_in_shade_is_not_violet_where_light_bleached_the_cheeks(astronaut, astronaut_face):
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    view = replace(view_face(lab, window, exposure(window, None)), reference=np.array([92, 4, 6], np.float32))
    x, y = np.round(astronaut_face.landmarks_px[50, :2] - (window.columns.start, window.rows.start)).astype(int)
    patch = slice(y - 4, y + 5), slice(x - 4, x + 5)
    bleached, aged = lab.copy(), lab.copy()
    bleached[patch] = 92, 4, 6
    aged[patch] = 50, 12, 18
    assert np.allclose(no_more_colorful(aged, bleached, view)[patch], aged[patch], atol=0.5)
    aged[patch] = 50, 30, 45
    orange = no_more_colorful(aged, bleached, view)[patch]
    assert np.hypot(orange[..., 1], orange[..., 2]).mean() < 0.6 * np.hypot(30, 45)
