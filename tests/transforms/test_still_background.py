from __future__ import annotations

import numpy as np
import pytest

from transforms.still_background import still_background
from transforms.warp import displacement_px, warp_ratio


@pytest.fixture(scope="module")
def scene(astronaut, astronaut_face):
    """The mesh, and a person that is a tall ellipse a little wider than it."""
    points = astronaut_face.landmarks_px
    center = points[:468, :2].mean(axis=0)
    rows, columns = np.mgrid[: astronaut.shape[0], : astronaut.shape[1]]
    radius = np.hypot((columns - center[0]) / 62, (rows - center[1]) / 86)
    eyes_px = float(np.linalg.norm(points[33, :2] - points[263, :2]))
    return points, radius, (radius < 1).astype(np.float32), eyes_px


def field_of(scene, growth):
    """All points away from the middle, by a share of their distance."""
    points, radius, _, _ = scene
    offsets = growth * (points[:468, :2] - points[:468, :2].mean(axis=0))
    return displacement_px(points, offsets.astype(np.float32), (radius.shape[1], radius.shape[0]))


@pytest.mark.parametrize("growth", [0.08, -0.08])
def test_the_head_moves_and_what_is_behind_it_does_not(scene, growth):
    points, radius, person, eyes_px = scene
    field = field_of(scene, growth)
    held = still_background(field, person, points)
    moved = np.linalg.norm(field, axis=2)
    inside = radius < min(1 + growth, 1.0) - 0.05
    assert np.allclose(held[inside], field[inside], atol=1e-4)
    away_px = (radius - max(1 + growth, 1.0)) * 62
    beyond = away_px > (0.2 if growth > 0 else 0.35) * eyes_px
    assert moved[beyond].max() > 0.1
    assert np.abs(held[beyond]).max() < 0.05


def test_where_a_head_shrinks_nothing_folds(scene):
    points, _, person, _ = scene
    held = still_background(field_of(scene, -0.08), person, points)
    along_x = np.diff(held[..., 0], axis=1)
    along_y = np.diff(held[..., 1], axis=0)
    assert min(along_x.min(), along_y.min()) > -0.95


def test_a_head_that_grows_keeps_its_outline(scene):
    points, _, person, _ = scene
    held = still_background(field_of(scene, 0.08), person, points)
    grown, free = (warp_ratio(person, field) for field in (held, field_of(scene, 0.08)))
    assert np.abs(grown - free).mean() < 0.002
    assert grown.sum() > person.sum()


def test_a_crowd_is_one_person_and_moves_as_before(scene):
    points, radius, _, _ = scene
    field = field_of(scene, 0.08)
    assert np.allclose(still_background(field, np.ones_like(radius, np.float32), points), field)
