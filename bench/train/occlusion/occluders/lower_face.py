"""Masks and scarves."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.scene import Cover, Scene, filled, paste

JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)


def _recolored(rng: np.random.Generator, colors: np.ndarray) -> np.ndarray:
    gray = colors.mean(axis=2, keepdims=True)
    mixed = gray + (colors - gray)[..., rng.permutation(3)] * rng.uniform(0, 1.3)
    return mixed * rng.uniform(0.55, 1.15) * rng.normal(1, 0.06, 3).astype(np.float32) + rng.uniform(-10, 40)


def photo_mask(rng: np.random.Generator, scene: Scene) -> Cover:
    """Fit a photographed mask to the face: on the nose bridge, below the nose, or on the chin."""
    rgba = scene.supplies.masks[rng.integers(len(scene.supplies.masks))]
    height, width = rgba.shape[:2]
    unit = scene.eye_distance
    top = (scene.point(6), scene.point(197), scene.point(5), scene.point(2), scene.point(0), scene.point(17))[
        rng.choice(6, p=[0.25, 0.28, 0.12, 0.15, 0.1, 0.1])
    ]
    bottom = scene.point(152) + unit * np.array([rng.normal(0, 0.06), rng.uniform(0.0, 0.2)])
    drop = np.array([0, max(0.0, (top - scene.point(197))[1])])
    left = scene.point(234, 93) + drop * 0.9 + [rng.uniform(-0.08, 0.12) * unit, rng.normal(0, 0.08) * unit]
    right = scene.point(454, 323) + drop * 0.9 + [rng.uniform(-0.12, 0.08) * unit, rng.normal(0, 0.08) * unit]
    left[1], right[1] = (min(max(p[1], top[1] + 0.05 * unit), bottom[1] - 0.35 * unit) for p in (left, right))
    source = [[width / 2, 0], [width / 2, height], [0, height * 0.3], [width, height * 0.3]]
    alpha, colors = paste(scene.size, rgba, source, [top, bottom, left, right])
    if rng.random() < 0.4:
        print_on = paint.fabric(rng, scene.size, scene.supplies)
        shade = colors.mean(axis=2, keepdims=True)
        colors = print_on * np.clip(
            shade / max(float(shade[alpha > 0.5].mean()) if (alpha > 0.5).any() else 128, 20), 0.4, 1.5
        )
    elif rng.random() < 0.6:
        colors = _recolored(rng, colors)
    if rng.random() < 0.5:
        for side, ear in ((left, 127), (right, 356)):
            ear_px = scene.point(ear) + rng.normal(0, 0.05 * unit, 2)
            cv2.line(
                alpha, np.round(side).astype(int).tolist(), np.round(ear_px).astype(int).tolist(), 1.0, 1, cv2.LINE_AA
            )
    return alpha, colors


def drawn_mask(rng: np.random.Generator, scene: Scene) -> Cover:
    """Draw a mask as a polygon from the jaw to any height, plain, pleated or printed."""
    unit = scene.eye_distance
    tops = ((454, 347, 6, 118, 234), (323, 329, 197, 100, 93), (361, 426, 2, 206, 132), (288, 287, 17, 57, 58))
    top = scene.mesh[list(tops[rng.choice(4, p=[0.4, 0.3, 0.15, 0.15])])]
    low = scene.mesh[[v for v in JAW if top[-1][1] - 1 <= scene.mesh[v][1]]]
    points = np.concatenate([low, top])
    center = points.mean(axis=0)
    points = center + (points - center) * rng.uniform(0.95, 1.12) + rng.normal(0, 0.015 * unit, points.shape)
    points[:, 1] += unit * rng.choice([0, 0, rng.uniform(0, 0.5)])
    alpha = filled(scene.size, points)
    colors = _cloth(rng, scene)
    if rng.random() < 0.5:
        ys = np.arange(scene.size, dtype=np.float32)[:, None, None] / unit
        pleats = np.sin(2 * np.pi * ys / rng.uniform(0.15, 0.35) + rng.uniform(0, 6)) > rng.uniform(0.5, 0.9)
        colors = colors * (
            1 - rng.uniform(0.05, 0.2) * cv2.GaussianBlur(pleats.astype(np.float32), (0, 0), 0.8)[..., None]
        )
    across = (np.arange(scene.size, dtype=np.float32) - scene.point(4)[0]) / unit
    return alpha, colors * np.clip(1.05 - rng.uniform(0, 0.35) * across**2, 0.4, 1.1)[None, :, None]


def _cloth(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    if rng.random() < 0.45:
        return paint.fabric(rng, scene.size, scene.supplies)
    colors = (
        (240, 240, 240),
        (150, 190, 225),
        (25, 25, 28),
        (200, 220, 200),
        (190, 110, 150),
        (60, 90, 140),
        None,
        None,
    )
    color = colors[rng.integers(len(colors))]
    field = paint.plain(rng, scene.size, None if color is None else np.array(color) * rng.uniform(0.75, 1.05))
    return field * (1 + paint.folds(rng, scene.size, rng.uniform(0, 0.1)))


def scarf(rng: np.random.Generator, scene: Scene) -> Cover:
    """Cloth or paper from the neck up to some height of the face, with a wavy or straight upper edge."""
    unit = scene.eye_distance
    height = scene.point((197, 5, 2, 0, 17, 200)[rng.choice(6, p=[0.2, 0.2, 0.25, 0.15, 0.1, 0.1])])[1]
    xs = np.linspace(-10, scene.size + 10, 30)
    middle = scene.point(4)[0]
    edge = height + rng.normal(0, 0.05) * unit + rng.normal(0, 0.12) * (xs - middle)
    edge = edge - rng.uniform(-0.15, 0.3) * ((xs - middle) / unit) ** 2 * unit
    edge += rng.uniform(0, 0.05) * unit * np.sin(xs / unit * rng.uniform(1, 5) + rng.uniform(0, 6))
    low, high = (-10.0, scene.size + 10.0)
    if rng.random() < 0.6:
        half = unit * rng.uniform(0.6, 1.0)
        low, high = middle - half * rng.uniform(0.85, 1.1), middle + half * rng.uniform(0.85, 1.1)
    inside = (xs >= low) & (xs <= high)
    points = np.column_stack([xs[inside], edge[inside]])
    points = np.concatenate([points, [[high, scene.size + 5], [low, scene.size + 5]]])
    colors = (
        _cloth(rng, scene) if rng.random() < 0.75 else paint.any_paint(rng, scene.size, scene.supplies, scene.skin)
    )
    return filled(scene.size, points), colors * (1 + paint.folds(rng, scene.size, rng.uniform(0, 0.18)))
