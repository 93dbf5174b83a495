"""Cloth on and around heads, none of which is hair: caps with visors, knitted caps, hats, hoods, scarves, bands."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from bench.train.hair.painted import Head, cloth_lab, soft
from quality.face import FloatArray, ImageArray
from transforms.head.head_crop import crop_positions


def headwear(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> Head:
    """Put one of them on."""
    kind = rng.random()
    if kind < 0.62:
        return _cap(rng, head, fabrics)
    if kind < 0.85:
        return _hood(rng, head, fabrics)
    return _band(rng, head, fabrics)


def _shade(rng: np.random.Generator, head: Head) -> FloatArray:
    """Light over the cloth: round as the head is."""
    u, v = crop_positions()
    broad = cv2.GaussianBlur(head.lab[..., 0], (0, 0), 6)
    own = np.clip(broad / max(float(broad.mean()), 5), 0.6, 1.4)
    x, y = rng.normal(0, 0.25), rng.uniform(0.3, 0.9)
    ball = 1.15 - rng.uniform(0.2, 1.6) * ((u - x) ** 2 + (v - y) ** 2)
    return np.asarray(ball if rng.random() < 0.6 else own, np.float32)


def _cloth(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> FloatArray:
    near = head.hair_lab if head.has_hair else head.skin_lab
    return cloth_lab(rng, _shade(rng, head), near, fabrics)


def _cap(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> Head:
    """Cloth over the head above a line across the forehead; a visor, a cuff or a wide brim below it."""
    u, v = crop_positions()
    line = rng.uniform(0.26, 0.5) + rng.uniform(-0.25, 0.25) * u - rng.uniform(0, 0.9) * u * u
    top = rng.uniform(0.72, 1.05)
    dome = soft(1 - np.hypot(u / rng.uniform(0.42, 0.6), np.maximum(v - 0.1, 0) / (top - 0.1)), 12)
    grown = cv2.dilate(np.maximum(head.person, head.hair), np.ones((3, 3), np.uint8)) * soft(top + 0.1 - v)
    above = soft(v - line, 2)
    # Some caps sit higher or closer than the hair below them did.
    covered = np.maximum(grown, dome) if rng.random() < 0.7 else dome
    cloth = _cloth(rng, head, fabrics)
    if rng.random() < 0.4:
        panel = (np.abs(u - rng.normal(0, 0.15)) < rng.uniform(0.05, 0.25)).astype(np.float32)
        cloth[..., 0] += cv2.GaussianBlur(panel, (0, 0), 0.6) * rng.normal(0, 15)
    if rng.random() < 0.5:
        seam = np.abs(u - rng.normal(0, 0.1) - rng.normal(0, 0.3) * (v - 0.5)) < 0.012
        cloth[..., 0] += cv2.GaussianBlur(seam.astype(np.float32), (0, 0), 0.6) * rng.normal(0, 12)
    result = head.covered(cloth, cv2.GaussianBlur(above * covered, (0, 0), 0.6), is_hair=False)
    edge = rng.random()
    if edge < 0.45:
        result = _visor(rng, result, line, cloth, fabrics)
    elif edge < 0.6:
        # A knitted cuff.
        cuff = soft(rng.uniform(0.06, 0.16) - np.abs(v - line - 0.06)) * np.clip(covered, 0, 1)
        other = cloth + np.float32(rng.normal(0, 1, 3) * (9, 3, 3))
        result = result.covered(other, cuff, is_hair=False)
    elif edge < 0.75:
        wide = rng.uniform(0.6, 1.1)
        brim = soft(1 - np.hypot(u / wide, (v - line - 0.02 + rng.normal(0, 0.02)) / rng.uniform(0.05, 0.16)), 6)
        result = result.covered(cloth * np.float32(rng.uniform(0.5, 1.1)), brim, is_hair=False)
    return result


def _visor(
    rng: np.random.Generator, head: Head, line: FloatArray, cloth: FloatArray, fabrics: Sequence[ImageArray]
) -> Head:
    """A crescent over the forehead, mostly darker, with a shadow on the face below."""
    u, v = crop_positions()
    middle, wide, deep = rng.normal(0, 0.06), rng.uniform(0.32, 0.5), rng.uniform(0.06, 0.24)
    arc = np.clip(1 - ((u - middle) / wide) ** 2, 0, 1)
    below = line - deep * np.sqrt(arc) if rng.random() < 0.6 else line - deep * (0.4 + 0.6 * arc)
    share = soft(v - below) * soft(line + 0.04 - v) * (arc > 0.02)
    stuff = cloth if rng.random() < 0.6 else _cloth(rng, head, fabrics)
    lit = np.linspace(rng.uniform(0.4, 1.1), rng.uniform(0.4, 1.1), v.shape[0], dtype=np.float32)[:, None]
    visor = stuff * np.dstack([lit + 0 * v, np.ones_like(v), np.ones_like(v)])
    visor[..., 0] += rng.normal(0, 12) * soft(0.012 - np.abs(v - below - 0.015))
    shadow = soft(below - v) * np.clip((v - below + rng.uniform(0.05, 0.4)) / 0.2, 0, 1) * head.person
    dark = head.lab * np.float32((1 - rng.uniform(0, 0.5), 1, 1))
    lab = head.lab + (dark - head.lab) * (shadow * (np.abs(u) < 0.45))[..., None]
    shaded = Head(lab.astype(np.float32), head.hair, head.person, head.trust, head.points)
    return shaded.covered(visor.astype(np.float32), cv2.GaussianBlur(share, (0, 0), 0.6), is_hair=False)


def _hood(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> Head:
    """A hood or a headscarf: cloth about the face down to the shoulders, hair left at the forehead now and then."""
    u, v = crop_positions()
    wide, high = rng.uniform(0.36, 0.5), rng.uniform(0.38, 0.62)
    face = np.hypot(u / wide, np.where(v > 0, v / high, v / rng.uniform(0.5, 0.75)))
    outer_wide = wide + rng.uniform(0.08, 0.3) + rng.uniform(0, 0.5) * np.clip(-v, 0, 1)
    outline = np.where(v > 0, np.hypot(u / outer_wide, v / (high + rng.uniform(0.15, 0.45))), np.abs(u) / outer_wide)
    share = soft(face - 1, rng.uniform(8, 24)) * soft(1 - outline, 12)
    if rng.random() < 0.4:
        # Open at the throat.
        share = share * np.clip(soft(np.abs(u) - 0.2, 6) + soft(v + 0.3, 6), 0, 1)
    cloth = _cloth(rng, head, fabrics)
    folds = np.sin(face * rng.uniform(10, 40) + u * rng.uniform(-6, 6))
    cloth[..., 0] *= 1 + rng.uniform(0, 0.15) * folds
    cloth[..., 0] *= 1 - rng.uniform(0, 0.6) * np.exp(-(((face - 1) / 0.12) ** 2))
    return head.covered(cloth, share, is_hair=False)


def _band(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> Head:
    """A band, a kerchief's edge or the bow of headphones over the hair."""
    u, v = crop_positions()
    line = rng.uniform(0.4, 0.8) - rng.uniform(0.2, 1.2) * u * u + rng.normal(0, 0.1) * u
    share = soft(rng.uniform(0.02, 0.09) - np.abs(v - line)) * np.maximum(head.person, head.hair)
    return head.covered(_cloth(rng, head, fabrics), share, is_hair=False)


def scarf(rng: np.random.Generator, head: Head, fabrics: Sequence[ImageArray]) -> Head:
    """A scarf, a collar or a turtleneck about the neck, up to the chin or the jaw's corners."""
    u, v = crop_positions()
    top = -rng.uniform(0.42, 0.75) + rng.uniform(0, 0.9) * np.minimum(np.abs(u), 0.4) ** 2 * 4 * rng.random()
    wide = rng.uniform(0.3, 0.62) + rng.uniform(0, 0.4) * np.clip(-0.6 - v, 0, 1)
    share = soft(top - v) * soft(wide - np.abs(u), 4) * soft(v + rng.uniform(0.9, 1.5), 4)
    cloth = _cloth(rng, head, fabrics)
    folds = np.sin((v + rng.uniform(-0.6, 0.6) * u + 0.5 * u * u) * rng.uniform(10, 45))
    cloth[..., 0] *= 1 + rng.uniform(0, 0.25) * folds
    # Hair hangs before it or is tucked in.
    share = share * (1 - head.hair) if rng.random() < 0.6 else share
    return head.covered(cloth, share, is_hair=False)
