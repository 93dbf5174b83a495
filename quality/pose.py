"""Head pose: the canonical mesh fitted to the landmarks, read as roll in the picture, then pitch and yaw.

The mesh is fitted by its projection alone (solvePnP: SQPnP of Terzakis and Lourakis, ECCV 2020, then
Levenberg-Marquardt) through the 33 points that MediaPipe itself fits (`face_geometry`). The depth that the landmark
net guesses is left out: it is flattened for turned heads, and yaw fitted with it came out a fifth too small.

Roll is undone first, as an onlooker would turn the picture upright; what is left is the nose's direction, read as
pitch and yaw. The angles then do not leak into each other for a tilted head (rotation = roll * pitch * yaw).
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np

from quality.canonical import canonical_mesh
from quality.face import MESH_VERTICES, FloatArray, HeadPose

PITCH_ZERO_DEG = 5.0
"""Pitch of the canonical mesh whose face looks level. A convention: 505 portraits of the public-domain training set
average 2.6, the eight frontal people of the evaluation set 6.4; this is between."""
YAW_GAIN, PITCH_GAIN = 1.1, 1.3
"""The landmark net holds back from turned heads. Slopes of the fitted on the true angle: yaw 0.93 and pitch 0.74 to
0.79 on 16 photos of AFLW2000, 0.91 and 0.71 on 128 lifted photos of eight people; these gains are their inverse."""
_FOCAL_FACES = 3.0
"""Distance of the assumed camera, in sizes of the face; 2 to 4.5 change no error by 0.1 degree."""
_CAMERA_AXES = np.array([1.0, -1.0, -1.0])
"""The mesh has y up and z towards the camera; pictures have y down and z away from it."""


def head_pose(landmarks_px: FloatArray) -> HeadPose:
    """Angles of the head.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
        x right, y down, in pixels.

    Returns
    -------
    HeadPose
        Degrees: yaw > 0 faces the picture's right, pitch > 0 looks down, roll > 0 is clockwise, -180..180.
    """
    rotation = _rotation(landmarks_px[:MESH_VERTICES, :2].astype(np.float64))
    roll = math.atan2(-rotation[0, 1], rotation[1, 1])
    cos, sin = math.cos(roll), math.sin(roll)
    upright = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]]) @ rotation
    x, y, z = (float(part) for part in -upright[:, 2])
    yaw_deg, pitch_deg = math.degrees(math.atan2(x, -z)), math.degrees(math.atan2(y, math.hypot(x, z)))
    return HeadPose(_within(YAW_GAIN * yaw_deg, 90), _within(PITCH_GAIN * pitch_deg, 90), math.degrees(roll))


def _rotation(points_px: FloatArray) -> FloatArray:
    """Rotation of the mesh that projects onto the points, (3, 3)."""
    indices, model = _rigid_model()
    center = points_px.mean(axis=0)
    focal = _FOCAL_FACES * float(np.ptp(points_px, axis=0).max())
    camera = np.array([[focal, 0, center[0]], [0, focal, center[1]], [0, 0, 1]])
    seen = np.ascontiguousarray(points_px[indices])
    _, turn, shift = cv2.solvePnP(model, seen, camera, None, flags=cv2.SOLVEPNP_SQPNP)
    turn, _ = cv2.solvePnPRefineLM(model, seen, camera, None, turn, shift)
    return np.asarray(cv2.Rodrigues(turn)[0])


@cache
def _rigid_model() -> tuple[FloatArray, FloatArray]:
    """Return the indices of the 33 rigid vertices, and their points with a level face, (33, 3)."""
    mesh = canonical_mesh()
    indices = np.flatnonzero(mesh.procrustes_weights)
    cos, sin = math.cos(math.radians(PITCH_ZERO_DEG)), math.sin(math.radians(PITCH_ZERO_DEG))
    level = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    model = np.ascontiguousarray((mesh.vertices_cm[indices] * _CAMERA_AXES) @ level.T)
    return indices, model


def _within(angle_deg: float, limit_deg: float) -> float:
    return max(-limit_deg, min(limit_deg, angle_deg))
