"""Hair over the face: single strands, and curtains of it."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.scene import Cover, Scene, filled

HAIR_COLORS = (
    (22, 18, 16),
    (45, 30, 22),
    (75, 50, 32),
    (110, 75, 45),
    (165, 125, 75),
    (200, 170, 120),
    (120, 50, 25),
    (150, 150, 150),
    (205, 205, 205),
    (35, 30, 30),
)


def _strand(rng: np.random.Generator, start: np.ndarray, end: np.ndarray, bow: np.ndarray) -> np.ndarray:
    along = np.linspace(0, 1, 14)[:, None]
    middle = (start + end) / 2 + bow
    return (1 - along) ** 2 * start + 2 * along * (1 - along) * middle + along**2 * end


def hair(rng: np.random.Generator, scene: Scene) -> Cover:
    """Locks that fall over one side, a curtain over half the face, or a fringe over the eyes."""
    unit, size = scene.eye_distance, scene.size
    base = np.array(HAIR_COLORS[rng.integers(len(HAIR_COLORS))], np.float32) * rng.uniform(0.6, 1.3)
    colors = np.broadcast_to(base * 0.8, (size, size, 3)).astype(np.float32).copy()
    alpha = np.zeros((size, size), np.float32)
    style, side = rng.choice(3, p=[0.4, 0.35, 0.25]), rng.choice([-1, 1])
    locks = int(rng.integers(1, 5)) if style < 2 else int(rng.integers(4, 9))
    top, ends = scene.point(10) - [0, 0.35 * unit], []
    for _ in range(locks):
        if style == 2:
            x = rng.uniform(-0.85, 0.85) * unit
            ends.append(
                (top + np.array([x * 0.7, 0]), scene.point(168) + np.array([x, rng.uniform(-0.35, 0.3) * unit]))
            )
        else:
            reach = rng.uniform(0.1, 0.75) if style == 0 else rng.uniform(0.25, 0.8)
            finish = scene.point(4) + unit * np.array([side * reach, rng.uniform(-0.3, 1.6)])
            ends.append((top + np.array([side * rng.uniform(0, 0.6) * unit, 0]), finish))
    spread = unit * (rng.uniform(0.03, 0.15) if style == 0 else rng.uniform(0.1, 0.28))
    for start, finish in ends:
        bow = np.array([side * rng.uniform(-0.1, 0.35) * unit, 0])
        for _ in range(int(rng.integers(12, 60))):
            offset = rng.normal(0, spread, 2) * [1, 0.3]
            curve = _strand(
                rng, start + offset * rng.uniform(0.5, 1.5), finish + offset, bow + rng.normal(0, 0.03 * unit, 2)
            )
            points = [np.round(curve * 16).astype(np.int32)]
            thickness = int(rng.integers(1, 4))
            cv2.polylines(alpha, points, False, 1.0, thickness, cv2.LINE_AA, 4)
            cv2.polylines(colors, points, False, (base * rng.uniform(0.5, 1.8)).tolist(), thickness, cv2.LINE_AA, 4)
    if rng.random() < 0.5:
        alpha = np.clip(cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.5, 2.5)) * rng.uniform(1, 1.8), 0, 1)
    return alpha, colors


def curtain(rng: np.random.Generator, scene: Scene) -> Cover:
    """Draw a dense curtain of hair from one side, straight or wavy, over up to half of the face."""
    unit, size = scene.eye_distance, scene.size
    side = rng.choice([-1, 1])
    ys = np.linspace(-5, size + 5, 25)
    edge = scene.point(4)[0] + side * unit * rng.uniform(0.0, 0.75) + side * rng.normal(0, 0.15) * (ys - size / 2)
    edge = edge + side * unit * rng.uniform(0, 0.25) * np.sin(ys / unit * rng.uniform(0.3, 1.5) + rng.uniform(0, 6))
    far = -5.0 if side < 0 else size + 5.0
    alpha = filled(size, np.concatenate([np.column_stack([edge, ys]), [[far, size + 5], [far, -5]]]))
    if rng.random() < 0.6:
        fringe = cv2.GaussianBlur(rng.normal(0, 1, (size, size)).astype(np.float32), (0, 0), sigmaX=0.7, sigmaY=14)
        soft = cv2.GaussianBlur(alpha, (0, 0), unit * rng.uniform(0.02, 0.12))
        ragged = fringe / (fringe.std() + 1e-6) * 0.4 * (soft < 0.95)
        alpha = np.clip((soft - 0.5) * rng.uniform(2, 8) + 0.5 + ragged, 0, 1) * (soft > 0.05)
    base = np.array(HAIR_COLORS[rng.integers(len(HAIR_COLORS))], np.float32) * rng.uniform(0.5, 1.4)
    wave = np.zeros((size, size), np.float32)
    for thickness in (0.5, 1.2, 3.0):
        noise = rng.normal(0, 1, (size, size)).astype(np.float32)
        noise = cv2.GaussianBlur(noise, (0, 0), sigmaX=thickness, sigmaY=18)
        wave += rng.uniform(0, 0.3) * noise / (noise.std() + 1e-6)
    grid_y, grid_x = np.mgrid[0:size, 0:size].astype(np.float32)
    bend = unit * rng.uniform(0, 0.15) * np.sin(grid_y / unit * rng.uniform(0.5, 3) + rng.uniform(0, 6))
    bend += rng.normal(0, 0.2) * (grid_y - size / 2)
    wave = cv2.remap(wave, grid_x + bend, grid_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return alpha.astype(np.float32), base * np.exp(wave)[..., None] * paint.slope(rng, size, 0.25)
