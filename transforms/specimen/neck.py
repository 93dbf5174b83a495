"""The neck, and the back of a turned head, drawn behind it."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.specimen.brush import CANVAS_WH, soft_filled
from transforms.specimen.head import Head


def with_back_of_head(canvas: FloatArray, head: Head, skull_ltrb_px: FloatArray) -> FloatArray:
    """Draw hair on the part of the skull that a frontal picture does not show."""
    middle = head.rgba[:, head.rgba.shape[1] // 2 - 40 : head.rgba.shape[1] // 2 + 40]
    first = int(np.argmax(middle[..., 3].mean(axis=1) > 0.9))
    hair = middle[first : first + 24, :, :3].mean(axis=(0, 1))
    left, top, right, bottom = skull_ltrb_px
    turns = np.linspace(0, 2 * np.pi, 90)
    ellipse = np.column_stack(
        [(left + right + (right - left) * np.cos(turns)) / 2, (top + bottom + (bottom - top) * np.sin(turns)) / 2]
    )
    mask = soft_filled(ellipse, 1.5)
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    u, v = (2 * xs - left - right) / (right - left), (2 * ys - top - bottom) / (bottom - top)
    shade = 0.95 - 0.35 * np.clip(u * u + v * v, 0, 1)
    strands = np.random.default_rng(3).normal(0, 1, (CANVAS_WH[1], CANVAS_WH[0])).astype(np.float32)
    shade += 0.35 * cv2.GaussianBlur(strands, (0, 0), 0.8, sigmaY=5)
    over: FloatArray = canvas * (1 - mask) + hair * shade[..., None] * mask
    return over


def with_neck(
    canvas: FloatArray, mesh_px: FloatArray, turned_px: FloatArray, skull_ltrb_px: FloatArray, skin_rgb: FloatArray
) -> FloatArray:
    """Draw the neck, round and in the chin's shadow; `mesh_px` is the frontal mesh, `turned_px` the head's."""
    chin, face = mesh_px[152], float(mesh_px[152, 1] - mesh_px[10, 1])
    half = 0.28 * float(mesh_px[454, 0] - mesh_px[234, 0]) + 0.06 * face
    steps = ((0.10, 0.98), (0.20, 1.05), (0.30, 1.35), (0.50, 2.1))
    jaw = turned_px[[58, 172, 136, 150, 149, 148, 152, 377, 378, 379, 365, 397, 288]]
    jaw = jaw.mean(axis=0) + 0.93 * (jaw - jaw.mean(axis=0))
    right = np.array([(chin[0] + half * wide, chin[1] + face * down) for down, wide in steps])
    left = np.array([(chin[0] - half * wide, chin[1] + face * down) for down, wide in steps])
    skull_left, _, skull_right, skull_bottom = skull_ltrb_px
    middle, reach = (skull_left + skull_right) / 2, (skull_right - skull_left) / 4
    nape = np.array([[middle + side * reach, skull_bottom - 0.08 * face] for side in (-1, 1)])
    hull = cv2.convexHull(np.vstack([jaw, nape, right[:2], left[:2]]).astype(np.float32))[:, 0]
    mask = np.maximum(soft_filled(np.vstack([right, left[::-1]]), 1.0), soft_filled(hull, 1.0))
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    across, down = (xs - chin[0]) / half, (ys - chin[1]) / face
    shade = 0.86 - 0.22 * np.clip(np.abs(across), 0, 1.2) ** 2.5
    # The chin's shadow, deepest just below it; the hollow above the collar.
    shade *= 1 - 0.38 * np.exp(-(((down - 0.02) / 0.13) ** 2)) * np.clip(1.25 - np.abs(across) * 0.5, 0, 1)
    # Two muscles run from behind the ears to the hollow.
    line = 0.75 - 1.3 * (down - 0.05)
    shade *= 1 + 0.05 * np.exp(-(((np.abs(across) - line) / 0.16) ** 2))
    neck = skin_rgb * np.array([1.0, 0.97, 0.95], np.float32) * shade[..., None]
    over: FloatArray = canvas * (1 - mask) + neck * mask
    return over
