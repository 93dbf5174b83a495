"""Skin beside hair: ears, hands and arms, in the face's own color and a light of their own."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from bench.train.hair.painted import Head, flesh_lab, soft
from quality.face import FloatArray
from transforms.head.head_crop import FACE_PX, crop_positions

_EARS = (((127, 234), -1), ((356, 454), 1))


def ears(rng: np.random.Generator, head: Head, offset_faces: tuple[float, float] = (0.0, 0.0)) -> Head:
    """Draw one ear or two over the hair; the offsets move those at a turned head's left and right inward."""
    u, v = crop_positions()
    for (vertices, side), offset in zip(_EARS, offset_faces, strict=True):
        if rng.random() < 0.25:
            continue
        at = head.points[list(vertices)].mean(axis=0) / FACE_PX
        x = (u - (at[0] - 1.15 + side * (rng.uniform(0.0, 0.09) + offset))) * side
        y = v - (1.25 - at[1]) - rng.normal(0.02, 0.03)
        tilt = rng.normal(0.15, 0.12)
        x, y = x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)
        wide, high = rng.uniform(0.04, 0.085), rng.uniform(0.1, 0.16)
        # Wider above than at the lobe.
        radius = np.hypot(x / (wide * (1 + 0.35 * np.clip(y / high, -1, 1))), y / high)
        hollow = np.exp(-(((radius - rng.uniform(0.45, 0.65)) / 0.16) ** 2)) * rng.uniform(2, 14)
        rim = np.exp(-(((radius - 0.88) / 0.1) ** 2)) * rng.uniform(0, 9)
        ear = flesh_lab(rng, head.skin_lab, (rim - hollow).astype(np.float32))
        head = head.covered(ear, soft((1 - radius) * wide, 1.2), is_hair=False)
    return head


def hand(rng: np.random.Generator, head: Head, photographed: Sequence[tuple[FloatArray, FloatArray]]) -> Head:
    """Lay a fist, a hand or an arm beside or over the hair.

    Parameters
    ----------
    rng : Generator
    head : Head
    photographed : sequence of ((n, m) lightness, (n, m) opacity)
        Real hands.
    """
    u, v = crop_positions()
    side = rng.choice((-1, 1))
    place = rng.random()
    if place < 0.5:
        x, y = side * rng.uniform(0.42, 0.95), rng.uniform(-0.7, 0.7)
    elif place < 0.85:
        x, y = side * rng.uniform(0.0, 0.55), rng.uniform(0.35, 0.9)
    else:
        x, y = rng.uniform(-0.4, 0.4), -rng.uniform(0.4, 0.8)
    size = rng.uniform(0.35, 0.85)
    share, relief = np.zeros_like(u), np.zeros_like(u)
    if photographed and rng.random() < 0.6:
        lightness, opacity = photographed[rng.integers(len(photographed))]
        scale = size * FACE_PX / max(opacity.shape)
        turn = cv2.getRotationMatrix2D((opacity.shape[1] / 2, opacity.shape[0] / 2), rng.uniform(0, 360), scale)
        turn[:, 2] += ((1.15 + x) * FACE_PX, (1.25 - y) * FACE_PX) - np.array(opacity.shape[::-1]) / 2
        if rng.random() < 0.5:
            lightness, opacity = lightness[:, ::-1], opacity[:, ::-1]
        wh = (u.shape[1], u.shape[0])
        relief = cv2.warpAffine(np.ascontiguousarray(lightness), turn, wh) * rng.uniform(0.4, 1)
        share = cv2.warpAffine(np.ascontiguousarray(opacity), turn, wh)
    else:
        angle = rng.uniform(0, np.pi)
        a = (u - x) * np.cos(angle) + (v - y) * np.sin(angle)
        b = -(u - x) * np.sin(angle) + (v - y) * np.cos(angle)
        thick = size * rng.uniform(0.11, 0.15)
        for finger in range(int(rng.integers(1, 6))):
            middle, half = (finger - 2) * thick * 1.9, size * rng.uniform(0.2, 0.5)
            far = np.hypot(np.maximum(np.abs(a) - half, 0), b - middle) / thick
            share = np.maximum(share, soft((1 - far) * thick, 1.5))
            relief = np.where(far < 1, 8 - rng.uniform(10, 22) * far**2, relief)
    if rng.random() < 0.6:
        way = np.arctan2(-1.2 - y, side * rng.uniform(0.3, 1.4) - x)
        along = (u - x) * np.cos(way) + (v - y) * np.sin(way)
        across = np.abs((u - x) * np.sin(way) - (v - y) * np.cos(way))
        arm = soft(size * rng.uniform(0.18, 0.3) - across) * soft(along)
        relief = np.where(share > 0.5, relief, 5 - 30 * (across / size) ** 2)
        share = np.maximum(share, arm)
    return head.covered(flesh_lab(rng, head.skin_lab, relief.astype(np.float32)), share, is_hair=False)
