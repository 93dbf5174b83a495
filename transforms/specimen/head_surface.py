"""The head's surface in space: the canonical mesh's depth inside the face, an ellipsoid's about it."""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.canonical import canonical_mesh
from quality.face import FloatArray

_CM_PER_FACE = 17.66
"""Height of the canonical face."""
_SKULL_CENTER_CM, _SKULL_SEMI_AXES_CM = (0.0, -3.0, -2.1), (8.5, 12.5, 10.0)
"""Ellipsoid about the eyes' middle height, y down, z from the mesh's rearmost vertex. By eye."""
_PIVOT_CM = (0.0, 8.0, -4.0)
"""Where neck and skull meet."""
_CAMERA_CM = 110.0


def px_per_cm(mesh_px: FloatArray) -> float:
    """Pixels of a centimeter."""
    return float(mesh_px[152, 1] - mesh_px[10, 1]) / _CM_PER_FACE


def place_px(mesh_px: FloatArray, place_cm: tuple[float, float, float]) -> FloatArray:
    """Return a place of the head, given from the middle of the eyes' height, in pixels, (3,)."""
    origin = np.array([mesh_px[[33, 263], 0].mean(), mesh_px[[33, 263], 1].mean(), 0.0])
    placed: FloatArray = origin + np.array(place_cm) * px_per_cm(mesh_px)
    return placed


def depth_px(mesh_px: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Depth of each pixel, (h, w) float32."""
    scale = px_per_cm(mesh_px)
    center = place_px(mesh_px, _SKULL_CENTER_CM)
    ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    x_cm, y_cm = (xs - center[0]) / scale, (ys - center[1]) / scale
    a, b, c = _SKULL_SEMI_AXES_CM
    skull = center[2] + scale * c * np.sqrt(np.clip(1 - (x_cm / a) ** 2 - (y_cm / b) ** 2, 0, 1))
    face, inside = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for triangle in canonical_mesh().triangles:
        corners = np.round(mesh_px[triangle, :2] * 16).astype(np.int32)
        cv2.fillConvexPoly(face, corners, float(mesh_px[triangle, 2].mean()), cv2.LINE_8, 4)
        cv2.fillConvexPoly(inside, corners, 1.0, cv2.LINE_8, 4)
    # The rim of the face keeps its depth: stretched, it would draw the jaw out.
    known = cv2.GaussianBlur(inside, (0, 0), 3)
    face = np.where(inside > 0, face, cv2.GaussianBlur(face * inside, (0, 0), 3) / np.maximum(known, 1e-3))
    soft = cv2.GaussianBlur(cv2.dilate(inside, np.ones((9, 9), np.uint8)), (0, 0), 3)
    depth: FloatArray = cv2.GaussianBlur(np.where(known > 1e-3, face, skull).astype(np.float32), (0, 0), 2.0)
    blended: FloatArray = depth * soft + skull * (1 - soft)
    return blended.astype(np.float32)


def turned_px(points_px: FloatArray, mesh_px: FloatArray, yaw_deg: float, pitch_deg: float) -> FloatArray:
    """Turn points (N, 3) about the neck and see them in perspective."""
    pivot, camera = place_px(mesh_px, _PIVOT_CM), _CAMERA_CM * px_per_cm(mesh_px)
    cos, sin = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    yaw = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    cos, sin = math.cos(math.radians(pitch_deg)), math.sin(math.radians(pitch_deg))
    pitch = np.array([[1, 0, 0], [0, cos, sin], [0, -sin, cos]])
    flat = points_px.astype(np.float64) - pivot
    # The frontal picture was seen in the same perspective: undo it first.
    flat[:, :2] *= (camera - flat[:, 2:]) / camera
    turned = np.einsum("ij,kj->ik", flat, pitch @ yaw)
    turned[:, :2] *= camera / (camera - turned[:, 2:])
    result: FloatArray = turned + pivot
    return result
