from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from transforms.look.frontal_shape import frontal_shape_cm, mirror_vertices
from transforms.look.growth import age_of_growth_years, growth_cues, reliability
from transforms.look.head_colors import COLORS_SIZE, head_colors
from transforms.look.look_features import GROUP_SIZES, look_features
from transforms.look.present import estimate


@pytest.fixture(scope="module")
def look(astronaut, astronaut_face, face_mesh):
    return estimate(astronaut, astronaut_face, face_mesh)


def _mirrored(image, face):
    points = face.landmarks_px.copy()
    points[:, 0] = image.shape[1] - 1 - points[:, 0]
    vertices = _mirror_index()
    return np.ascontiguousarray(image[:, ::-1]), dataclasses.replace(face, landmarks_px=points[vertices])


def _mirror_index():
    return np.concatenate([mirror_vertices(), np.arange(473, 478), np.arange(468, 473)])


def test_astronaut_is_a_woman_between_thirty_and_fifty_five(look):
    # Eileen Collins was 42 when the portrait was taken.
    assert 30 < look.age_years < 55
    assert look.female_ratio > 0.8


def test_a_mirrored_picture_gives_nearly_the_same_estimate(astronaut, astronaut_face, face_mesh, look):
    mirrored = estimate(*_mirrored(astronaut, astronaut_face), face_mesh)
    assert mirrored.age_years == pytest.approx(look.age_years, abs=1.5)
    assert mirrored.female_ratio == pytest.approx(look.female_ratio, abs=0.05)


@pytest.mark.parametrize("change", ["jpeg", "dark", "small"])
def test_damage_moves_the_estimate_by_a_few_years_only(astronaut, astronaut_face, face_mesh, look, change):
    image, face = astronaut, astronaut_face
    if change == "jpeg":
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)
    elif change == "dark":
        image = (image * 0.5).astype(np.uint8)
    else:
        image = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        face = dataclasses.replace(face, landmarks_px=face.landmarks_px * np.float32(0.5))
    assert abs(estimate(image, face, face_mesh).age_years - look.age_years) < 8


def test_the_same_bytes_give_the_same_numbers(astronaut, astronaut_face, face_mesh, look):
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        assert estimate(astronaut, astronaut_face, face_mesh) == look
    finally:
        cv2.setNumThreads(threads)


def test_a_covered_face_is_an_average_face_of_its_shape(astronaut, astronaut_face, face_mesh):
    covered = np.ones((64, 64), np.float32)
    features = look_features(astronaut, astronaut_face, face_mesh, covered)
    assert features.values.shape == (sum(GROUP_SIZES),)
    assert features.is_seen[: GROUP_SIZES[0]].all()
    assert not features.is_seen[GROUP_SIZES[0] :].any()


def test_a_hidden_half_is_read_from_the_other(astronaut, astronaut_face, face_mesh):
    cover = np.zeros((128, 128), np.float32)
    cover[:, :64] = 1
    features = look_features(astronaut, astronaut_face, face_mesh, cover)
    assert features.is_seen[GROUP_SIZES[0] :].mean() > 0.7
    blackened = look_features(np.zeros_like(astronaut), astronaut_face, face_mesh, cover)
    assert np.isfinite(blackened.values).all()


def test_white_hair_is_seen_about_the_face(astronaut, astronaut_face):
    white = astronaut.copy()
    box = astronaut_face.box
    white[: int(box.top)] = 235
    (light, gray), (before, before_gray) = (
        values.reshape(-1, 2).T for values, _ in (head_colors(image, astronaut_face) for image in (white, astronaut))
    )
    changed = light - before > 15
    assert changed.any()
    assert (gray - before_gray)[changed].min() > 0.2
    assert np.allclose(light[-5:], before[-5:])


def test_colors_about_a_face_do_not_depend_on_its_size(astronaut, astronaut_face):
    factor = 4
    large = cv2.resize(astronaut, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    points = (astronaut_face.landmarks_px + np.float32(0.5)) * factor - np.float32(0.5)
    grown = dataclasses.replace(astronaut_face, landmarks_px=points)
    here, there = head_colors(astronaut, astronaut_face)[0], head_colors(large, grown)[0]
    assert np.abs(here - there).reshape(-1, 2).mean(axis=0) == pytest.approx([0, 0], abs=0.8)


def test_a_gray_picture_tells_nothing_of_gray_hair(astronaut, astronaut_face):
    gray = np.ascontiguousarray(np.repeat(cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2))
    values, is_seen = head_colors(gray, astronaut_face)
    assert values.shape == is_seen.shape == (COLORS_SIZE,)
    assert not is_seen.any()
    assert head_colors(astronaut, astronaut_face)[1].all()


def test_frontal_shape_undoes_turn_and_scale(astronaut_face):
    angle = 0.5
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    turned = (astronaut_face.landmarks_px @ turn.T * 3 + 40).astype(np.float32)
    face = dataclasses.replace(astronaut_face, landmarks_px=turned)
    assert np.allclose(frontal_shape_cm(face), frontal_shape_cm(astronaut_face), atol=1e-3)


def test_larger_irises_are_more_childlike(astronaut_face):
    points = astronaut_face.landmarks_px.copy()
    for center in (468, 473):
        points[center + 1 : center + 5] = points[center] + 1.3 * (points[center + 1 : center + 5] - points[center])
    grown = dataclasses.replace(astronaut_face, landmarks_px=points)
    before, after = growth_cues(astronaut_face), growth_cues(grown)
    assert after[0] < before[0]
    assert after[1] > before[1]
    assert np.allclose(after[2:], before[2:])
    assert 0 <= reliability(grown) <= 1


def test_growth_age_rises_with_the_pupils_distance():
    ages = [age_of_growth_years(share) for share in (0.5, 0.73, 0.8, 0.9, 1.0, 1.2)]
    assert ages == sorted(ages)
    assert ages[0] == 1
    assert ages[-1] == 19
