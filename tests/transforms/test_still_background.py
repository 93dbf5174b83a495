from __future__ import annotations

import numpy as np
import pytest

from transforms.shape.displacement import displacement_px
from transforms.shape.still_background import still_background
from transforms.shape.warp import warp_ratio


@pytest.fixture(scope="module")
def scene(astronaut, astronaut_face):
    """The mesh, and a person that is a tall ellipse a little wider than it."""
    points = astronaut_face.landmarks_px
    center = points[:468, :2].mean(axis=0)
    rows, columns = np.mgrid[: astronaut.shape[0], : astronaut.shape[1]]
    radius = np.hypot((columns - center[0]) / 62, (rows - center[1]) / 86)
    eyes_px = float(np.linalg.norm(points[33, :2] - points[263, :2]))
    person = (radius < 1).astype(np.float32)
    return points, radius, person, eyes_px


def held_by(field, person, points):
    """On a picture whose edges are the person's."""
    image = np.repeat((60 + 140 * person).astype(np.uint8)[..., None], 3, axis=2)
    return still_background(field.copy(), image, person, points)


def field_of(scene, growth):
    """All points away from the middle, by a share of their distance."""
    points, radius, _, _ = scene
    offsets = growth * (points[:468, :2] - points[:468, :2].mean(axis=0))
    return displacement_px(points, offsets.astype(np.float32), (radius.shape[1], radius.shape[0]))


@pytest.mark.parametrize("growth", [0.08, -0.08])
def test_the_head_moves_and_what_is_behind_it_does_not(scene, growth):
    points, radius, person, eyes_px = scene
    field = field_of(scene, growth)
    held = held_by(field, person, points)
    moved = np.linalg.norm(field, axis=2)
    inside = radius < min(1 + growth, 1.0) - 0.05
    assert np.allclose(held[inside], field[inside], atol=1e-4)
    away_px = (radius - max(1 + growth, 1.0)) * 62
    beyond = away_px > (0.2 if growth > 0 else 0.35) * eyes_px
    assert moved[beyond].max() > 0.1
    assert np.abs(held[beyond]).max() < 0.05


def test_a_line_that_meets_a_head_stays_straight(scene):
    """Where a jaw sinks past a window's edge, or narrows, the edge is stretched towards it and not bent."""
    points, radius, person, eyes_px = scene
    offsets = np.tile(np.float32([0, 0.1 * eyes_px]), (468, 1))
    offsets[:, 0] = -0.06 * (points[:468, 0] - points[:468, 0].mean())
    size_wh = (radius.shape[1], radius.shape[0])
    held = held_by(displacement_px(points, offsets, size_wh), person, points)
    row = int(points[:468, 1].mean())
    beside = (radius[row] > 1.1) & (radius[row] < 1.6)
    assert np.abs(held[row, beside, 1]).max() < 0.02 * eyes_px
    assert np.abs(held[row, radius[row] < 0.9, 1]).min() > 0.04 * eyes_px


def test_where_a_head_shrinks_nothing_folds(scene):
    points, _, person, _ = scene
    held = held_by(field_of(scene, -0.08), person, points)
    along_x = np.diff(held[..., 0], axis=1)
    along_y = np.diff(held[..., 1], axis=0)
    assert min(along_x.min(), along_y.min()) > -0.95


def test_a_head_that_grows_keeps_its_outline(scene):
    points, _, person, _ = scene
    held = held_by(field_of(scene, 0.08), person, points)
    grown, free = (warp_ratio(person, field) for field in (held, field_of(scene, 0.08)))
    assert np.abs(grown - free).mean() < 0.002
    assert grown.sum() > person.sum()


def test_a_crowd_is_one_person_and_moves_as_before(scene):
    points, radius, _, _ = scene
    field = field_of(scene, 0.08)
    assert np.allclose(held_by(field, np.ones_like(radius, np.float32), points), field)
