"""A seed becomes a person: which mean heads are mixed, how the face is shaped, what colors are worn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.specimen.mean_portraits import NAMES

RgbColor = tuple[float, float, float]

GARMENTS: tuple[RgbColor, ...] = (
    (52, 62, 84),
    (96, 40, 48),
    (58, 84, 74),
    (190, 188, 182),
    (44, 44, 48),
    (116, 98, 80),
    (74, 96, 128),
    (150, 112, 120),
)
BACKDROPS: tuple[RgbColor, ...] = (
    (168, 176, 184),
    (186, 178, 166),
    (142, 156, 152),
    (120, 130, 146),
    (204, 204, 200),
    (164, 148, 142),
)


@dataclass(frozen=True)
class Identity:
    """Who is shown.

    Attributes
    ----------
    portrait, partner : str
        Names of mean portraits: whose head, and whose face is mixed into it.
    partner_share : float
        0 (only the portrait's own face) .. 1.
    shape : tuple of float
        Five numbers about 0, deviation 1: wider face, longer face, wider jaw, longer nose and chin, asymmetry.
    skin_lightness, warmth : float
        Added to L and b of the head, CIE Lab.
    garment_rgb, backdrop_rgb : tuple of float
        0..255.
    seed : int
        Of folds, light and grain.
    """

    portrait: str
    partner: str
    partner_share: float
    shape: tuple[float, float, float, float, float]
    skin_lightness: float
    warmth: float
    garment_rgb: RgbColor
    backdrop_rgb: RgbColor
    seed: int


def identity(seed: int, name: str | None = None) -> Identity:
    """Return the person of a seed.

    Parameters
    ----------
    seed : int
        Not negative. Eight in a row show all eight mean heads.
    name : str, optional
        The mean head to take, one of `NAMES`, whatever the seed.
    """
    if name is not None:
        seed = seed * len(NAMES) + NAMES.index(name)
    rng = np.random.default_rng([seed, 0x5EED])
    portrait = NAMES[seed % len(NAMES)]
    alike = [name for name in NAMES if name.split("_")[0] == portrait.split("_")[0] and name != portrait]
    shape = rng.normal(0, 1, 5).clip(-1.6, 1.6)
    return Identity(
        portrait,
        alike[int(rng.integers(len(alike)))],
        float(rng.uniform(0.1, 0.4)),
        (float(shape[0]), float(shape[1]), float(shape[2]), float(shape[3]), float(shape[4])),
        float(rng.uniform(-4, 4)),
        float(rng.uniform(-2, 3)),
        GARMENTS[int(rng.integers(len(GARMENTS)))],
        BACKDROPS[int(rng.integers(len(BACKDROPS)))],
        seed,
    )
