"""What changes a face and covers nothing: skin tone, light, shadow, spectacles, stubble, make-up, camera."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import paint
from bench.train.occlusion.occluders.glasses import spectacles_outline
from bench.train.occlusion.occluders.scene import Scene

_UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
_LIPS = (*_UPPER_LIP, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_BEARD = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 410, 164, 186)


def darker_skin(rng: np.random.Generator, crop: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """Turn what has the color of skin darker, as if lit by the same light; eyes and teeth keep their white.

    Deeper skin reflects relatively less blue and green, and its gloss is as strong as on light skin.
    """
    depth = rng.uniform(0.22, 0.85)
    reflect = np.array([depth**0.85, depth, depth ** rng.uniform(1.0, 1.25)], np.float32)
    lab = cv2.cvtColor(np.clip(crop, 0, 255).astype(np.uint8), cv2.COLOR_RGB2LAB).astype(np.float32)
    own = cv2.cvtColor(np.clip(skin, 0, 255).astype(np.uint8).reshape(1, 1, 3), cv2.COLOR_RGB2LAB)[0, 0].astype(
        np.float32
    )
    chroma = np.hypot(lab[..., 1] - own[1], lab[..., 2] - own[2])
    likeness = np.exp(-((chroma / 22) ** 2))
    likeness = cv2.GaussianBlur(likeness, (0, 0), 1.0)[..., None]
    gloss = np.clip(crop - cv2.GaussianBlur(crop, (0, 0), 8), 0, None).mean(axis=2, keepdims=True)
    dark = crop * reflect + gloss * rng.uniform(0, 0.6) * (1 - depth)
    return crop + (dark - crop) * likeness


def shadow(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """Factor (S, S, 1): a shaded side, or a cast shadow with a sharp or soft edge."""
    unit, size = scene.eye_distance, scene.size
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    depth = rng.uniform(0.15, 0.85)
    if rng.random() < 0.55:
        angle = rng.choice([0.0, np.pi, rng.uniform(0, 2 * np.pi)]) + rng.normal(0, 0.2)
        center = scene.point(4) + rng.normal(0, 0.25, 2) * unit
        across = ((xs - center[0]) * np.cos(angle) + (ys - center[1]) * np.sin(angle)) / unit
        lit = 1 / (1 + np.exp(np.clip(-across / np.exp(rng.uniform(-5.3, -1.2)), -50, 50)))
    else:
        count = int(rng.integers(4, 9))
        points = scene.mesh[rng.integers(468)] + rng.normal(0, 0.8, (count, 2)) * unit
        dark = np.zeros((size, size), np.float32)
        cv2.fillPoly(dark, [np.round(points).astype(np.int32)], 1.0)
        lit = 1 - cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.6, 10))
    tint = np.array([rng.normal(1, 0.03), 1, rng.normal(1.03, 0.05)], np.float32)
    return 1 - (1 - lit[..., None]) * (1 - depth * tint)


def spectacles(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """Clear spectacles: frames, a faint tint, a reflection that does not hide the eye."""
    unit, size = scene.eye_distance, scene.size
    worn = np.array(scene.crop, np.float32, order="C")
    frame = (rng.uniform(0, 160) + rng.normal(0, 30, 3)).tolist()
    thickness = max(1, int(unit * rng.uniform(0.008, 0.05)))
    lenses = spectacles_outline(rng, scene)
    for lens in lenses:
        glass = np.zeros((size, size), np.float32)
        cv2.fillPoly(glass, [np.round(lens).astype(np.int32)], 1.0)
        if rng.random() < 0.4:
            worn += glass[..., None] * (rng.uniform(100, 255, 3).astype(np.float32) - worn) * rng.uniform(0, 0.15)
        if rng.random() < 0.25:
            spot = np.zeros((size, size), np.float32)
            at = lens.mean(axis=0) + rng.normal(0, 0.1, 2) * unit
            axes = (max(1, int(unit * rng.uniform(0.02, 0.1))), max(1, int(unit * rng.uniform(0.01, 0.05))))
            cv2.ellipse(
                spot,
                np.round(at).astype(int).tolist(),
                axes,
                float(rng.uniform(0, 180)),
                0,
                360,
                1.0,
                -1,
                cv2.LINE_AA,
            )
            worn += (spot * glass)[..., None] * (245 - worn) * rng.uniform(0.3, 0.9)
        cv2.polylines(worn, [np.round(lens * 16).astype(np.int32)], True, frame, thickness, cv2.LINE_AA, 4)
    inner = [lenses[0][np.argmax(lenses[0][:, 0])], lenses[1][np.argmin(lenses[1][:, 0])]]
    outer = [lenses[0][np.argmin(lenses[0][:, 0])], lenses[1][np.argmax(lenses[1][:, 0])]]
    for start, end in ((inner[0], inner[1]), (outer[0], scene.mesh[127]), (outer[1], scene.mesh[356])):
        cv2.line(
            worn,
            np.round(start).astype(int).tolist(),
            np.round(end).astype(int).tolist(),
            frame,
            thickness,
            cv2.LINE_AA,
        )
    return worn


def beard(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """Stubble, a moustache or a full beard: dark or gray hairs with a soft border, lips left free."""
    size, unit = scene.size, scene.eye_distance
    area = np.zeros((size, size), np.float32)
    kind = rng.choice(4)
    if kind != 1:
        points = scene.mesh[list(_BEARD)] + rng.normal(0, 0.03, (len(_BEARD), 2)) * unit
        cv2.fillPoly(area, [np.round(points).astype(np.int32)], 1.0)
    if kind in (1, 3):
        moustache = scene.mesh[[57, 186, 92, 165, 164, 391, 322, 410, 287, 0]] + rng.normal(0, 0.02, (10, 2)) * unit
        cv2.fillPoly(area, [np.round(moustache).astype(np.int32)], 1.0)
    lips = scene.mesh[list(_LIPS)]
    cv2.fillPoly(area, [np.round(lips).astype(np.int32)], 0.0)
    area = cv2.GaussianBlur(area, (0, 0), unit * rng.uniform(0.02, 0.08))
    color = np.array(
        [(25, 20, 18), (60, 42, 30), (110, 80, 55), (150, 150, 150), (215, 215, 215)][rng.integers(5)], np.float32
    )
    coverage = rng.uniform(0.2, 0.45) if kind == 0 else rng.uniform(0.35, 0.95)
    hairs = paint.grain(rng, size, 1.0, rng.uniform(0.4, 1.2))
    weight = np.clip(area[..., None] * (coverage + 0.35 * hairs * coverage), 0, 1)
    tone = color * (1 + 0.25 * paint.grain(rng, size, 1.0, 0.7)) * paint.slope(rng, size, 0.2)
    return scene.crop + (tone - scene.crop) * weight


def make_up(rng: np.random.Generator, scene: Scene) -> np.ndarray:
    """Lipstick, eye shadow, blusher."""
    size, unit = scene.size, scene.eye_distance
    made = scene.crop.copy()
    lips = np.zeros((size, size), np.float32)
    cv2.fillPoly(lips, [np.round(scene.mesh[list(_LIPS)]).astype(np.int32)], 1.0)
    inner = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
    cv2.fillPoly(lips, [np.round(scene.mesh[inner]).astype(np.int32)], 0.0)
    lip_color = np.array([rng.uniform(60, 210), rng.uniform(0, 80), rng.uniform(10, 110)], np.float32)
    light = made.mean(axis=2, keepdims=True) / max(float(scene.skin.mean()), 1)
    weight = cv2.GaussianBlur(lips, (0, 0), 0.7)[..., None] * rng.uniform(0.3, 0.9)
    made += (lip_color * light - made) * weight
    for vertices in ((159, 223), (386, 443), (50,), (280,)):
        spot = np.zeros((size, size), np.float32)
        at = np.round(scene.point(*vertices)).astype(int).tolist()
        cv2.ellipse(spot, at, (max(2, int(0.16 * unit)), max(2, int(0.06 * unit))), 0, 0, 360, 1.0, -1)
        color = scene.skin * rng.uniform(0.4, 1.1, 3)
        made += (color * light - made) * cv2.GaussianBlur(spot, (0, 0), 0.05 * unit)[..., None] * rng.uniform(0, 0.5)
    return made


def camera(rng: np.random.Generator, crop: np.ndarray) -> np.ndarray:
    """Low resolution, blur, motion, noise, JPEG."""
    size = crop.shape[0]
    if rng.random() < 0.25:
        small = int(size * rng.uniform(0.3, 0.9))
        crop = cv2.resize(cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA), (size, size))
    if rng.random() < 0.2:
        crop = cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.4, 2.2))
    if rng.random() < 0.3:
        crop = crop + rng.normal(0, rng.uniform(1, 14), crop.shape)
    crop = np.clip(crop, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 96))]
        crop = cv2.imdecode(cv2.imencode(".jpg", crop, quality)[1], cv2.IMREAD_COLOR)
    return crop
