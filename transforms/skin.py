"""Younger skin: wrinkles, pores and blotches taken out by bands of frequency, fine grain and features kept.

Source: frequency separation with the bilateral filter (Tomasi & Manduchi, ICCV 1998); constants by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.face_view import FaceView

_BASE_EYES_PX = 90.0
_GRAIN_KEPT, _DETAIL_KEPT = 0.85, 0.12


def smooth_skin(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Take wrinkles out of the skin; 1 takes out nearly all."""
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale = min(1.0, _BASE_EYES_PX / view.eyes_px)
    size = (max(round(width * scale), 4), max(round(height * scale), 4))
    base = cv2.resize(lab, size, interpolation=cv2.INTER_AREA) if scale < 1 else lab.copy()
    eyes_px = view.eyes_px * scale
    for _ in range(3):
        base = cv2.bilateralFilter(base, 9, 11, max(eyes_px * 0.04, 1.0))
    base = cv2.resize(base, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = lab - cv2.GaussianBlur(lab, (0, 0), max(0.7, 0.007 * view.eyes_px))
    detail = (lab - base - grain) * _DETAIL_KEPT
    # Grain beyond what pores have is stubble or a wrinkle.
    grain = np.clip(grain, -3.5, 3.5) * _GRAIN_KEPT
    amount = np.clip(view.skin * 1.1, 0, 1) * view.skin_like * min(strength, 1.0)
    result: FloatArray = lab + (base + detail + grain - lab) * amount[..., None]
    return result


def even_tone(lab: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Lighten bags, folds and shade finer than the light's own, and bring blotches to the skin's color."""
    if strength <= 0:
        return lab
    height, width = lab.shape[:2]
    scale = min(1.0, 48.0 / view.eyes_px)
    size = (max(round(width * scale), 4), max(round(height * scale), 4))
    small = cv2.resize(lab, size, interpolation=cv2.INTER_AREA)
    weight = cv2.resize(view.skin * view.skin_like, size, interpolation=cv2.INTER_AREA)
    eyes_px = view.eyes_px * scale
    fine = _weighted_blur(small, weight, 0.045 * eyes_px)
    broad = _weighted_blur(small, weight, 0.2 * eyes_px)
    change = (broad - fine) * np.array([0.6, 0.7, 0.7], np.float32)
    # Hollows fill up more than highlights sink.
    change[..., 0] = np.where(
        change[..., 0] > 0, np.minimum(change[..., 0], 10), 0.4 * np.maximum(change[..., 0], -8)
    )
    amount = (view.skin * view.skin_like * strength)[..., None]
    result: FloatArray = lab + cv2.resize(change, (width, height), interpolation=cv2.INTER_LINEAR) * amount
    return result


def _weighted_blur(lab: FloatArray, weight: FloatArray, sigma_px: float) -> FloatArray:
    total = cv2.GaussianBlur(weight, (0, 0), max(sigma_px, 0.6))
    blurred: FloatArray = cv2.GaussianBlur(lab * weight[..., None], (0, 0), max(sigma_px, 0.6))
    return np.where((total > 0.02)[..., None], blurred / np.maximum(total, 0.02)[..., None], lab).astype(np.float32)
