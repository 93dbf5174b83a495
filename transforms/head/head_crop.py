"""The upright crop of a head, and where hair grows in it."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray
from transforms.head.person import face_height_px, head_roll_deg
from transforms.picture.working_size import reduced

FACE_PX = 72
"""Face height in the working crop."""
REACH_FACES = (1.15, 1.25, 1.45)
"""How far the crop reaches to each side, above and below the middle of the face, in face heights."""
_FOREHEAD, _CHIN = 10, 152


def crop_size_wh(face_px: int) -> tuple[int, int]:
    """Return width and height of the crop whose face is `face_px` high."""
    side, above, below = REACH_FACES
    return round(2 * side * face_px), round((above + below) * face_px)


def crop_map(face: Face, face_px: int) -> FloatArray:
    """Return the affine map (2, 3) from the picture to the upright crop with this face height."""
    points = face.landmarks_px[:MESH_VERTICES, :2].astype(np.float64)
    roll = np.radians(head_roll_deg(face))
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]]) * face_px / face_height_px(face)
    middle = turn @ ((points[_FOREHEAD] + points[_CHIN]) / 2)
    side, above, _ = REACH_FACES
    return np.column_stack([turn, np.array([side, above]) * face_px - middle])


def shifted(to_crop: FloatArray, top_px: int, left_px: int = 0) -> FloatArray:
    """Return the map from a part of the picture that begins at these rows and columns."""
    from_part: FloatArray = to_crop.copy()
    from_part[:, 2] += to_crop[:, :2] @ (left_px, top_px)
    return from_part


def to_crop_points(face: Face, to_crop: FloatArray) -> FloatArray:
    """Return the landmarks in pixels of the crop, (478, 2)."""
    points: FloatArray = face.landmarks_px[:, :2] @ to_crop[:, :2].T + to_crop[:, 2]
    return points


def warp_area(image: FloatArray, to_crop: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Warp a picture of any type with a reduction by area first: a bilinear warp alone would alias."""
    scale = float(np.hypot(to_crop[0, 0], to_crop[0, 1]))
    if scale < 0.67:
        # Cut the part that is needed, then reduce it.
        corners = np.array([[0, 0, 1], [size_wh[0], 0, 1], [0, size_wh[1], 1], [*size_wh, 1]], np.float64)
        back = cv2.invertAffineTransform(to_crop)
        at = corners @ back.T
        low = np.maximum(np.floor(at.min(axis=0)).astype(int) - 4, 0)
        high = np.minimum(np.ceil(at.max(axis=0)).astype(int) + 4, (image.shape[1], image.shape[0]))
        part = image[low[1] : high[1], low[0] : high[0]]
        if part.size == 0:
            return np.zeros((size_wh[1], size_wh[0], *image.shape[2:]), image.dtype)
        small_wh = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        ratio = np.array([small_wh[0] / part.shape[1], small_wh[1] / part.shape[0]])
        image = reduced(part, small_wh)
        linear = to_crop[:, :2] / ratio
        shift = to_crop[:, 2] + to_crop[:, :2] @ low - linear @ (0.5 * (ratio - 1))
        to_crop = np.column_stack([linear, shift])
    return cv2.warpAffine(image, to_crop, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def inside_picture(height_px: int, width_px: int, to_crop: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Return 1 where the crop shows the picture, 0 beyond its border, (h, w) float32."""
    # In bytes: a picture of floats would be as large as all that is known of the head.
    inside = cv2.warpAffine(np.full((height_px, width_px), 255, np.uint8), to_crop, size_wh)
    return np.asarray(inside * np.float32(1 / 255))


@cache
def crop_positions() -> tuple[FloatArray, FloatArray]:
    """Return u to the right and v up from the middle of the face, in face heights, each (h, w) float32."""
    width, height = crop_size_wh(FACE_PX)
    side, above, _ = REACH_FACES
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    u, v = columns / FACE_PX - side, above - rows / FACE_PX
    u.setflags(write=False)
    v.setflags(write=False)
    return u, v


@cache
def hair_prior() -> FloatArray:
    """Return where hair grows in the crop, 0..1, by eye: a cap about the skull, two curtains to the shoulders."""
    u, v = crop_positions()
    u = np.abs(u)
    cap_radius = np.hypot(u / 0.62, (v - 0.22) / 0.72)
    cap = np.clip((1.45 - cap_radius) / 0.6, 0, 1) * np.clip((v + 0.25) / 0.3, 0, 1)
    curtain = np.clip((u - 0.30) / 0.12, 0, 1) * np.clip((0.95 - u) / 0.35, 0, 1)
    curtain = curtain * np.clip((v + 1.35) / 0.9, 0, 1) * (v < 0.5)
    prior: FloatArray = np.clip(np.maximum(0.9 * cap, 0.6 * curtain), 0.002, 0.95)
    return prior.astype(np.float32)


def connected(matte: FloatArray, prior: FloatArray) -> FloatArray:
    """Drop islands that do not touch the cap of the head; the rest keeps its softness."""
    count, labels = cv2.connectedComponents((matte > 0.25).astype(np.uint8))
    cap = prior > 0.45
    keep = np.zeros_like(matte)
    for label in range(1, count):
        part = labels == label
        if part.sum() >= 40 and (part & cap).sum() >= 12:
            keep[part] = 1
    keep = cv2.GaussianBlur(cv2.dilate(keep, np.ones((5, 5), np.uint8)), (0, 0), 1.5)
    return matte * keep
