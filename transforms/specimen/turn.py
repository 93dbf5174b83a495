"""A head seen at a yaw and pitch: every pixel is given a depth, turned in space, and the nearest one is seen.

What a frontal picture does not show (the side of the head) is stretched from its rim: good to some sixty degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.specimen.head import Head
from transforms.specimen.head_surface import depth_px, place_px, px_per_cm, turned_px
from transforms.specimen.source_map import source_map

MARGIN_PX = 120
"""Border around the head's picture: a turned head moves."""
_BACK_CENTER_CM, _BACK_SEMI_AXES_CM = (0.0, -3.6, -3.4), (7.9, 8.4, 8.8)
"""Ellipsoid of the skull behind the face, drawn in the color of the hair. By eye."""
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
    depth = depth_px(mesh, shape)
    source, share = source_map(padded[..., 3], depth, mesh, yaw_deg, pitch_deg)
    premultiplied = padded.copy()
    premultiplied[..., :3] *= padded[..., 3:]
    seen: FloatArray = cv2.remap(premultiplied, source, np.empty(0, np.float32), cv2.INTER_LINEAR)
    seen[..., :3] /= np.maximum(seen[..., 3:], 1e-3)
    seen[..., 3] *= share
    # The map softens as any resampling does; what it takes is given back.
    soft = cv2.GaussianBlur(seen[..., :3], (0, 0), _SHARPEN_SIGMA_PX)
    seen[..., :3] = np.clip(seen[..., :3] + _SHARPEN_GAIN * (seen[..., :3] - soft), 0, 255)
    turned = turned_px(mesh, mesh, yaw_deg, pitch_deg)[:, :2].astype(np.float32)
    return HeadView(seen, turned, _skull_ltrb_px(mesh, yaw_deg, pitch_deg))


def _skull_ltrb_px(mesh_px: FloatArray, yaw_deg: float, pitch_deg: float) -> tuple[float, float, float, float]:
    center = turned_px(place_px(mesh_px, _BACK_CENTER_CM)[None], mesh_px, yaw_deg, pitch_deg)[0]
    a, b, c = (axis * px_per_cm(mesh_px) for axis in _BACK_SEMI_AXES_CM)
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    half_w = math.hypot(a * math.cos(yaw), c * math.sin(yaw))
    half_h = math.hypot(b * math.cos(pitch), 0.6 * c * math.sin(pitch))
    return center[0] - half_w, center[1] - half_h, center[0] + half_w, center[1] + half_h
