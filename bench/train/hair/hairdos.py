"""Hair that the portraits have too little of: long, across the face, piled up, curly, cropped, two-colored, thin."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.hair.painted import Head, any_hair_lab, flesh_lab, noise_plane, soft, strands_lab
from quality.face import FloatArray
from transforms.hair.strands import strand_directions, strand_noise
from transforms.head.head_crop import FACE_PX, crop_positions


def dyed(rng: np.random.Generator, head: Head) -> Head:
    """Paint hair in another color, with its light and shade, and strands where black hides them."""
    lab, hair, points = head.lab, head.hair, head.points
    color = head.skin_lab + rng.normal(0, 1, 3) * (10, 3, 4) if rng.random() < 0.25 else any_hair_lab(rng)
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
    # What was taken for hair is hair now.
    return head.covered(painted, hair, is_hair=True)


def graded(rng: np.random.Generator, head: Head) -> Head:
    """Fair ends below dark roots, or broad fair strands."""
    _, v = crop_positions()
    if rng.random() < 0.6:
        share = np.clip((rng.uniform(-0.3, 0.7) - v) / rng.uniform(0.1, 0.8), 0, 1)
    else:
        share = np.clip(noise_plane(rng, rng.uniform(3, 9)) - rng.uniform(0, 1), 0, 1)
    other = any_hair_lab(rng)
    shift = (other - head.hair_lab) * rng.uniform(0.3, 1)
    lab = head.lab + (share * head.hair)[..., None] * shift.astype(np.float32)
    return Head(lab, head.hair, head.person, head.trust, head.points)


def long(rng: np.random.Generator, head: Head) -> Head:
    """Hair down both sides, now and then across a part of the face."""
    u, v = crop_positions()
    color = head.hair_lab + rng.normal(0, 1, 3) * (4, 1.5, 2)
    end = -rng.uniform(0.2, 1.35)
    share = np.zeros_like(u)
    for side in (-1, 1):
        if rng.random() < 0.12:
            continue
        x = u * side
        inner = rng.uniform(0.27, 0.42) + rng.normal(0, 0.06) * (0.4 - v)
        if rng.random() < 0.35:
            inner = inner - rng.uniform(0.05, 0.32) * np.clip((rng.uniform(0.3, 0.6) - v) / 0.25, 0, 1)
        outer = rng.uniform(0.45, 0.62) + rng.uniform(0.0, 0.22) * np.clip(0.4 - v, 0, 1)
        wave = noise_plane(rng, rng.uniform(4, 12)) * rng.uniform(0.005, 0.03)
        here = soft(x - inner + wave, rng.uniform(1, 3)) * soft(outer - x + wave, rng.uniform(1, 5))
        tips = end + noise_plane(rng, rng.uniform(1.5, 4)) * rng.uniform(0.02, 0.08) + rng.normal(0, 0.1)
        share = np.maximum(share, here * soft(v - tips, rng.uniform(1.5, 8)) * soft(0.5 - v, 10))
    bend = rng.normal(0, 0.25) + rng.uniform(0, 0.4) * np.sin(v * rng.uniform(3, 18) + u * 3)
    along = np.dstack([np.sin(bend), np.cos(bend)])
    painted = strands_lab(rng, color, along)
    # Darker where it hangs behind the cheeks.
    painted[..., 0] *= 1 - rng.uniform(0, 0.45) * np.exp(-(((np.abs(u) - 0.4) / 0.1) ** 2))
    return head.covered(painted, share, is_hair=True)


def fringed(rng: np.random.Generator, head: Head) -> Head:
    """A fringe or a lock across the forehead, in the colors of the hair above; now and then down over an eye."""
    u, v = crop_positions()
    brows = float(v[int(np.clip(head.points[9, 1], 0, len(v) - 1)), 0])
    slope = rng.uniform(-1.2, 1.2) if rng.random() < 0.6 else rng.uniform(-0.15, 0.15)
    lowest = brows - (0.5 if rng.random() < 0.25 else 0.05)
    line = np.maximum(brows + rng.uniform(-0.02, 0.2) + slope * (u - rng.normal(0, 0.1)), lowest)
    ends = cv2.GaussianBlur(rng.standard_normal((1, u.shape[1])).astype(np.float32), (0, 0), rng.uniform(0.8, 3))
    line = line + ends / ends.std() * rng.uniform(0.005, 0.03)
    wide = np.clip((rng.uniform(0.3, 0.5) - np.abs(u)) * FACE_PX / 2, 0, 1)
    lock = soft(v - line, rng.uniform(1, 4)) * wide * np.clip((0.62 - v) * FACE_PX, 0, 1)
    lock = lock * (1 - head.hair)
    along = np.dstack([np.full_like(u, np.sin(0.6 * slope)), np.full_like(u, np.cos(0.6 * slope))])
    return head.covered(strands_lab(rng, head.hair_lab + rng.normal(0, 1, 3) * (4, 1, 1), along), lock, is_hair=True)


def piled(rng: np.random.Generator, head: Head) -> Head:
    """A knot on top or behind."""
    u, v = crop_positions()
    x, y = u - rng.normal(0, 0.22), v - rng.uniform(0.72, 1.0)
    wide, high = rng.uniform(0.1, 0.26), rng.uniform(0.1, 0.24)
    share = soft(1 - np.hypot(x / wide, y / high) + noise_plane(rng, 2) * 0.06, rng.uniform(4, 12))
    around = np.dstack([-y / high, x / wide]) / (np.hypot(x / wide, y / high) + 1e-3)[..., None]
    share = share * (1 - head.hair) if rng.random() < 0.5 else share
    return head.covered(strands_lab(rng, head.hair_lab + rng.normal(0, 2, 3), around), share, is_hair=True)


def bushy(rng: np.random.Generator, head: Head) -> Head:
    """Hair that stands out further, with a ragged outline."""
    u, v = crop_positions()
    reach = int(rng.integers(3, 19))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    grown = cv2.GaussianBlur(cv2.dilate(head.hair, kernel), (0, 0), reach / 3)
    grown = np.clip((grown - 0.5 + noise_plane(rng, rng.uniform(1, 4)) * 0.12) * rng.uniform(2, 6) + 0.5, 0, 1)
    face = cv2.fillPoly(np.zeros_like(u), [np.round(head.points[:468]).astype(np.int32)[_hull(head.points)]], 1.0)
    share = grown * (1 - cv2.GaussianBlur(face, (0, 0), 1.5)) * soft(v + 0.25, 12) * (1 - head.hair)
    angle = noise_plane(rng, rng.uniform(1.5, 5)) * 1.5
    along = np.dstack([np.sin(angle), np.cos(angle)])
    return head.covered(strands_lab(rng, head.hair_lab, along), share, is_hair=True)


def cropped(rng: np.random.Generator, head: Head) -> Head:
    """Hair so short that the scalp shines through: skin, a little darker and finely grained."""
    grain = noise_plane(rng, rng.uniform(0.4, 0.9)) * rng.uniform(0.8, 4)
    dark = head.skin_lab * (rng.uniform(0.55, 0.88), rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9))
    short = np.empty_like(head.lab)
    short[...] = dark
    short[..., 0] += (head.lab[..., 0] - head.hair_lab[0]) * rng.uniform(0.2, 0.8) + grain
    share = head.hair * rng.uniform(0.75, 1)
    lab = head.lab + (short - head.lab) * share[..., None]
    return Head(lab.astype(np.float32), head.hair, head.person, head.trust, head.points)


def shaven(rng: np.random.Generator, head: Head) -> Head:
    """A bare head, or bare on top with hair about it: the skin's color, smooth, with a shine."""
    u, v = crop_positions()
    cover = cv2.GaussianBlur(cv2.dilate(head.hair, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    if rng.random() < 0.4:
        cover = cover * soft(v - rng.uniform(0.4, 0.62) - rng.uniform(0, 1) * u * u, rng.uniform(2, 14))
    bare = np.empty_like(head.lab)
    bare[...] = head.skin_lab + rng.normal(0, 1, 3) * (4, 1, 1.5)
    bare[..., 0] += rng.normal(0, 12) * u - rng.uniform(0, 15) * np.maximum(v - 0.5, 0)
    x, y = rng.normal(0, 0.2), rng.uniform(0.4, 0.8)
    bare[..., 0] += rng.uniform(0, 20) * np.exp(-((u - x) ** 2 + (v - y) ** 2) / rng.uniform(0.005, 0.06))
    # The rim of a bare head lies in its own shade.
    edge = cv2.GaussianBlur(head.person, (0, 0), 3)
    bare[..., 0] *= 1 - rng.uniform(0, 0.5) * np.clip(1.6 - 1.6 * edge, 0, 1)
    bare[..., 0] += noise_plane(rng, rng.uniform(0.5, 3)) * rng.uniform(0, 1.5)
    return head.covered(bare, cover, is_hair=False)


def turned(rng: np.random.Generator, head: Head) -> Head:
    """Turn the head as a cylinder: one side narrows, at the other hair, an ear and the nape come forth."""
    u, v = crop_positions()
    side = 1 if rng.random() < 0.5 else -1
    angle = np.radians(rng.uniform(12, 50))
    radius = 0.47 * (1 + 0.25 * np.clip(v, 0, 0.6) - 0.9 * np.clip(v - 0.55, 0, 1))
    x = np.clip(u / radius, -1, 1) * side
    deep = np.arcsin(x) + angle * np.clip((v + 0.75) / 0.3, 0, 1)
    behind = soft(deep - np.radians(rng.uniform(66, 80)), 20) * (np.abs(u) < radius)
    back = np.minimum(deep, np.radians(84))
    source = np.where(np.abs(u) < radius, side * radius * np.sin(back), u)
    columns = ((source - u) * FACE_PX + np.arange(u.shape[1])).astype(np.float32)
    rows = np.repeat(np.arange(u.shape[0], dtype=np.float32)[:, None], u.shape[1], axis=1)

    def moved(plane: FloatArray) -> FloatArray:
        return np.asarray(cv2.remap(plane, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    at = np.clip(np.round(head.points).astype(int), 0, np.array(u.shape[::-1]) - 1)
    wide = radius[at[:, 1], at[:, 0]] * FACE_PX
    middle = u.shape[1] / 2
    forth = np.arcsin(np.clip((head.points[:, 0] - middle) * side / wide, -1, 1)) - angle
    points = head.points.copy()
    points[:, 0] = middle + side * wide * np.sin(forth)
    result = Head(moved(head.lab), moved(head.hair), moved(head.person), moved(head.trust), points)
    nape = soft(v - rng.uniform(-0.4, 0.05), rng.uniform(2, 14))
    if head.has_hair:
        tilt = rng.normal(0, 0.4)
        along = np.dstack([np.full_like(u, np.sin(tilt)), np.full_like(u, np.cos(tilt))])
        hair = strands_lab(rng, head.hair_lab, along)
        result = result.covered(hair, behind * nape * result.person, is_hair=True)
    bare = behind * (1 - nape) if head.has_hair else behind
    return result.covered(
        flesh_lab(rng, head.skin_lab, 0 * u), bare * soft(v + 0.75, 10) * result.person, is_hair=False
    )


def bearded(rng: np.random.Generator, head: Head) -> Head:
    """A beard, short or long: strands, but not what the net is to find."""
    u, v = crop_positions()
    long_faces = rng.uniform(0.02, 0.7)
    wide = rng.uniform(0.28, 0.4)
    upper = -rng.uniform(0.12, 0.3) + rng.uniform(0.3, 1.2) * u * u * 4
    low = -0.5 - long_faces * np.sqrt(np.clip(1 - (u / wide) ** 2, 0, 1))
    share = soft(upper - v, rng.uniform(2, 6)) * soft(v - low + noise_plane(rng, 1.5) * 0.02, rng.uniform(1, 6))
    share = share * soft(wide - np.abs(u), rng.uniform(1.5, 5)) * rng.uniform(0.7, 1)
    mouth = np.hypot(u / 0.14, (v + 0.22) / 0.06)
    share = share * soft(mouth - 1, 12)
    color = head.hair_lab + rng.normal(0, 1, 3) * (5, 2, 3) if head.has_hair else any_hair_lab(rng)
    bend = 1.2 * u + rng.uniform(0, 0.6) * noise_plane(rng, rng.uniform(2, 5))
    painted = strands_lab(rng, color, np.dstack([np.sin(bend), np.cos(bend)]))
    return head.covered(painted, share * (1 - head.hair), is_hair=False)


def _hull(points: FloatArray) -> FloatArray:
    order: FloatArray = cv2.convexHull(np.round(points[:468]).astype(np.int32), returnPoints=False)[:, 0]
    return order
