"""What is laid over a face to show how it was measured: its outline, triangles of cover, and the head's axes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quality.canonical import canonical_frame, canonical_mesh
from quality.completeness import CHEEKS_AND_JAW, FOREHEAD_ARC
from quality.face import MESH_VERTICES, FloatArray, HeadPose
from quality.occlusion import CoverMap


@dataclass(frozen=True, eq=False)
class CoverTriangles:
    """The triangles of the mesh that face the camera and that something covers.

    Attributes
    ----------
    corners_px : ndarray, (N, 3, 2) float32
        In the pixels of the landmarks.
    ratio : ndarray, (N,) float32
        Cover of each, 0.05..1.
    """

    corners_px: FloatArray
    ratio: FloatArray


def cover_triangles(landmarks_px: FloatArray, cover: CoverMap) -> CoverTriangles:
    """Lay a map of cover over a face.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
        Mesh vertices, x right and y down.
    cover : CoverMap
    """
    frame = canonical_frame(cover.ratio.shape[0])
    triangles = canonical_mesh().triangles
    middles = np.round(frame.vertices_px[triangles].mean(axis=1)).astype(int).clip(0, frame.size_px - 1)
    ratio = cover.ratio[middles[:, 1], middles[:, 0]]
    corners = landmarks_px[:MESH_VERTICES, :2][triangles]
    facing = _winding(corners) * _winding(frame.vertices_px[triangles]) > 0
    shown = facing & (ratio > 0.05)
    return CoverTriangles(corners[shown], ratio[shown])


def face_outline(landmarks_px: FloatArray) -> FloatArray:
    """Return MediaPipe's face oval, (36, 2) float32, clockwise from the left temple."""
    outline: FloatArray = landmarks_px[[*FOREHEAD_ARC, *CHEEKS_AND_JAW], :2]
    return outline


def head_axes(pose: HeadPose) -> dict[str, tuple[float, float]]:
    """Return where the head's axes point in the picture: unit vectors foreshortened, x right and y down.

    Keys are "right" (of the picture, for a frontal head), "up" and "forward".
    """
    yaw, pitch, roll = (math.radians(angle) for angle in (pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
    upright = {
        "right": (math.cos(yaw), math.sin(yaw) * math.sin(pitch)),
        "up": (0.0, -math.cos(pitch)),
        "forward": (math.sin(yaw) * math.cos(pitch), math.sin(pitch)),
    }
    cos, sin = math.cos(roll), math.sin(roll)
    return {name: (x * cos - y * sin, x * sin + y * cos) for name, (x, y) in upright.items()}


def _winding(corners: FloatArray) -> FloatArray:
    """Twice the signed area of triangles, (N, 3, 2) -> (N,)."""
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area: FloatArray = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    return area
