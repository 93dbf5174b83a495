"""A face's mesh in the frontal canonical frame: the rigid fit that makes shape edits independent of the pose.

Source: weighted orthogonal Procrustes (Schoenemann 1966; Umeyama, PAMI 13(4), 1991) with MediaPipe's weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quality.canonical import canonical_mesh
from quality.face import MESH_VERTICES, FloatArray

_FLIP = np.array([1.0, -1.0, -1.0], np.float32)
"""Canonical y up, z towards the camera; pictures y down, z away."""


def eye_corners_px(points: FloatArray) -> float:
    """Distance of the outer corners of the eyes in the picture's plane, in the units of a mesh, (>=264, >=2)."""
    return float(np.linalg.norm(points[33, :2] - points[263, :2]))


@dataclass(frozen=True, eq=False)
class FrontalFit:
    """Similarity from the canonical frame (x right, y down, z away, cm) to the picture (px).

    Attributes
    ----------
    scale_px_per_cm : float
    rotation : ndarray, (3, 3) float32
    shape_cm : ndarray, (468, 3) float32
        The person's mesh, turned to the front.
    """

    scale_px_per_cm: float
    rotation: FloatArray
    shape_cm: FloatArray

    def to_picture_px(self, offsets_cm: FloatArray) -> FloatArray:
        """Bring (N, 3) offsets of the frontal frame to (N, 2) offsets in the picture."""
        turned: FloatArray = (self.scale_px_per_cm * (offsets_cm @ self.rotation.T))[:, :2]
        return turned.astype(np.float32)


def fit_frontal(landmarks_px: FloatArray) -> FrontalFit:
    """Fit the canonical mesh to a face.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, 3) float32

    Returns
    -------
    FrontalFit
    """
    mesh = canonical_mesh()
    model = mesh.vertices_cm.astype(np.float64) * _FLIP
    points = landmarks_px[:MESH_VERTICES].astype(np.float64)
    weights = mesh.procrustes_weights.astype(np.float64)[:, None]
    weights /= weights.sum()
    model_mean, points_mean = (weights * model).sum(axis=0), (weights * points).sum(axis=0)
    model_0, points_0 = model - model_mean, points - points_mean
    u, s, vt = np.linalg.svd((weights * points_0).T @ model_0)
    sign = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ sign @ vt
    scale = float((s * np.diag(sign)).sum() / (weights * model_0**2).sum())
    shape = points_0 @ rotation / scale + model_mean
    return FrontalFit(scale, rotation.astype(np.float32), shape.astype(np.float32))
