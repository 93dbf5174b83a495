from __future__ import annotations

import math

import numpy as np
import pytest

from quality.canonical import canonical_mesh
from quality.pose import PITCH_GAIN, PITCH_ZERO_DEG, YAW_GAIN, head_pose


def turned_mesh(yaw_deg: float = 0, pitch_deg: float = 0, roll_deg: float = 0) -> np.ndarray:
    """The canonical mesh as landmarks of a head turned by known angles, from our own rotation matrices."""
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, pitch_deg, roll_deg))
    tilt = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    turn = np.array([[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]])
    spin = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    model = canonical_mesh().vertices_cm * np.array([1, -1, -1])
    return (20 * model @ (spin @ turn @ tilt).T + [300, 200, 5]).astype(np.float32)


def test_the_mesh_itself_faces_the_camera():
    pose = head_pose(turned_mesh())
    assert pose.yaw_deg == pytest.approx(0, abs=0.5)
    assert pose.roll_deg == pytest.approx(0, abs=0.5)
    assert pose.pitch_deg == pytest.approx(-PITCH_GAIN * PITCH_ZERO_DEG, abs=1)


@pytest.mark.parametrize("yaw", [-40, -20, 0, 35])
@pytest.mark.parametrize("roll", [-179, -90, -10, 0, 45, 135, 180])
def test_roll_is_read_back_at_any_angle_and_leaves_the_others_alone(yaw, roll):
    level = head_pose(turned_mesh(yaw_deg=yaw))
    rolled = head_pose(turned_mesh(yaw_deg=yaw, roll_deg=roll))
    assert rolled.yaw_deg == pytest.approx(level.yaw_deg, abs=0.5)
    assert rolled.pitch_deg == pytest.approx(level.pitch_deg, abs=0.5)
    assert (rolled.roll_deg - level.roll_deg - roll + 180) % 360 - 180 == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize("angle", [-50, -25, 25, 50])
def test_yaw_and_pitch_follow_the_head(angle):
    # The mesh is seen without perspective here, so the fit through a near camera is off by a few degrees.
    assert head_pose(turned_mesh(yaw_deg=angle)).yaw_deg / YAW_GAIN == pytest.approx(angle, abs=4)
    pitch = (head_pose(turned_mesh(pitch_deg=angle)).pitch_deg) / PITCH_GAIN + PITCH_ZERO_DEG
    assert abs(pitch) == pytest.approx(abs(angle), abs=6)


def test_signs_are_the_vendors():
    right = turned_mesh(yaw_deg=30)
    assert right[1, 0] > right[[234, 454], 0].mean()
    assert head_pose(right).yaw_deg > 20
    down = max(turned_mesh(pitch_deg=-25), turned_mesh(pitch_deg=25), key=lambda m: m[1, 1] - m[[33, 263], 1].mean())
    assert head_pose(down).pitch_deg > 15
    clockwise = turned_mesh(roll_deg=30)
    assert clockwise[263, 1] > clockwise[33, 1]
    assert head_pose(clockwise).roll_deg == pytest.approx(30, abs=0.5)


def test_a_mirrored_head_has_mirrored_yaw_and_roll(portrait, portrait_face, landmarker):
    mirrored = landmarker.find_faces(np.ascontiguousarray(portrait[:, ::-1]))[0].pose
    assert mirrored.yaw_deg == pytest.approx(-portrait_face.pose.yaw_deg, abs=3)
    assert mirrored.roll_deg == pytest.approx(-portrait_face.pose.roll_deg, abs=1.5)
    assert mirrored.pitch_deg == pytest.approx(portrait_face.pose.pitch_deg, abs=3)
