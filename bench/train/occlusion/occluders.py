"""Things that cover faces: each function draws one over a crop and returns its opacity and its colors.

Every function takes (rng, scene) and returns (alpha (S, S) float32 0..1, paint (S, S, 3) float32 0..255).
Vertex numbers are MediaPipe's; lengths are in eye distances. All ranges are by eye, and wide on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.paint import Supplies

JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
LEFT_EYE, RIGHT_EYE = (33, 133, 159, 145), (263, 362, 386, 374)
HAIR_COLORS = (
    (22, 18, 16),
    (45, 30, 22),
    (75, 50, 32),
    (110, 75, 45),
    (165, 125, 75),
    (200, 170, 120),
    (120, 50, 25),
)
HAIR_COLORS += ((150, 150, 150), (205, 205, 205), (35, 30, 30))


@dataclass(frozen=True, eq=False)
class Scene:
    """A face to cover: crop float32 (S, S, 3), mesh (468, 2), skin color (3,), what covers are cut from."""

    crop: np.ndarray
    mesh: np.ndarray
    skin: np.ndarray
    supplies: Supplies

    @property
    def size(self) -> int:
        """Side of the crop, px."""
        return self.crop.shape[0]

    @property
    def eye_distance(self) -> float:
        """Between the outer corners, px; a turned face is given its upright one."""
        seen = float(np.linalg.norm(self.mesh[33] - self.mesh[263]))
        return max(seen, 0.42 * float(np.ptp(self.mesh[:, 1])))

    def point(self, *vertices: int) -> np.ndarray:
        """Mean of some vertices."""
        return self.mesh[list(vertices)].mean(axis=0)


Cover = tuple[np.ndarray, np.ndarray]
Occluder = Callable[[np.random.Generator, Scene], Cover]


def _filled(size: int, points: np.ndarray) -> np.ndarray:
    alpha = np.zeros((size, size), np.float32)
    cv2.fillPoly(alpha, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return alpha


def _smooth_closed(points: np.ndarray, count: int = 80) -> np.ndarray:
    """Draw a closed curve through the points, rounded by a periodic blur."""
    ring = np.concatenate([points, points[:1]])
    at = np.linspace(0, len(points), count, endpoint=False)
    index = at.astype(int)
    curve = ring[index] + (ring[index + 1] - ring[index]) * (at - index)[:, None]
    kernel = np.hanning(max(3, count // len(points)) | 1)
    padded = np.concatenate([curve[-20:], curve, curve[:20]])
    rounded = [np.convolve(padded[:, axis], kernel / kernel.sum(), "same")[20:-20] for axis in (0, 1)]
    return np.stack(rounded, axis=1)


def _paste(size: int, rgba: np.ndarray, from_points: np.ndarray, to_points: np.ndarray) -> Cover:
    """Place a picture with opacity by three (affine) or four (perspective) points."""
    source, target = np.float32(from_points), np.float32(to_points)
    if len(source) == 3:
        matrix = np.vstack([cv2.getAffineTransform(source, target), [0, 0, 1]])
    else:
        matrix = cv2.getPerspectiveTransform(source, target)
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) + 1e-6
    if scale < 0.7:
        rgba = cv2.GaussianBlur(rgba, (0, 0), 0.35 / scale)
    warped = cv2.warpPerspective(rgba, matrix, (size, size), flags=cv2.INTER_LINEAR).astype(np.float32)
    return warped[..., 3] / 255, warped[..., :3]


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
    alpha, colors = _paste(scene.size, rgba, source, [top, bottom, left, right])
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
    alpha = _filled(scene.size, points)
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
    return _filled(scene.size, points), colors * (1 + paint.folds(rng, scene.size, rng.uniform(0, 0.18)))


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
        alpha = np.maximum(alpha, _filled(size, lens))
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
    alpha, colors = _paste(scene.size, rgba, source, [middle - along / 2, middle + along / 2, middle + down])
    if rng.random() < 0.5:
        colors = colors * rng.uniform(0.5, 1.4) + rng.uniform(0, 50, 3).astype(np.float32)
    return np.clip(alpha * 1.5, 0, 1), colors


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
    alpha, colors = _paste(scene.size, bent, source, placed)
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
    alpha = _filled(size, np.concatenate([np.column_stack([edge, ys]), [[far, size + 5], [far, -5]]]))
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
    return _filled(scene.size, box), paint.any_paint(rng, scene.size, scene.supplies, scene.skin)


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
    return _filled(scene.size, box), colors


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
    alpha = _filled(scene.size, _smooth_closed(points))
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
        points = _smooth_closed(points)
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
        alpha = _filled(
            size,
            _smooth_closed(cv2.boxPoints(((float(target[0]), float(target[1])), shape, float(rng.normal(0, 40))))),
        )
        if rng.random() < 0.6:
            colors = paint.plain(rng, size, np.full(3, rng.uniform(5, 60))) + paint.slope(
                rng, size, 1.0
            ) * rng.uniform(0, 30)
    elif kind == 1:
        top, bottom, tall = unit * rng.uniform(0.3, 0.6), unit * rng.uniform(0.2, 0.45), unit * rng.uniform(0.7, 1.3)
        points = target + np.array([[-top, -tall / 2], [top, -tall / 2], [bottom, tall / 2], [-bottom, tall / 2]])
        alpha = _filled(size, points)
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


def mask_and_sunglasses(rng: np.random.Generator, scene: Scene) -> Cover:
    """Wear both: hardly any skin is left to compare with."""
    lower = (photo_mask, drawn_mask, scarf)[rng.integers(3)]
    upper = (sunglasses, photo_sunglasses)[rng.integers(2)]
    below, colors_below = lower(rng, scene)
    above, colors_above = upper(rng, scene)
    above, below = np.clip(above, 0, 1), np.clip(below, 0, 1)
    colors = colors_below + (colors_above - colors_below) * above[..., None]
    return np.maximum(below, above), colors.astype(np.float32)


OCCLUDERS: dict[str, tuple[Occluder, float]] = {
    "photo_mask": (photo_mask, 0.08),
    "drawn_mask": (drawn_mask, 0.06),
    "scarf": (scarf, 0.07),
    "sunglasses": (sunglasses, 0.08),
    "photo_sunglasses": (photo_sunglasses, 0.04),
    "photo_hand": (photo_hand, 0.15),
    "drawn_hand": (drawn_hand, 0.09),
    "hair": (hair, 0.06),
    "curtain": (curtain, 0.05),
    "card": (card, 0.07),
    "region_card": (region_card, 0.13),
    "blob": (blob, 0.05),
    "scribble": (scribble, 0.05),
    "held_object": (held_object, 0.02),
    "mask_and_sunglasses": (mask_and_sunglasses, 0.06),
}
"""Name -> function and share."""
