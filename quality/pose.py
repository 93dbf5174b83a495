"""Head pose: the canonical mesh fitted to the landmarks, read as three decoupled angles.

A similarity transform (weighted Procrustes, the rotation part after Umeyama 1991) brings MediaPipe's canonical mesh
onto the landmarks, with MediaPipe's own 33 weights (`face_geometry`). Yaw and pitch are read from the direction of
the nose, roll from what is left: Euler angles would mix the axes at large yaw.
"""

from __future__ import annotations

import math

import numpy as np

from quality.canonical import canonical_mesh
from quality.face import MESH_VERTICES, FloatArray, HeadPose

_CAMERA_AXES = np.array([1.0, -1.0, -1.0])
"""The mesh has y up and z towards the camera; landmarks have y down and z away from it."""


def head_pose(landmarks_px: FloatArray) -> HeadPose:
    """Angles of the head.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, 3) float32
        x right, y down, z away from the camera, one unit.

    Returns
    -------
    HeadPose
        Degrees: yaw > 0 faces the picture's right, pitch > 0 looks down, roll > 0 is clockwise, -180..180.
    """
    rotation = _rotation(landmarks_px[:MESH_VERTICES].astype(np.float64))
    forward, right = rotation @ np.array([0.0, 0.0, -1.0]), rotation @ np.array([1.0, 0.0, 0.0])
    yaw = math.atan2(forward[0], -forward[2])
    pitch = math.atan2(forward[1], math.hypot(forward[0], forward[2]))
    level = np.cross([0.0, 1.0, 0.0], -forward)
    level /= np.linalg.norm(level) + 1e-12
    below = np.cross(-forward, level)
    roll = math.atan2(float(right @ below), float(right @ level))
    return HeadPose(math.degrees(yaw), math.degrees(pitch), math.degrees(roll))


def _rotation(points: FloatArray) -> FloatArray:
    """Rotation of the weighted similarity that brings the mesh onto the points."""
    mesh = canonical_mesh()
    model = mesh.vertices_cm.astype(np.float64) * _CAMERA_AXES
    weights = (mesh.procrustes_weights / mesh.procrustes_weights.sum()).astype(np.float64)[:, None]
    model = model - (weights * model).sum(axis=0)
    centered = points - (weights * points).sum(axis=0)
    left, _, right = np.linalg.svd((weights * centered).T @ model)
    mirror = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation: FloatArray = (left * mirror) @ right
    return rotation
