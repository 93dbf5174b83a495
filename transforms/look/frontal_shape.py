"""The shape of a face, free of pose, place and size: its mesh turned to the front.

Source: weighted Procrustes analysis (Horn 1987; Umeyama 1991), as MediaPipe fits its canonical mesh.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from quality.canonical import canonical_mesh
from quality.face import MESH_VERTICES, Face, FloatArray


def frontal_shape_cm(face: Face) -> FloatArray:
    """Return the mesh turned to the front and brought to the canonical mesh's size, (468, 3) float64, cm.

    x right in the picture of a frontal face, y down, z away; weighted Procrustes with MediaPipe's weights.
    """
    mesh = canonical_mesh()
    model = mesh.vertices_cm.astype(np.float64) * (1, -1, -1)
    points = face.landmarks_px[:MESH_VERTICES].astype(np.float64)
    weights = mesh.procrustes_weights.astype(np.float64)[:, None]
    weights = weights / weights.sum()
    model_center = (weights * model).sum(axis=0)
    centered = points - (weights * points).sum(axis=0)
    model_centered = model - model_center
    left, singular, right = np.linalg.svd((model_centered * weights).T @ centered)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation = (left * signs) @ right
    scale = float((singular * signs).sum() / (weights * model_centered**2).sum())
    shape: FloatArray = centered @ rotation.T / scale + model_center
    return shape


def symmetric_shape_cm(face: Face) -> FloatArray:
    """Return the frontal mesh about its center, averaged with its mirror image, (1404,) float64, cm."""
    shape = frontal_shape_cm(face)
    shape = shape - shape.mean(axis=0)
    mirrored = shape[mirror_vertices()] * np.array([-1.0, 1.0, 1.0])
    folded: FloatArray = ((shape + mirrored) / 2).ravel()
    return folded


@cache
def mirror_vertices() -> FloatArray:
    """Index of each vertex's mirror image."""
    vertices = canonical_mesh().vertices_cm
    mirrored = vertices * np.array([-1, 1, 1], np.float32)
    return np.array([int(np.argmin(((mirrored - vertex) ** 2).sum(axis=1))) for vertex in vertices])
