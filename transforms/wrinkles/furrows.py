"""Furrows across the forehead and the neck, each person's own, in pages that fit any height of forehead.

The frontalis muscle folds the forehead between brows and hairline in straight, wavy or arched lines, deep and
shallow by turns, broken where its two halves part. Which of them somebody has is a matter of the muscle, not of age.

Source: the muscle's patterns of contraction differ from person to person, Braz & Sakuma 2010 (Surgical & Cosmetic
Dermatology 2). Types and numbers by eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from quality.face import FloatArray
from quality.half_precision import to_half
from transforms.wrinkles.engraving import engrave

_SEED = 41
PAGE_WH_PX = (352, 176)
"""A page reaches from temple to temple, and from the brows up to the hairline."""
NECK_WH_PX = (320, 192)
"""From side to side of the neck, and from the chin down to the collar bones."""


@dataclass(frozen=True)
class _Type:
    """Heights of the furrows as shares of the forehead, arch over each brow and dip in the middle in pixels."""

    levels: tuple[float, ...]
    arch_px: float
    dip_px: float
    broken: bool


_TYPES = (
    _Type((0.3, 0.46, 0.6, 0.74), 5.0, 0.0, False),
    _Type((0.34, 0.5, 0.69), 9.0, 5.0, False),
    _Type((0.26, 0.42, 0.53, 0.68, 0.82), 4.0, 3.0, True),
    _Type((0.38, 0.58), 12.0, -4.0, False),
    _Type((0.28, 0.4, 0.56, 0.78), 8.0, 6.0, True),
    _Type((0.33, 0.55, 0.66), 2.0, -5.0, True),
)


@cache
def forehead_pages() -> tuple[FloatArray, ...]:
    """One page a type, each (176, 352) float16, steps of L; the lowest row is the brows, the highest the hairline."""
    return tuple(_forehead(kind, np.random.default_rng(_SEED + k)) for k, kind in enumerate(_TYPES))


def _forehead(kind: _Type, rng: np.random.Generator) -> FloatArray:
    width, height = PAGE_WH_PX
    page = np.zeros((height, width), np.float32)
    strongest = rng.integers(len(kind.levels))
    for k, level in enumerate(kind.levels):
        depth = (11.0 if k == strongest else rng.uniform(4.5, 9.0)) * (1.1 - 0.4 * level)
        middle, half = 0.5 + rng.normal(0, 0.03), rng.uniform(0.27, 0.42) * (1.1 - 0.35 * level)
        spans = [(middle - half, middle + half)]
        if kind.broken and k % 2:
            gap = rng.uniform(-0.05, 0.05)
            spans = [(middle - half, middle + gap - 0.01), (middle + gap - 0.05, middle + half)]
        for start, end in spans:
            us = np.linspace(start, end, 9)
            # Over each brow the furrow rises, in the middle it dips; towards the temples it falls.
            rise = kind.arch_px * np.cos((np.abs(us - 0.5) - 0.2) * 6.5) - kind.dip_px * np.exp(
                -(((us - 0.5) / 0.09) ** 2)
            )
            ys = height * (1 - level) - rise + rng.normal(0, 3.0) * (us - 0.5) * 2 + rng.normal(0, 0.9, 9)
            lift = rng.normal(0, 2.0)
            engrave(page, np.stack([us * width, ys + lift], axis=1), depth, rng.uniform(1.9, 2.9), rng)
            # Beside a deep furrow runs a short shallow one.
            if depth > 7 and rng.random() < 0.7:
                cut = slice(2, 6) if rng.random() < 0.5 else slice(4, 8)
                beside = np.stack([us * width, ys + rng.choice((-9, 9)) + rng.normal(0, 1, 9)], axis=1)[cut]
                engrave(page, beside, 0.4 * depth, 1.6, rng)
    return to_half(np.clip(page, -16, 4))


@cache
def neck_page() -> FloatArray:
    """Rings and bands of an old neck, (192, 320) float16, steps of L; the highest row is the chin."""
    rng = np.random.default_rng(_SEED)
    width, height = NECK_WH_PX
    page = np.zeros((height, width), np.float32)
    for level, depth, start, end in (
        (0.3, 4.0, 0.2, 0.7),
        (0.45, 7.5, 0.06, 0.9),
        (0.52, 3.0, 0.5, 0.95),
        (0.72, 6.0, 0.1, 0.94),
    ):
        us = np.linspace(start, end, 9)
        # Rings hang: lowest in the middle of the neck.
        ys = height * (level - 0.4 * (us - 0.5) ** 2) + rng.normal(0, 1.2, 9)
        engrave(page, np.stack([us * width, ys], axis=1), depth, rng.uniform(2.0, 3.0), rng)
    for u, depth, end in ((0.35, 3.5, 0.75), (0.63, 3.0, 0.6)):
        vs = np.linspace(0.12, end, 7)
        xs = width * (u + 0.12 * (u - 0.5) * vs) + rng.normal(0, 2.0, 7)
        engrave(page, np.stack([xs, vs * height], axis=1), depth, 7.0, rng)
    return to_half(np.clip(page, -12, 2.5))
