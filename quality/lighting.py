"""Lighting: the mean luma of the visible face.

The upstream's documentation calls the value "the grey value of the face", equal to the Y of YUV, 0 to 255, higher is
better (https://cloud.baidu.com/doc/FACE/s/fk3co86lr): here BT.601's Y', averaged over the face in the canonical frame
without what covers it.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import FloatArray, ImageArray

LEAST_VISIBLE_RATIO = 0.05
"""With less of the face visible than this, whatever lies over the face is averaged too: the value stays defined."""


def measure_lighting(image: ImageArray, landmarks_px: FloatArray, cover_ratio: FloatArray) -> float:
    """Mean luma of the visible face.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    landmarks_px : ndarray, (>=468, >=2) float32
        Points of the mesh in the picture.
    cover_ratio : ndarray, (S, S) float32
        Share of each pixel of `canonical_frame(S)` that something covers, 0..1.

    Returns
    -------
    float
        0 (black) .. 255 (white); higher is better lit.
    """
    frame = canonical_frame(cover_ratio.shape[0])
    luma = cv2.cvtColor(frame.warp(image, landmarks_px), cv2.COLOR_RGB2GRAY).astype(np.float64)
    source_px = frame.source_map_px(landmarks_px)
    height, width = image.shape[:2]
    x, y = source_px[..., 0], source_px[..., 1]
    in_picture = frame.valid & (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    visible = np.where(in_picture, 1.0 - cover_ratio, 0.0)
    if visible.sum() < LEAST_VISIBLE_RATIO * in_picture.sum():
        visible = in_picture.astype(np.float64)
    total = float(visible.sum())
    return float((luma * visible).sum() / total) if total > 0 else 0.0
