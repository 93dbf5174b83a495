"""Cards, patches, scribbles and things held before the face."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.scene import LEFT_EYE, RIGHT_EYE, Cover, Scene, filled, smooth_closed


def card(rng: np.random.Generator, scene: Scene) -> Cover:
    """Lay a rectangle of any paint, from a sticker to a sheet, anywhere on the face."""
    unit = scene.eye_distance
    center = scene.mesh[rng.integers(468)] + rng.normal(0, 0.1, 2) * unit
    width, height = (
        unit * np.exp(rng.uniform(np.log(0.18), np.log(1.6))),
        unit * np.exp(rng.uniform(np.log(0.15), np.log(1.1))),
    )
    box = cv2.boxPoints(
        ((float(center[0]), float(center[1])), (float(width), float(height)), float(rng.normal(0, 35)))
    )
    box = box + rng.normal(0, 0.02 * unit, box.shape)
    return filled(scene.size, box), paint.any_paint(rng, scene.size, scene.supplies, scene.skin)


def region_card(rng: np.random.Generator, scene: Scene) -> Cover:
    """Lay a card, half of the time of nearly the face's color, on one of the regions."""
    unit = scene.eye_distance
    vertices = (LEFT_EYE, RIGHT_EYE, (4, 5, 195), (13, 14), (50, 205), (280, 425), (199, 200))[rng.integers(7)]
    center = scene.point(*vertices) + rng.normal(0, 0.1, 2) * unit
    size_px = unit * rng.uniform(0.25, 0.8, 2)
    box = cv2.boxPoints(
        ((float(center[0]), float(center[1])), (float(size_px[0]), float(size_px[1])), float(rng.normal(0, 25)))
    )
    skin_colored = rng.random() < 0.55
    colors = (
        paint.skin_like(rng, scene.size, scene.skin)
        if skin_colored
        else paint.any_paint(rng, scene.size, scene.supplies, scene.skin)
    )
    return filled(scene.size, box), colors


def blob(rng: np.random.Generator, scene: Scene) -> Cover:
    """Lay a rounded patch: plasters, eye pads, balls, food, leaves, whatever has no name."""
    unit = scene.eye_distance
    vertices = (LEFT_EYE, RIGHT_EYE, (4,), (13,), (205,), (425,), (152,), (151,), tuple(rng.integers(0, 468, 1)))[
        rng.integers(9)
    ]
    center = scene.point(*vertices) + rng.normal(0, 0.12, 2) * unit
    count = int(rng.integers(5, 12))
    radii = unit * rng.uniform(0.12, 0.6) * rng.uniform(0.75, 1.25, count)
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    stretch = rng.uniform(0.5, 1.0)
    points = center + np.column_stack([radii * np.cos(angles), radii * stretch * np.sin(angles)])
    alpha = filled(scene.size, smooth_closed(points))
    if rng.random() < 0.25:
        alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(1, 3))
    colors = paint.any_paint(rng, scene.size, scene.supplies, scene.skin)
    if rng.random() < 0.5:
        depth = np.clip(cv2.distanceTransform((alpha > 0.5).astype(np.uint8), cv2.DIST_L2, 3) / (0.25 * unit), 0, 1)
        colors = colors * (1 - rng.uniform(0, 0.4) * (1 - depth))[..., None]
    return alpha, colors


def scribble(rng: np.random.Generator, scene: Scene) -> Cover:
    """Draw a thick line over the face: zigzag, loop or stroke, in any color."""
    unit = scene.eye_distance
    count = int(rng.integers(2, 12))
    center = scene.mesh[rng.integers(468)] * 0.6 + scene.point(4) * 0.4
    points = center + rng.normal(0, rng.uniform(0.25, 0.7), (count, 2)) * unit
    if rng.random() < 0.4:
        points = points[np.argsort(points @ rng.normal(0, 1, 2))]
    if rng.random() < 0.4 and count > 3:
        points = smooth_closed(points)
    alpha = np.zeros((scene.size, scene.size), np.float32)
    thickness = max(2, int(unit * np.exp(rng.uniform(np.log(0.04), np.log(0.32)))))
    cv2.polylines(alpha, [np.round(points * 16).astype(np.int32)], False, 1.0, thickness, cv2.LINE_AA, 4)
    color = rng.uniform(0, 255, 3)
    if rng.random() < 0.5:
        color = np.array(
            [(220, 20, 20), (20, 20, 20), (250, 250, 250), (30, 60, 220), (20, 160, 40), (250, 220, 0)][
                rng.integers(6)
            ]
        )
    colors = np.broadcast_to(color.astype(np.float32), scene.crop.shape) + paint.grain(
        rng, scene.size, rng.uniform(0, 6), 0
    )
    return alpha, colors


def held_object(rng: np.random.Generator, scene: Scene) -> Cover:
    """Hold a phone, a cup or a microphone before the face."""
    unit, size = scene.eye_distance, scene.size
    target = scene.mesh[rng.choice([0, 17, 61, 291, 205, 425, 33, 263, 152, 4])] + rng.normal(0, 0.2, 2) * unit
    kind = rng.choice(3)
    colors = paint.plain(rng, size)
    if kind == 0:
        shape = (float(unit * rng.uniform(0.6, 0.9)), float(unit * rng.uniform(1.1, 1.8)))
        alpha = filled(
            size,
            smooth_closed(cv2.boxPoints(((float(target[0]), float(target[1])), shape, float(rng.normal(0, 40))))),
        )
        if rng.random() < 0.6:
            colors = paint.plain(rng, size, np.full(3, rng.uniform(5, 60))) + paint.slope(
                rng, size, 1.0
            ) * rng.uniform(0, 30)
    elif kind == 1:
        top, bottom, tall = unit * rng.uniform(0.3, 0.6), unit * rng.uniform(0.2, 0.45), unit * rng.uniform(0.7, 1.3)
        points = target + np.array([[-top, -tall / 2], [top, -tall / 2], [bottom, tall / 2], [-bottom, tall / 2]])
        alpha = filled(size, points)
        across = (np.arange(size, dtype=np.float32) - target[0]) / top
        colors = (
            colors
            * np.clip(1.1 - rng.uniform(0.1, 0.5) * (across - rng.uniform(-0.5, 0.5)) ** 2, 0.3, 1.2)[None, :, None]
        )
    else:
        alpha = np.zeros((size, size), np.float32)
        radius = unit * rng.uniform(0.18, 0.35)
        stem = target + unit * 2 * np.array([rng.normal(0, 0.4), 1])
        cv2.line(
            alpha,
            np.round(target).astype(int).tolist(),
            np.round(stem).astype(int).tolist(),
            1.0,
            max(2, int(radius * 1.2)),
        )
        cv2.circle(alpha, np.round(target).astype(int).tolist(), int(radius), 1.0, -1, cv2.LINE_AA)
        colors = paint.plain(rng, size, np.full(3, rng.uniform(10, 120))) + paint.grain(
            rng, size, rng.uniform(5, 25), 0.5
        )
    return alpha, colors
