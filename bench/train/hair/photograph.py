"""How a painted head comes into a picture: light, haze, darkness, place, the segmenter's errors, the camera's faults.

Sizes and odds by eye.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from bench.train.hair.painted import Head, noise_plane, unit_rgb
from quality.face import FloatArray, ImageArray
from transforms.head.head_crop import crop_positions


def background(rng: np.random.Generator, pictures: Sequence[ImageArray], head: Head) -> FloatArray:
    """Draw what is behind: plain, blurred or sharp; often black, or of the color of hair or skin; RGB, 0..1."""
    height, width = head.hair.shape
    kind = rng.random()
    if kind < 0.45:
        color = np.array([rng.uniform(3, 100), rng.normal(0, 10), rng.normal(0, 14)])
        near = rng.random()
        if near < 0.15:
            color = head.skin_lab + rng.normal(0, 4, 3)
        elif near < 0.4 and head.has_hair:
            color = head.hair_lab + rng.normal(0, 4, 3)
        elif near < 0.55:
            color = np.array([rng.uniform(1, 12), rng.normal(0, 2), rng.normal(0, 2)])
        u, v = crop_positions()
        plain = np.empty_like(head.lab)
        plain[...] = color
        plain[..., 0] += rng.normal(0, 10) * u + rng.normal(0, 10) * v
        plain[..., 0] += noise_plane(rng, rng.uniform(0.5, 8)) * rng.uniform(0, 6)
        return unit_rgb(plain)
    picture = pictures[rng.integers(len(pictures))]
    zoom = rng.uniform(1, 2)
    high, wide = min(round(height * zoom), picture.shape[0]), min(round(width * zoom), picture.shape[1])
    y, x = (int(rng.integers(0, limit + 1)) for limit in (picture.shape[0] - high, picture.shape[1] - wide))
    part = cv2.resize(picture[y : y + high, x : x + wide], (width, height), interpolation=cv2.INTER_AREA) / 255.0
    if rng.random() < 0.5:
        part = part[:, ::-1]
    if kind < 0.75:
        part = cv2.GaussianBlur(part, (0, 0), rng.uniform(0.5, 8))
    shifted: FloatArray = np.clip(part * rng.uniform(0.4, 1.3, 3) ** 0.6, 0, 1)
    return shifted


def lit(rng: np.random.Generator, rgb: FloatArray, front: FloatArray) -> FloatArray:
    """Light from a side, up to half a face in shadow; light from behind; haze or flare; near darkness."""
    u, v = crop_positions()
    angle = rng.uniform(0, 2 * np.pi)
    across = u * np.cos(angle) + v * np.sin(angle)
    width = rng.uniform(0.05, 1.2)
    dark = rng.uniform(0.3, 1.0) if rng.random() < 0.5 else rng.uniform(0.8, 1)
    field = dark + (1 - dark) / (1 + np.exp(-(across - rng.normal(0, 0.25)) / width * 3))
    rgb = rgb * field[..., None].astype(np.float32)
    if rng.random() < 0.12:
        # Against the light: a bright rim about head and hair, one side more.
        inner = cv2.GaussianBlur(front, (0, 0), rng.uniform(1, 4))
        rim = np.clip(1.9 * (1 - inner), 0, 1) * front * np.clip(rng.uniform(0.2, 1) + across, 0, 1)
        rgb = rgb + (rim * rng.uniform(0.2, 0.9))[..., None] * (rng.uniform(0.85, 1.05, 3) - rgb)
    if rng.random() < 0.14:
        haze = rng.uniform(0.15, 0.65) * np.clip(1 + rng.normal(0, 0.4) * u + rng.normal(0, 0.3) * v, 0.3, 1.5)
        color = rng.uniform(0.35, 1) * rng.uniform(0.8, 1, 3)
        rgb = rgb + np.clip(haze, 0, 0.8)[..., None] * (color - rgb)
    if rng.random() < 0.1:
        rgb = rgb * rng.uniform(0.12, 0.5) + rng.standard_normal(rgb.shape) * rng.uniform(0, 0.02)
    return np.asarray(rgb, np.float32)


def placed(
    rng: np.random.Generator, planes: Sequence[FloatArray], points: FloatArray
) -> tuple[list[FloatArray], FloatArray]:
    """Turn, scale, shift; `planes` are picture, person, inside, hair, trust."""
    height, width = planes[0].shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, 0.46 * height), rng.normal(0, 6), float(np.exp(rng.normal(0, 0.05))))
    turn[:, 2] += rng.normal(0, 1.5, 2)
    moved = [
        cv2.warpAffine(
            plane.astype(np.float32),
            turn,
            (width, height),
            borderMode=cv2.BORDER_CONSTANT if k == 2 else cv2.BORDER_REPLICATE,
        )
        for k, plane in enumerate(planes)
    ]
    at = points @ turn[:, :2].T + turn[:, 2]
    at += rng.normal(0, 0.7, 2)
    # At the picture's border hair may be cut off.
    if rng.random() < 0.15:
        cut = int(rng.integers(2, 26))
        moved[0][:cut] = moved[0][cut]
        for plane in moved[1:4]:
            plane[:cut] = 0
    return moved, at.astype(np.float32)


def mistaken(rng: np.random.Generator, person: FloatArray) -> FloatArray:
    """Err as the segmenter errs: too wide, too narrow, a neighbor."""
    side = int(rng.integers(2, 6))
    kernel = np.ones((side, side), np.uint8)
    chance = rng.random()
    if chance < 0.15:
        person = cv2.erode(person, kernel)
    elif chance < 0.3:
        person = cv2.dilate(person, kernel)
    elif chance < 0.4:
        high, wide = person.shape
        blob = np.zeros_like(person)
        center = (int(rng.choice((0, wide))), int(rng.integers(0, high)))
        cv2.ellipse(blob, center, (int(rng.integers(8, 60)), int(rng.integers(8, 90))), 0, 0, 360, 1.0, -1)
        person = np.maximum(person, cv2.GaussianBlur(blob, (0, 0), 1.5))
    return person


def photographed(rng: np.random.Generator, rgb: FloatArray) -> ImageArray:
    """Soft or small, grainy, compressed; RGB uint8."""
    height, width = rgb.shape[:2]
    if rng.random() < 0.4:
        scale = rng.uniform(0.35, 1)
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        rgb = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.4:
        rgb = rgb + rng.standard_normal(rgb.shape) * rng.uniform(0, 0.04)
    picture: ImageArray = np.clip(rgb * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 95))])[1]
        picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    return picture
