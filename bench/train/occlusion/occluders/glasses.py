"""Sunglasses, drawn and photographed, and the outline of spectacles."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.scene import LEFT_EYE, RIGHT_EYE, Cover, Scene, filled, paste


def _lens(center: np.ndarray, half_w: float, half_h: float, power: float, tilt: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    x = np.sign(cos) * np.abs(cos) ** (2 / power) * half_w
    y = np.sign(sin) * np.abs(sin) ** (2 / power) * half_h
    x = x * (1 - 0.13 * y / half_h)
    return center + np.column_stack([x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)])


def spectacles_outline(rng: np.random.Generator, scene: Scene) -> list[np.ndarray]:
    """Outlines of two lenses that sit on the eyes."""
    unit = scene.eye_distance
    half_w, half_h = unit * rng.uniform(0.22, 0.36), unit * rng.uniform(0.13, 0.27)
    power = rng.choice([2, 2.3, 3, 4.5])
    eyes = scene.point(*RIGHT_EYE) - scene.point(*LEFT_EYE)
    tilt = float(np.arctan2(eyes[1], eyes[0]) + rng.normal(0, 0.03))
    shift = np.array([rng.normal(0, 0.02), rng.uniform(-0.03, 0.1)]) * unit
    outward = rng.uniform(0, 0.05) * unit
    left = _lens(scene.point(*LEFT_EYE) + shift - [outward, 0], half_w, half_h, power, tilt)
    return [left, _lens(scene.point(*RIGHT_EYE) + shift + [outward, 0], half_w, half_h, power, tilt)]


def sunglasses(rng: np.random.Generator, scene: Scene) -> Cover:
    """Drawn sunglasses: dark, colored, graded, mirrored; one in ten shows one lens only."""
    unit, size = scene.eye_distance, scene.size
    lenses = spectacles_outline(rng, scene)
    shown = lenses if rng.random() < 0.9 else [lenses[rng.integers(2)]]
    base = rng.uniform(0, 70) + rng.normal(0, 12, 3) if rng.random() < 0.75 else rng.uniform(10, 200, 3)
    colors = np.broadcast_to(base.astype(np.float32), (size, size, 3))
    down = (np.arange(size, dtype=np.float32) - scene.point(168)[1]) / unit
    colors = colors + np.clip(down, -0.3, 0.4)[:, None, None] * rng.choice([0, rng.uniform(0, 160)])
    if rng.random() < 0.5:
        mirrored = cv2.GaussianBlur(paint.fabric(rng, size, scene.supplies), (0, 0), unit * rng.uniform(0.02, 0.1))
        colors = colors + mirrored * rng.uniform(0.05, 0.7)
    if rng.random() < 0.5:
        colors = colors + paint.slope(rng, size, 1.5) * rng.uniform(0, 50)
    see_through = rng.choice([0, 0, rng.uniform(0.05, 0.3)])
    colors = np.ascontiguousarray(colors * (1 - see_through) + scene.crop * see_through * 0.6, np.float32)
    alpha = np.zeros((size, size), np.float32)
    for lens in shown:
        alpha = np.maximum(alpha, filled(size, lens))
    frame = (rng.uniform(0, 90) + rng.normal(0, 20, 3)).tolist()
    thickness = max(1, int(unit * rng.uniform(0.01, 0.07)))
    for lens in shown:
        outline = [np.round(lens * 16).astype(np.int32)]
        cv2.polylines(alpha, outline, True, 1.0, thickness, cv2.LINE_AA, 4)
        cv2.polylines(colors, outline, True, frame, thickness, cv2.LINE_AA, 4)
    if len(shown) == 2:
        bridge = [np.round(p).astype(int).tolist() for p in (lenses[0].mean(0), lenses[1].mean(0))]
        line = np.zeros_like(alpha)
        cv2.line(line, *bridge, 1.0, max(1, thickness), cv2.LINE_AA)
        line = line * (alpha < 0.5)
        colors = colors * (1 - line[..., None]) + np.float32(frame) * line[..., None]
        alpha = np.maximum(alpha, line)
    return alpha, colors


def photo_sunglasses(rng: np.random.Generator, scene: Scene) -> Cover:
    """Photographed sunglasses laid over the eyes."""
    rgba = scene.supplies.glasses[0]
    height, width = rgba.shape[:2]
    unit = scene.eye_distance
    grow, tall = rng.uniform(0.95, 1.3), rng.uniform(0.85, 1.3)
    left, right = scene.point(*LEFT_EYE), scene.point(*RIGHT_EYE)
    shift = np.array([rng.normal(0, 0.02), rng.uniform(-0.02, 0.1)]) * unit
    along = (right - left) * grow
    middle = (left + right) / 2 + shift
    down = np.array([-along[1], along[0]]) * tall
    source = [
        [0.25 * width, 0.45 * height],
        [0.75 * width, 0.45 * height],
        [0.5 * width, 0.45 * height + 0.5 * width],
    ]
    alpha, colors = paste(scene.size, rgba, source, [middle - along / 2, middle + along / 2, middle + down])
    if rng.random() < 0.5:
        colors = colors * rng.uniform(0.5, 1.4) + rng.uniform(0, 50, 3).astype(np.float32)
    return np.clip(alpha * 1.5, 0, 1), colors
