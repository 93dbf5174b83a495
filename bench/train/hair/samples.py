"""Samples from portraits: hair in any color, before anything, in any light, under caps. Sizes and odds by eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bench.train.hair.portraits import Portrait
from quality.face import FloatArray, ImageArray
from transforms.head_crop import FACE_PX, crop_positions
from transforms.strands import strand_directions, strand_noise

# fmt: off
_COLORS_LAB = (
    (68, 3, 24), (54, 5, 20), (34, 14, 18), (45, 22, 32), (52, 20, 38), (30, 7, 12), (14, 1, 1), (55, 0, 2),
    (84, 0, 4),
)
# fmt: on
"""Blond, dark blond, auburn, red, copper, brown, black, gray, white."""


@dataclass(frozen=True, eq=False)
class Sample:
    """As `Portrait`, drawn anew."""

    rgb: ImageArray
    person: FloatArray
    inside: FloatArray
    hair: FloatArray
    points: FloatArray


def draw(
    rng: np.random.Generator, portrait: Portrait, neighbor: Portrait, backgrounds: Sequence[ImageArray]
) -> Sample:
    """Draw one sample, now and then with a neighbor behind; `backgrounds` are at least of the crop's size."""
    lab = cv2.cvtColor(portrait.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    hair = portrait.hair
    skin = _skin(lab, portrait.points)
    if rng.random() < 0.75 and float(hair.sum()) > 150:
        lab = _dyed(rng, lab, hair, portrait.points, skin)
    if rng.random() < 0.5:
        lab = _dressed(rng, lab, portrait, skin)
    if rng.random() < 0.08:
        lab, hair = _shaven(rng, lab, hair, skin)
    elif rng.random() < 0.18 and float(hair.sum()) > 150:
        lab, hair = _fringed(rng, lab, hair, portrait.points)
    elif rng.random() < 0.3:
        lab, hair = _capped(rng, lab, portrait)
    rgb = np.clip(
        cv2.cvtColor(np.clip(lab, (0, -90, -90), (100, 90, 90)).astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1
    )
    person = np.maximum(portrait.person, portrait.hair)
    front = np.clip((person - 0.3) / 0.6, 0, 1)[..., None]
    if rng.random() < 0.8:
        rgb = rgb * front + _background(rng, backgrounds, lab, hair, skin) * (1 - front)
    person = portrait.person
    if rng.random() < 0.3:
        # Standing higher a neighbor shows the shoulder, not the head.
        scale, aside = rng.uniform(0.8, 1.6), rng.choice((-1, 1)) * rng.uniform(0.75, 1.6) * FACE_PX
        middle = np.array([lab.shape[1] / 2, 1.2 * FACE_PX])
        to = middle * (1 - scale) + (aside * max(scale, 1), rng.uniform(-1.3, 0.6) * FACE_PX)
        shift = np.array([[scale, 0, to[0]], [0, scale, to[1]]])
        size = (lab.shape[1], lab.shape[0])
        theirs = cv2.warpAffine(np.maximum(neighbor.person, neighbor.hair), shift, size)
        picture = cv2.warpAffine(neighbor.rgb.astype(np.float32) / 255, shift, size, borderMode=cv2.BORDER_REPLICATE)
        behind = np.clip((theirs - 0.3) / 0.6, 0, 1)[..., None] * (1 - front)
        rgb = rgb + (picture - rgb) * behind
        person = np.maximum(person, theirs)
    rgb = rgb * _light(rng)[..., None]
    planes, points = _placed(rng, (rgb, person, portrait.inside, hair), portrait.points)
    person = _mistaken(rng, planes[1])
    return Sample(_photographed(rng, planes[0]), person, planes[2], planes[3], points)


def _skin(lab: FloatArray, points: FloatArray) -> FloatArray:
    at = np.clip(np.round(points[[50, 280, 205, 425]]).astype(int), 0, (lab.shape[1] - 1, lab.shape[0] - 1))
    color: FloatArray = np.median(lab[at[:, 1], at[:, 0]], axis=0)
    return color


def _dyed(
    rng: np.random.Generator, lab: FloatArray, hair: FloatArray, points: FloatArray, skin: FloatArray
) -> FloatArray:
    """Paint hair in another color, with its light and shade, and strands where black hides them."""
    if rng.random() < 0.25:
        color = skin + rng.normal(0, 1, 3) * (10, 3, 4)
    else:
        color = np.array(_COLORS_LAB[rng.integers(len(_COLORS_LAB))]) + rng.normal(0, 1, 3) * (6, 2, 3)
    color[0] = np.clip(color[0], 8, 92)
    middle = float(np.median(lab[..., 0][hair > 0.7])) + 8
    broad = cv2.GaussianBlur(lab[..., 0], (0, 0), 5)
    shade = np.clip((broad + 8) / middle, 0.3, 2.5) ** rng.uniform(0.3, 0.8)
    detail = (lab[..., 0] - broad) * rng.uniform(0.6, 1.3) * min((color[0] / middle) ** 0.5, 1.8)
    crown = points[10] + 0.33 * (points[10] - points[152])
    directions = strand_directions(lab[..., 0], hair, 1.0, (float(crown[0]), float(crown[1])))
    strands = strand_noise(directions, rng.uniform(0.8, 2.0), int(rng.integers(1 << 30)))
    light = color[0] * shade + detail + strands * rng.uniform(0, 0.12) * color[0]
    # Two tones: roots or streaks of another depth.
    if rng.random() < 0.3:
        locks = cv2.GaussianBlur(strands, (0, 0), 2) * 2
        light = light * (1 + rng.uniform(0.1, 0.35) * np.clip(locks, -1, 1))
    pigment = np.clip(light / max(color[0], 1), 0.4, 1.3)
    painted = np.dstack([light, color[1] * pigment, color[2] * pigment])
    dyed: FloatArray = lab + (painted - lab) * hair[..., None]
    return dyed.astype(np.float32)


def _dressed(rng: np.random.Generator, lab: FloatArray, portrait: Portrait, skin: FloatArray) -> FloatArray:
    """Clothes of another color, now and then that of the skin or of hair."""
    _, v = crop_positions()
    away = np.abs(lab - skin.astype(np.float32)) / (25, 8, 9)
    cloth = (away.max(axis=2) > 1) & (v < -0.65)
    share = cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 1.0) * portrait.person * (1 - portrait.hair)
    color = np.array([rng.uniform(8, 95), rng.normal(0, 15), rng.normal(0, 18)])
    if rng.random() < 0.3:
        color = np.array(_COLORS_LAB[rng.integers(len(_COLORS_LAB))], np.float64)
    painted = lab * 0
    painted[..., 0] = color[0] + (lab[..., 0] - 40) * rng.uniform(0.2, 0.7)
    painted[..., 1:] = color[1:]
    dressed: FloatArray = lab + (painted - lab) * share[..., None]
    return dressed.astype(np.float32)


def _fringed(
    rng: np.random.Generator, lab: FloatArray, hair: FloatArray, points: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A fringe or a lock across the forehead, in the colors of the hair above."""
    u, v = crop_positions()
    brows = float(v[int(np.clip(points[9, 1], 0, len(v) - 1)), 0])
    slope = rng.uniform(-1.2, 1.2) if rng.random() < 0.6 else rng.uniform(-0.15, 0.15)
    line = brows + rng.uniform(-0.02, 0.2) + slope * (u - rng.normal(0, 0.1))
    ends = cv2.GaussianBlur(rng.standard_normal((1, u.shape[1])).astype(np.float32), (0, 0), rng.uniform(0.8, 3))
    line = line + ends / ends.std() * rng.uniform(0.005, 0.03)
    wide = np.clip((rng.uniform(0.3, 0.5) - np.abs(u)) * FACE_PX / 2, 0, 1)
    below_top = np.clip((0.62 - v) * FACE_PX, 0, 1)
    lock = np.clip((v - line) * FACE_PX / rng.uniform(1, 4) + 0.5, 0, 1) * wide * below_top * (v > brows - 0.3)
    lock = (lock * (1 - hair)).astype(np.float32)
    sample = lab[hair > 0.7]
    along = np.dstack([np.full_like(u, np.sin(0.6 * slope)), np.full_like(u, np.cos(0.6 * slope))])
    strands = strand_noise(along.astype(np.float32), rng.uniform(0.8, 1.8), int(rng.integers(1 << 30)))
    color = np.median(sample, axis=0) + rng.normal(0, 1, 3) * (4, 1, 1)
    painted = np.empty_like(lab)
    painted[...] = color
    painted[..., 0] += strands * np.clip(sample[:, 0].std(), 2, 9)
    return (lab + (painted - lab) * lock[..., None]).astype(np.float32), np.maximum(hair, lock)


def _shaven(
    rng: np.random.Generator, lab: FloatArray, hair: FloatArray, skin: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A bare head: the skin's color, smooth, with a shine."""
    u, v = crop_positions()
    cover = cv2.GaussianBlur(cv2.dilate(hair, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    bare = np.empty_like(lab)
    bare[...] = skin + rng.normal(0, 1, 3) * (4, 1, 1.5)
    bare[..., 0] += rng.normal(0, 12) * u - rng.uniform(0, 15) * np.maximum(v - 0.5, 0)
    x, y = rng.normal(0, 0.2), rng.uniform(0.4, 0.8)
    bare[..., 0] += rng.uniform(0, 20) * np.exp(-((u - x) ** 2 + (v - y) ** 2) / rng.uniform(0.005, 0.06))
    noise = cv2.GaussianBlur(rng.standard_normal(u.shape).astype(np.float32), (0, 0), rng.uniform(0.5, 3))
    bare[..., 0] += noise / noise.std() * rng.uniform(0, 1.5)
    return (lab + (bare - lab) * cover[..., None]).astype(np.float32), hair * 0


def _capped(rng: np.random.Generator, lab: FloatArray, portrait: Portrait) -> tuple[FloatArray, FloatArray]:
    """A cap, a hat's crown, a scarf: cloth over the head above a line across the forehead."""
    u, v = crop_positions()
    line = rng.uniform(0.28, 0.5) + rng.uniform(-0.25, 0.25) * u - rng.uniform(0, 0.8) * u * u
    above = np.clip((v - line) * FACE_PX / 2 + 0.5, 0, 1)
    grown = cv2.dilate(np.maximum(portrait.person, portrait.hair), np.ones((3, 3), np.uint8))
    cover = cv2.GaussianBlur((above * grown).astype(np.float32), (0, 0), 0.6)
    color = np.array([rng.uniform(8, 92), rng.normal(0, 14), rng.normal(0, 16)])
    if rng.random() < 0.4:
        color[1:] *= 0.2
    smooth = cv2.GaussianBlur(lab[..., 0], (0, 0), 6)
    noise = cv2.GaussianBlur(rng.standard_normal(u.shape).astype(np.float32), (0, 0), rng.uniform(0.5, 2))
    cloth = np.empty_like(lab)
    cloth[..., 0] = color[0] * np.clip(smooth / max(float(smooth.mean()), 5), 0.6, 1.4)
    cloth[..., 0] += noise / noise.std() * rng.uniform(0, 6)
    if rng.random() < 0.4:
        cloth[..., 0] += rng.uniform(2, 10) * np.sign(np.sin((v * rng.uniform(-2, 2) + u) * rng.uniform(10, 90)))
    if rng.random() < 0.5:
        # A hem or a brim, of another shade.
        brim = np.clip(1 - np.abs(v - line - 0.04) * FACE_PX / rng.uniform(1.5, 5), 0, 1)
        cloth[..., 0] += brim * rng.normal(0, 15)
    if rng.random() < 0.3:
        panel = (np.abs(u - rng.normal(0, 0.15)) < rng.uniform(0.05, 0.25)).astype(np.float32)
        cloth[..., 0] += cv2.GaussianBlur(panel, (0, 0), 0.6) * rng.normal(0, 15)
    cloth[..., 1:] = color[1:]
    return (lab + (cloth - lab) * cover[..., None]).astype(np.float32), portrait.hair * (1 - cover)


def _background(
    rng: np.random.Generator, pictures: Sequence[ImageArray], lab: FloatArray, hair: FloatArray, skin: FloatArray
) -> FloatArray:
    height, width = lab.shape[:2]
    kind = rng.random()
    if kind < 0.4:
        color = np.array([rng.uniform(3, 100), rng.normal(0, 10), rng.normal(0, 14)])
        near = rng.random()
        if near < 0.2:
            color = skin + rng.normal(0, 4, 3)
        elif near < 0.4 and float(hair.sum()) > 100:
            color = lab[hair > 0.7].mean(axis=0) + rng.normal(0, 4, 3)
        u, v = crop_positions()
        plain = np.empty_like(lab)
        plain[...] = color
        plain[..., 0] += rng.normal(0, 10) * u + rng.normal(0, 10) * v
        noise = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), rng.uniform(0.5, 8))
        plain[..., 0] += noise / noise.std() * rng.uniform(0, 6)
        rgb = cv2.cvtColor(np.clip(plain, (0, -90, -90), (100, 90, 90)).astype(np.float32), cv2.COLOR_LAB2RGB)
        return np.clip(rgb, 0, 1)
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


def _light(rng: np.random.Generator) -> FloatArray:
    """Light from a side, up to half a face in shadow."""
    u, v = crop_positions()
    angle = rng.uniform(0, 2 * np.pi)
    across = u * np.cos(angle) + v * np.sin(angle)
    width = rng.uniform(0.05, 1.2)
    dark = rng.uniform(0.3, 1.0) if rng.random() < 0.5 else rng.uniform(0.8, 1)
    field: FloatArray = dark + (1 - dark) / (1 + np.exp(-(across - rng.normal(0, 0.25)) / width * 3))
    return field.astype(np.float32)


def _placed(
    rng: np.random.Generator, planes: Sequence[FloatArray], points: FloatArray
) -> tuple[list[FloatArray], FloatArray]:
    """Turn, scale, shift and mirror."""
    height, width = planes[0].shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, 0.46 * height), rng.normal(0, 6), float(np.exp(rng.normal(0, 0.05))))
    turn[:, 2] += rng.normal(0, 1.5, 2)
    border = {0: cv2.BORDER_REPLICATE, 1: cv2.BORDER_REPLICATE, 2: cv2.BORDER_CONSTANT, 3: cv2.BORDER_REPLICATE}
    moved = [
        cv2.warpAffine(plane.astype(np.float32), turn, (width, height), borderMode=border[k])
        for k, plane in enumerate(planes)
    ]
    at = points @ turn[:, :2].T + turn[:, 2]
    at += rng.normal(0, 0.7, 2)
    # At the picture's border hair may be cut off.
    if rng.random() < 0.15:
        cut = int(rng.integers(2, 26))
        moved[0][:cut] = moved[0][cut]
        for plane in moved[1:]:
            plane[:cut] = 0
    return moved, at.astype(np.float32)


def _mistaken(rng: np.random.Generator, person: FloatArray) -> FloatArray:
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


def _photographed(rng: np.random.Generator, rgb: FloatArray) -> ImageArray:
    """Soft or small, grainy, compressed."""
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
