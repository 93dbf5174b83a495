"""The color of the skin near each pixel, carried over what is no skin."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.picture.broad_blur import blurred_small
from transforms.picture.color_models import mean_color
from transforms.picture.normalized_blur import weighed


def smooth_known(lab: FloatArray, weight: FloatArray, eyes_px: float) -> FloatArray:
    """Carry known colors over the unknown, fine where much is known and coarse elsewhere.

    Source: normalized convolution, Knutsson & Westin, CVPR 1993, at three scales.
    """
    weighted = weighed(lab, weight)
    result: FloatArray = np.broadcast_to(mean_color(lab, weight).astype(np.float32), (1, 1, 3))
    for sigma in (0.5, 0.22, 0.1):
        *means, known = cv2.split(blurred_small(weighted, sigma * eyes_px))
        share, total = np.minimum(known / 0.25, 1), np.maximum(known, 1e-4)
        so_far = cv2.split(cv2.resize(result, known.shape[::-1], interpolation=cv2.INTER_LINEAR))
        result = cv2.merge(
            [plane + (mean / total - plane) * share for plane, mean in zip(so_far, means, strict=True)]
        )
    return np.asarray(cv2.resize(result, (lab.shape[1], lab.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def near_skin(lab: FloatArray, skin: FloatArray) -> FloatArray:
    """1 where a color could be this skin, in light or shade; limits by eye."""
    # Plane by plane numpy subtracts five times as fast.
    lightness, red, yellow = cv2.split(skin) if skin.ndim == 3 else skin.astype(np.float32)
    away, a, b = (plane - own for plane, own in zip(cv2.split(lab), (lightness, red, yellow), strict=True))
    # Shade darkens a light skin by more steps of L than a dark one.
    depth = -away / np.maximum(np.float32(0.45) * lightness, 8)
    near = np.clip(1.6 - np.maximum(depth, away / 28), 0, 1) * np.clip(2.0 - cv2.magnitude(a, b) / 12, 0, 1)
    return np.asarray(near, np.float32)
