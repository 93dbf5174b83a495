from __future__ import annotations

import math

import numpy as np
import pytest

from quality.canonical import canonical_mesh
from quality.pose import head_pose


def turned_mesh(yaw_deg: float = 0, pitch_deg: float = 0, roll_deg: float = 0) -> np.ndarray:
    """The canonical mesh as landmarks of a head turned by known angles, from our own rotation matrices."""
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, pitch_deg, roll_deg))
    tilt = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    turn = np.array([[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]])
    spin = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    model = canonical_mesh().vertices_cm * np.array([1, -1, -1])
    return (20 * model @ (spin @ turn @ tilt).T + [300, 200, 5]).astype(np.float32)


@pytest.mark.parametrize("yaw", [-60, -20, 0, 35, 60])
@pytest.mark.parametrize("roll", [-179, -90, -10, 0, 45, 135])
def test_yaw_and_roll_are_read_back_and_do_not_mix(yaw, roll):
    frontal = head_pose(turned_mesh())
    if roll == 0:
        pose = head_pose(turned_mesh(yaw_deg=yaw))
        assert pose.yaw_deg - frontal.yaw_deg == pytest.approx(yaw, abs=0.1)
        assert pose.pitch_deg == pytest.approx(frontal.pitch_deg, abs=0.1)
    pose = head_pose(turned_mesh(roll_deg=roll))
    assert pose.roll_deg == pytest.approx(roll, abs=0.1)


def test_signs_are_the_vendors():
    assert head_pose(turned_mesh(yaw_deg=30)).yaw_deg > 20
    right_of_nose = turned_mesh(yaw_deg=30)
    assert right_of_nose[1, 0] > right_of_nose[[234, 454], 0].mean()
    looking_down = turned_mesh(pitch_deg=-25), turned_mesh(pitch_deg=25)
    lower_nose = max(looking_down, key=lambda mesh: mesh[1, 1] - mesh[[33, 263], 1].mean())
    assert head_pose(lower_nose).pitch_deg > 10
    clockwise = turned_mesh(roll_deg=30)
    assert clockwise[263, 1] > clockwise[33, 1]
    assert head_pose(clockwise).roll_deg == pytest.approx(30, abs=0.1)


def test_a_mirrored_head_has_mirrored_yaw_and_roll(portrait, portrait_face, landmarker):
    mirrored = landmarker.find_faces(np.ascontiguousarray(portrait[:, ::-1]))[0].pose
    assert mirrored.yaw_deg == pytest.approx(-portrait_face.pose.yaw_deg, abs=3)
    assert mirrored.roll_deg == pytest.approx(-portrait_face.pose.roll_deg, abs=1.5)
    assert mirrored.pitch_deg == pytest.approx(portrait_face.pose.pitch_deg, abs=3)
