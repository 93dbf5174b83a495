"""Where a face is free of what covers it: glasses, hands, masks and hair stay as they are."""

from __future__ import annotations

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import FloatArray
from transforms.face.face_window import FaceWindow
from transforms.face.layer_frame import FRAME_PX, LAYER_PX, PAD_PX

_LEAST_COVERED = 0.25


def exposure(window: FaceWindow, cover_ratio: FloatArray | None) -> FloatArray:
    """Return how much of each window pixel is free of cover, with a soft edge.

    Parameters
    ----------
    window : FaceWindow
    cover_ratio : ndarray, (S, S) float32, or None
        In `canonical_frame(S)`, 1 = covered.
    """
    if cover_ratio is None:
        return window.visible
    size = cover_ratio.shape[0]
    pad = round(PAD_PX * size / FRAME_PX)
    known = np.pad(canonical_frame(size).valid.astype(np.float32), pad)
    ratio = np.pad(cover_ratio, pad).astype(np.float32) * known
    if ratio.max() <= _LEAST_COVERED:
        return window.visible
    # What covers the rim of the mesh is taken to go on beyond it.
    spread: FloatArray = ratio
    for sigma in (12.0, 3.0):
        total = cv2.GaussianBlur(known, (0, 0), sigma * size / 64)
        mean = cv2.GaussianBlur(ratio, (0, 0), sigma * size / 64) / np.maximum(total, 1e-5)
        beyond = spread if sigma < 12 else mean
        spread = np.where(total > 0.02, mean, beyond)
    spread = np.where(known > 0, ratio, spread).astype(np.float32)
    sure = np.clip((spread - _LEAST_COVERED) / 0.5, 0, 1)
    layer = cv2.resize(sure, (LAYER_PX, LAYER_PX), interpolation=cv2.INTER_LINEAR)
    grown = cv2.dilate(layer, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    soft = cv2.GaussianBlur(grown, (0, 0), 3.0)
    free: FloatArray = window.visible * (1 - np.clip(window.sample(soft), 0, 1))
    return free
