"""The color of the skin near each pixel, carried over what is no skin."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.broad_blur import blurred_small
from transforms.color_models import mean_color


def smooth_known(lab: FloatArray, weight: FloatArray, eyes_px: float) -> FloatArray:
    """Carry known colors over the unknown, fine where much is known and coarse elsewhere.

    Source: normalized convolution, Knutsson & Westin, CVPR 1993, at three scales.
    """
    weight = weight.astype(np.float32, copy=False)
    weighted = np.dstack([lab * weight[..., None], weight])
    result: FloatArray = np.broadcast_to(mean_color(lab, weight).astype(np.float32), (1, 1, 3))
    for sigma in (0.5, 0.22, 0.1):
        blurred = blurred_small(weighted, sigma * eyes_px)
        size_wh = (blurred.shape[1], blurred.shape[0])
        known, mean = blurred[..., 3:], blurred[..., :3]
        result = cv2.resize(result, size_wh, interpolation=cv2.INTER_LINEAR)
        mean /= np.maximum(known, 1e-4)
        mean -= result
        mean *= np.minimum(known / 0.25, 1)
        result += mean
    return np.asarray(cv2.resize(result, (lab.shape[1], lab.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def near_skin(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """1 where a color could be this skin, in light or shade; limits by eye."""
    away = lab - skin
    chroma = np.sqrt(away[..., 1] ** 2 + away[..., 2] ** 2)
    lightness = np.broadcast_to(skin, lab.shape)[..., 0]
    # Shade darkens a light skin by more steps of L than a dark one.
    depth = -away[..., 0] / np.maximum(0.45 * lightness, 8)
    height = away[..., 0] / 28
    near = np.clip(1.6 - np.maximum(depth, height), 0, 1) * np.clip(2.0 - chroma / 12, 0, 1)
    return np.asarray(near, np.float32)
