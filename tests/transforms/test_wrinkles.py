from __future__ import annotations

import cv2
import numpy as np
import pytest

from quality.half_precision import single
from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.face.layer_frame import layer_points_px
from transforms.face.skin_light import headroom
from transforms.picture.lab import lab_of
from transforms.wrinkles.creases import crease_layer
from transforms.wrinkles.furrows import forehead_pages
from transforms.wrinkles.skin_relief import relief_layer
from transforms.wrinkles.wrinkles import add_wrinkles, shade_color

SKIN = np.array([66, 14, 17], np.float32)


def seen(astronaut, face, skin_lab=SKIN, pattern=0):
    """A face of one color from its window's rim to its rim, and the view of it."""
    window = face_window(face.landmarks_px, *astronaut.shape[:2], pattern)
    shape = astronaut[window.rows, window.columns].shape
    lab = np.broadcast_to(np.asarray(skin_lab, np.float32), shape).copy()
    return lab, view_face(lab, window, exposure(window, None))


def darkened(lab, view, bare):
    return lab[..., 0] - add_wrinkles(lab, view, 1.5, bare)[..., 0]


def test_foreheads_differ_from_person_to_person(astronaut, astronaut_face):
    found = []
    for pattern in range(0, 12, 2):
        lab, view = seen(astronaut, astronaut_face, pattern=pattern)
        level = view.window.layer_xy[..., 1]
        forehead = (level > 20) & (level < 90)
        found.append(darkened(lab, view, np.ones_like(level))[forehead])
    alike = np.corrcoef(found)
    assert np.median(alike[~np.eye(len(found), dtype=bool)]) < 0.6


def test_furrows_reach_up_to_the_hairline_and_not_into_the_hair(astronaut, astronaut_face):
    lab, view = seen(astronaut, astronaut_face)
    x, y = view.window.layer_xy[..., 0], view.window.layer_xy[..., 1]
    top = layer_points_px()[10, 1]
    above = (y > top - 30) & (y < top) & (np.abs(x - 176) < 50)
    bald, low = np.ones_like(y), (y > top + 12).astype(np.float32)
    assert darkened(lab, view, bald)[above].max() > 4
    assert not darkened(lab, view, low)[above].any()
    # Under a low hairline there are as many, closer together.
    below = (y > top + 14) & (y < 95) & (np.abs(x - 176) < 50)
    assert darkened(lab, view, low)[below].max() > 6


def test_without_a_matte_of_the_hair_nothing_is_drawn_beyond_the_mesh(astronaut, astronaut_face):
    lab, view = seen(astronaut, astronaut_face)
    y = view.window.layer_xy[..., 1]
    assert np.abs(darkened(lab, view, None)[(y > 0) & (y < layer_points_px()[10, 1] - 10)]).max() < 0.3


@pytest.mark.parametrize("page", range(len(forehead_pages())))
def test_a_furrow_is_a_valley(page):
    drawn = forehead_pages()[page]
    assert drawn.min() < -6
    assert drawn.max() < 4.5
    assert np.abs(drawn[:8]).max() < 2


def test_a_fold_is_sharp_towards_the_lip_and_soft_towards_the_cheek():
    """As in the cross sections of old faces that its form is fitted to."""
    points = layer_points_px()
    across = np.array([-np.sin(np.radians(25)), 0]) + np.array([0, -np.cos(np.radians(25))]) * 0.3
    at = (points[206] + points[216]) / 2
    steps = np.arange(-6, 7)
    line = (at + steps[:, None] * (across / np.linalg.norm(across))).astype(np.float32)[None]
    profile = cv2.remap(single(crease_layer()), line, np.empty(0, np.float32), cv2.INTER_LINEAR)[0]
    deepest = int(profile.argmin())
    assert profile[deepest] < -7
    assert 2 < deepest < 10


def test_the_relief_of_old_skin_runs_along_its_tension_lines():
    """Across the forehead, down the sides of the cheeks: a weave of rows and columns would be cloth."""
    relief, points = relief_layer(2, 1), 2 * layer_points_px()
    turns = []
    for vertex in (151, 123):
        x, y = points[vertex].astype(int)
        part = relief[y - 20 : y + 21, x - 20 : x + 21]
        turns.append(np.abs(np.diff(part, axis=0)).mean() / np.abs(np.diff(part, axis=1)).mean())
    assert turns[0] > 1.3
    assert turns[1] < 1 / 1.3


def test_creases_are_lines_and_no_specks():
    """Nothing of others' stubble below the lip, nor of their hair at the temples."""
    layer, points = np.abs(single(crease_layer())), layer_points_px()

    def deep(*vertices):
        parts = [layer[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5] for x, y in points[list(vertices)]]
        return np.mean([part.mean() for part in parts])

    assert deep(18, 200, 103, 332, 108, 337) < 0.06 * deep(206, 426)


@pytest.mark.parametrize("skin", [(92, 5, 6), (80, 10, 14), (66, 14, 17), (40, 15, 18)])
def test_shade_is_warmer_than_gray_and_never_bluer_than_the_skin(astronaut, astronaut_face, skin):
    lab, view = seen(astronaut, astronaut_face, skin)
    edited = add_wrinkles(lab, view, 1.5, None)
    deep = lab[..., 0] - edited[..., 0] > 3
    assert deep.any()
    assert (edited[deep][:, 1:] > lab[deep][:, 1:]).all()
    assert (shade_color(np.array(skin, np.float32)) > 0).all()


def test_shade_keeps_the_hue_of_skin_in_yellow_light():
    (red, yellow), (usual_red, usual_yellow) = shade_color(np.float32([80, 3, 25])), shade_color(SKIN)
    assert red < 0.4 * usual_red
    assert yellow > 1.4 * usual_yellow


def test_a_crease_in_burnt_out_skin_gets_its_color_back(astronaut, astronaut_face):
    """Light takes half a step of color for each step of L from this skin; a crease in the lit part is not gray."""
    lab, _ = seen(astronaut, astronaut_face)
    faded = lab.copy()
    faded[..., 0] += np.linspace(0, 24, lab.shape[1])
    faded[..., 1:] -= 0.5 * (faded[..., :1] - lab[..., :1])
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    view = view_face(faded, window, exposure(window, None))
    assert 0.25 < view.fading.min() <= view.fading.max() < 0.6
    edited = add_wrinkles(faded, view, 1.5, None)
    deep = (faded[..., 0] > 84) & (faded[..., 0] - edited[..., 0] > 3)
    gained = (edited - faded)[deep][:, 1:] / (faded - edited)[deep][:, :1]
    assert np.median(gained) > 0.25
    assert not seen(astronaut, astronaut_face)[1].fading.any()


def test_burnt_out_skin_shows_less_of_a_crease(astronaut, astronaut_face):
    depths = []
    for lightness in (75, 96):
        lab, view = seen(astronaut, astronaut_face, (lightness, 8, 10))
        depths.append(darkened(lab, view, None).max())
    assert depths[1] < 0.7 * depths[0]
    assert np.all(np.diff(headroom(np.arange(60, 101, 4, dtype=np.float32))) <= 0)


def test_folds_are_drawn_on_the_face_as_it_is(astronaut, astronaut_face):
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    view = view_face(lab, window, exposure(window, None))
    x, y = astronaut_face.landmarks_px[206, :2].round().astype(int) - (window.columns.start, window.rows.start)
    assert darkened(lab, view, None)[y - 6 : y + 7, x - 6 : x + 7].max() > 4
