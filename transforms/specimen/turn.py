"""A head seen at a yaw and pitch: every pixel is given a depth, turned in space, and the nearest one is seen.

The depth is the canonical mesh's inside the face and an ellipsoid's about it. What a frontal picture does not show
(the side of the head) is stretched from its rim: good to some sixty degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.canonical import canonical_mesh
from quality.face import FloatArray
from transforms.specimen.head import Head

MARGIN_PX = 120
"""Border around the head's picture: a turned head moves."""
_CM_PER_FACE = 17.66
"""Height of the canonical face."""
_SKULL_CENTER_CM, _SKULL_SEMI_AXES_CM = (0.0, -3.0, -2.1), (8.5, 12.5, 10.0)
"""Ellipsoid about the eyes' middle height, y down, z from the mesh's rearmost vertex. By eye."""
_BACK_CENTER_CM, _BACK_SEMI_AXES_CM = (0.0, -3.6, -3.4), (7.9, 8.4, 8.8)
"""Ellipsoid of the skull behind the face, drawn in the color of the hair. By eye."""
_PIVOT_CM = (0.0, 8.0, -4.0)
"""Where neck and skull meet."""
_CAMERA_CM = 110.0
_SHARPEN_SIGMA_PX, _SHARPEN_GAIN = 1.2, 0.7
"""Until a head turned by a degree measures as sharp as one that is not turned."""


@dataclass(frozen=True, eq=False)
class HeadView:
    """A turned head.

    Attributes
    ----------
    rgba : ndarray, (h, w, 4) float32
        As `Head.rgba`, with a border of `MARGIN_PX` on each side.
    mesh_px : ndarray, (468, 2) float32
    skull_ltrb_px : tuple of float
        The ellipse in which the back of the head is seen.
    """

    rgba: FloatArray
    mesh_px: FloatArray
    skull_ltrb_px: tuple[float, float, float, float]


def turn_head(head: Head, yaw_deg: float, pitch_deg: float) -> HeadView:
    """Turn a head.

    Parameters
    ----------
    head : Head
    yaw_deg : float
        Positive faces the picture's right.
    pitch_deg : float
        Positive looks down.

    Returns
    -------
    HeadView
    """
    padded = np.pad(head.rgba, ((MARGIN_PX, MARGIN_PX), (MARGIN_PX, MARGIN_PX), (0, 0)))
    mesh = head.mesh_px + np.array([MARGIN_PX, MARGIN_PX, 0], np.float32)
    if yaw_deg == 0 and pitch_deg == 0:
        return HeadView(padded, mesh[:, :2], _skull_ltrb_px(mesh, 0, 0))
    shape = padded.shape[:2]
    depth = _depth_px(mesh, shape)
    source, share = _source_map(padded[..., 3], depth, mesh, yaw_deg, pitch_deg)
    premultiplied = padded.copy()
    premultiplied[..., :3] *= padded[..., 3:]
    seen: FloatArray = cv2.remap(premultiplied, source, np.empty(0, np.float32), cv2.INTER_LINEAR)
    seen[..., :3] /= np.maximum(seen[..., 3:], 1e-3)
    seen[..., 3] *= share
    # The map softens as any resampling does; what it takes is given back.
    soft = cv2.GaussianBlur(seen[..., :3], (0, 0), _SHARPEN_SIGMA_PX)
    seen[..., :3] = np.clip(seen[..., :3] + _SHARPEN_GAIN * (seen[..., :3] - soft), 0, 255)
    turned = _turned(mesh, mesh, yaw_deg, pitch_deg)[:, :2].astype(np.float32)
    return HeadView(seen, turned, _skull_ltrb_px(mesh, yaw_deg, pitch_deg))


def _skull_ltrb_px(mesh_px: FloatArray, yaw_deg: float, pitch_deg: float) -> tuple[float, float, float, float]:
    center = _turned(_place(mesh_px, _BACK_CENTER_CM)[None], mesh_px, yaw_deg, pitch_deg)[0]
    a, b, c = (axis * _scale(mesh_px) for axis in _BACK_SEMI_AXES_CM)
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    half_w = math.hypot(a * math.cos(yaw), c * math.sin(yaw))
    half_h = math.hypot(b * math.cos(pitch), 0.6 * c * math.sin(pitch))
    return center[0] - half_w, center[1] - half_h, center[0] + half_w, center[1] + half_h


def _scale(mesh_px: FloatArray) -> float:
    """Pixels of a centimeter."""
    return float(mesh_px[152, 1] - mesh_px[10, 1]) / _CM_PER_FACE


def _depth_px(mesh_px: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Depth of each pixel, (h, w) float32."""
    scale = _scale(mesh_px)
    center = _place(mesh_px, _SKULL_CENTER_CM)
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


def _place(mesh_px: FloatArray, place_cm: tuple[float, float, float]) -> FloatArray:
    """Return a place of the head, given from the middle of the eyes' height, in pixels, (3,)."""
    origin = np.array([mesh_px[[33, 263], 0].mean(), mesh_px[[33, 263], 1].mean(), 0.0])
    placed: FloatArray = origin + np.array(place_cm) * _scale(mesh_px)
    return placed


def _turned(points_px: FloatArray, mesh_px: FloatArray, yaw_deg: float, pitch_deg: float) -> FloatArray:
    """Turn points (N, 3) about the neck and see them in perspective."""
    pivot, camera = _place(mesh_px, _PIVOT_CM), _CAMERA_CM * _scale(mesh_px)
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


def _source_map(
    alpha: FloatArray, depth: FloatArray, mesh_px: FloatArray, yaw_deg: float, pitch_deg: float
) -> tuple[FloatArray, FloatArray]:
    """Find where each pixel of the view comes from, (h, w, 2), and how much of it is there, (h, w); float32."""
    height, width = alpha.shape
    # Found at half size, from four points a pixel: what is seen larger has no holes then.
    reach = cv2.dilate(alpha, np.ones((3, 3), np.uint8))
    left, top, part_w, part_h = cv2.boundingRect((reach > 0).astype(np.uint8))
    part, fine_wh = np.s_[top : top + part_h, left : left + part_w], (2 * part_w, 2 * part_h)
    grid = np.stack(np.meshgrid(np.arange(fine_wh[0]), np.arange(fine_wh[1])), axis=-1).astype(np.float32)
    xy = grid / 2 - 0.25 + np.array([left, top], np.float32)
    z = cv2.resize(depth[part], fine_wh, interpolation=cv2.INTER_LINEAR)
    turned = _turned(np.dstack([xy, z]).reshape(-1, 3), mesh_px, yaw_deg, pitch_deg).reshape(*z.shape, 3)
    seen = (cv2.resize(reach[part], fine_wh, interpolation=cv2.INTER_LINEAR) > 0) & _faces_camera(turned)
    points, origins = turned[seen], xy[seen]
    column, row = (np.round(points[:, axis] / 2 - 0.25).astype(int) for axis in (0, 1))
    order = np.argsort(points[:, 2], kind="stable")
    order = order[
        (column[order] >= 0) & (column[order] < width // 2) & (row[order] >= 0) & (row[order] < height // 2)
    ]
    source = np.zeros((height // 2, width // 2, 2), np.float32)
    known = np.zeros((height // 2, width // 2), np.float32)
    source[row[order], column[order]] = origins[order]
    known[row[order], column[order]] = 1
    return _enlarged(*_without_holes(source, known), (width, height))


def _faces_camera(turned: FloatArray) -> NDArray[np.bool_]:
    """Tell which points of the turned surface, (h, w, 3), are seen from their front."""
    dx, dy = np.gradient(turned[..., :2], axis=1), np.gradient(turned[..., :2], axis=0)
    front: NDArray[np.bool_] = dx[..., 0] * dy[..., 1] - dx[..., 1] * dy[..., 0] > 0
    return front


def _without_holes(source: FloatArray, known: FloatArray) -> tuple[FloatArray, FloatArray]:
    closed = cv2.morphologyEx(known, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    missing: NDArray[np.bool_] = (closed > 0) & (known == 0)
    filled, weight = source * known[..., None], known
    for sigma in (1.0, 3.0):
        total = cv2.GaussianBlur(weight, (0, 0), sigma)
        mean = cv2.GaussianBlur(filled, (0, 0), sigma) / np.maximum(total, 1e-6)[..., None]
        now = missing & (total > 0.05)
        filled = np.where(now[..., None], mean, filled)
        weight = np.where(now, 1, weight).astype(np.float32)
        missing &= ~now
    return filled, weight


def _enlarged(source: FloatArray, known: FloatArray, size_wh: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Bring the map to full size; smoothing hides the grid of its points, and softens the outline."""
    total = cv2.GaussianBlur(known, (0, 0), 0.7)
    near = cv2.GaussianBlur(known, (0, 0), 2.0)
    smooth = cv2.GaussianBlur(source * known[..., None], (0, 0), 0.7) / np.maximum(total, 1e-3)[..., None]
    beyond = cv2.GaussianBlur(source * known[..., None], (0, 0), 2.0) / np.maximum(near, 1e-3)[..., None]
    smooth = np.where(total[..., None] > 0.3, smooth, beyond).astype(np.float32)
    map_px: FloatArray = cv2.resize(smooth, size_wh, interpolation=cv2.INTER_LINEAR)
    share: FloatArray = np.clip((cv2.resize(total, size_wh, interpolation=cv2.INTER_LINEAR) - 0.35) / 0.4, 0, 1)
    return map_px, share
