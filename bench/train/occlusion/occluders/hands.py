"""Hands, photographed and drawn."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.scene import Cover, Scene, paste


def photo_hand(rng: np.random.Generator, scene: Scene) -> Cover:
    """Lay a photographed hand in the color of the face over any part of it."""
    rgba = scene.supplies.hands[rng.integers(len(scene.supplies.hands))]
    if rng.random() < 0.5:
        rgba = rgba[::-1]
    if rng.random() < 0.5:
        keep = rng.uniform(0.55, 1.0)
        rgba = rgba[:, : int(rgba.shape[1] * keep)]
    height, width = rgba.shape[:2]
    unit = scene.eye_distance
    target = scene.mesh[rng.choice([61, 291, 0, 17, 4, 152, 33, 263, 159, 386, 50, 280, 205, 425, 58, 288, 187, 411])]
    target = target + rng.normal(0, 0.15, 2) * unit
    # The source's fingers point left and its arm leaves to the right; the arm comes from below or a side.
    angle = rng.choice(
        [rng.uniform(0.1, np.pi - 0.1), rng.uniform(-0.5, 0.3), np.pi - rng.uniform(-0.5, 0.3), rng.uniform(0, 6.3)]
    )
    scale = unit * rng.uniform(0.6, 1.3) / height
    along = np.array([np.cos(angle), np.sin(angle)]) * scale
    across = np.array([-along[1], along[0]]) * rng.uniform(0.85, 1.2)
    grip = np.array([rng.uniform(0.05, 0.5) * width, rng.uniform(0.2, 0.8) * height])
    source = np.array([[0, 0], [width, 0], [0, height]])
    placed = [target + along * (x - grip[0]) + across * (y - grip[1]) for x, y in source]
    bent = _bent(rng, rgba)
    alpha, colors = paste(scene.size, bent, source, placed)
    solid = alpha > 0.5
    if solid.sum() < 20:
        return alpha, colors
    middle = np.median(colors[solid], axis=0)
    tone = paint.skin_tone(rng, scene.skin)
    shading = colors / np.maximum(middle, 1)
    shading = 1 + (shading - 1) * rng.uniform(0.5, 1.2)
    if rng.random() < 0.5:
        shading = shading.mean(axis=2, keepdims=True)
    return alpha, np.clip(tone * shading * paint.slope(rng, scene.size, 0.15), 0, 255).astype(np.float32)


def _bent(rng: np.random.Generator, rgba: np.ndarray) -> np.ndarray:
    """Two hands are few: bend each by a smooth random field."""
    height, width = rgba.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    field = [
        cv2.resize(rng.normal(0, 1, (3, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        for _ in "xy"
    ]
    reach = 0.05 * width * rng.uniform(0, 1)
    return cv2.remap(np.ascontiguousarray(rgba), xs + reach * field[0], ys + reach * field[1], cv2.INTER_LINEAR)


def drawn_hand(rng: np.random.Generator, scene: Scene) -> Cover:
    """Fingers as rounded tapering capsules, with or without a palm and an arm, shaded towards their edges."""
    unit, size = scene.eye_distance, scene.size
    target = scene.mesh[rng.choice([61, 291, 0, 17, 4, 152, 33, 263, 159, 386, 50, 280, 205, 425, 151])]
    target = target + rng.normal(0, 0.15, 2) * unit
    angle = rng.choice(
        [rng.uniform(0.3, np.pi - 0.3), rng.uniform(-0.6, 0.4), np.pi - rng.uniform(-0.6, 0.4), rng.uniform(0, 6.3)]
    )
    away = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-away[1], away[0]])
    finger_px = unit * rng.uniform(0.13, 0.22)
    count = int(rng.integers(1, 5))
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    alpha, rim = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    parts = []
    spread, length = rng.uniform(-0.1, 0.25), unit * rng.uniform(0.5, 1.0)
    for k in range(count):
        place = k - (count - 1) / 2
        direction = away + side * place * spread * 0.5
        tip = target + side * place * finger_px * rng.uniform(0.95, 1.15) - away * unit * rng.uniform(-0.1, 0.2)
        parts.append((tip, tip + direction * length, finger_px * rng.uniform(0.85, 1.05)))
    root = target + away * length
    if rng.random() < 0.75:
        parts.insert(0, (root, root + away * unit * 0.55, finger_px * max(count, 3) * 1.05))
        if rng.random() < 0.5:
            parts.insert(1, (root + away * 0.4 * unit, root + away * 3 * unit, finger_px * rng.uniform(2.2, 3.5)))
        if rng.random() < 0.5:
            thumb = root + side * rng.choice([-1, 1]) * finger_px * 2
            parts.append((thumb - away * unit * 0.4, thumb + away * unit * 0.2, finger_px * 1.15))
    for start, end, width in parts:
        line = end - start
        along = np.clip(((xs - start[0]) * line[0] + (ys - start[1]) * line[1]) / (line @ line + 1e-6), 0, 1)
        taper = width / 2 * (0.85 + 0.15 * along)
        near = np.hypot(xs - start[0] - along * line[0], ys - start[1] - along * line[1]) / taper
        part = np.clip((1 - near) * taper + 0.5, 0, 1)
        rim = np.where(part > 0.5, np.clip(near, 0, 1), rim)
        alpha = np.maximum(alpha, part)
    tone = paint.skin_tone(rng, scene.skin)
    shade = 1 - rng.uniform(0.15, 0.5) * rim ** rng.uniform(2, 6)
    colors = tone * shade[..., None] * paint.slope(rng, size, 0.15)
    creases = paint.grain(rng, size, rng.uniform(0, 0.06), rng.uniform(0.5, 3))
    return alpha, (colors * (1 + creases)).astype(np.float32)
