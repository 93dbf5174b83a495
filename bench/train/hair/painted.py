"""What a head is painted with: strands, cloth, skin, and soft edges. All arrays are of the crop's size.

Sizes and odds by eye.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.hair.strands import strand_noise
from transforms.head.head_crop import FACE_PX, crop_positions

# fmt: off
HAIR_COLORS_LAB = (
    (68, 3, 24), (54, 5, 20), (34, 14, 18), (45, 22, 32), (52, 20, 38), (30, 7, 12), (14, 1, 1), (55, 0, 2),
    (84, 0, 4),
)
# fmt: on
"""Blond, dark blond, auburn, red, copper, brown, black, gray, white."""
_MOST_CHROMA = 90


@dataclass(frozen=True, eq=False)
class Head:
    """A head in Lab on the crop of `transforms.head.head_crop`; (h, w) planes are float32, 0..1.

    Attributes
    ----------
    lab : ndarray, (h, w, 3) float32
    hair, person, trust : ndarray, (h, w)
        Share of hair and of person; how far `hair` is to be believed.
    points : ndarray, (478, 2) float32
    """

    lab: FloatArray
    hair: FloatArray
    person: FloatArray
    trust: FloatArray
    points: FloatArray

    @property
    def has_hair(self) -> bool:
        """Whether there is enough hair to take its color from."""
        return int((self.hair > 0.7).sum()) > 150

    @property
    def hair_lab(self) -> FloatArray:
        """The middle color of the hair, (3,)."""
        color: FloatArray = np.median(self.lab[self.hair > 0.7], axis=0)
        return color

    @property
    def skin_lab(self) -> FloatArray:
        """The middle color of the cheeks, (3,)."""
        at = np.clip(np.round(self.points[[50, 280, 205, 425]]).astype(int), 0, np.array(self.hair.shape[::-1]) - 1)
        color: FloatArray = np.median(self.lab[at[:, 1], at[:, 0]], axis=0)
        return color

    def covered(self, lab: FloatArray, share: FloatArray, *, is_hair: bool) -> Head:
        """Lay a thing over the head, which is hair or is not; both are sure."""
        share = np.asarray(share, np.float32)
        return Head(
            (self.lab + (lab - self.lab) * share[..., None]).astype(np.float32),
            np.maximum(self.hair, share) if is_hair else self.hair * (1 - share),
            np.maximum(self.person, share),
            np.maximum(self.trust, share),
            self.points,
        )


def unit_rgb(lab: FloatArray) -> FloatArray:
    """Return Lab as RGB, 0..1, cut to what can be shown."""
    low, high = (0, -_MOST_CHROMA, -_MOST_CHROMA), (100, _MOST_CHROMA, _MOST_CHROMA)
    rgb: FloatArray = cv2.cvtColor(np.clip(lab, low, high).astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(rgb, 0, 1)


def any_hair_lab(rng: np.random.Generator) -> FloatArray:
    """Draw a color of hair, (3,)."""
    color = np.array(HAIR_COLORS_LAB[rng.integers(len(HAIR_COLORS_LAB))]) + rng.normal(0, 1, 3) * (6, 2, 3)
    color[0] = np.clip(color[0], 8, 92)
    return color


def noise_plane(rng: np.random.Generator, sigma_px: float) -> FloatArray:
    """Noise of deviation 1, as coarse as asked for."""
    shape = crop_positions()[0].shape
    noise = cv2.GaussianBlur(rng.standard_normal(shape).astype(np.float32), (0, 0), sigma_px)
    return np.asarray(noise / (noise.std() + 1e-9), np.float32)


def soft(signed_faces: FloatArray, edge_px: float = 1.5) -> FloatArray:
    """0..1 across an edge, from a distance in face heights that is positive inside."""
    return np.asarray(np.clip(signed_faces * FACE_PX / edge_px + 0.5, 0, 1), np.float32)


def strands_lab(rng: np.random.Generator, color: FloatArray, along: FloatArray) -> FloatArray:
    """Hair of this middle color, (h, w, 3), running along unit vectors (h, w, 2), with locks, shade and shine."""
    fine = strand_noise(along.astype(np.float32), rng.uniform(0.8, 1.8), int(rng.integers(1 << 30)))
    coarse = strand_noise(along.astype(np.float32), rng.uniform(2.5, 5), int(rng.integers(1 << 30)))
    depth = np.clip(rng.uniform(0.02, 0.14) * fine + rng.uniform(0.02, 0.2) * coarse, -0.6, 0.8)
    depth += rng.uniform(0, 0.2) * noise_plane(rng, rng.uniform(8, 20))
    light = np.clip(color[0] * (1 + depth) + rng.uniform(0, 3) * fine, 1, 98)
    pigment = np.clip(light / max(float(color[0]), 1), 0.4, 1.3)
    return np.dstack([light, color[1] * pigment, color[2] * pigment]).astype(np.float32)


def cloth_lab(
    rng: np.random.Generator, shade: FloatArray, near: FloatArray, fabrics: Sequence[ImageArray]
) -> FloatArray:
    """Cloth in any color, (h, w, 3), often that of hair or `near` (3,); `shade` (h, w) is about 1."""
    u, v = crop_positions()
    kind = rng.random()
    color = np.array([rng.uniform(6, 92), rng.normal(0, 16), rng.normal(0, 18)])
    if kind < 0.17:
        color = any_hair_lab(rng)
    elif kind < 0.24:
        color = near + rng.normal(0, 1, 3) * (6, 2, 3)
    elif kind < 0.42:
        color[1:] *= 0.15
    elif kind < 0.55:
        # Pale pink, yellow, blue.
        color = np.array([rng.uniform(70, 95), rng.normal(0, 12), rng.normal(0, 10)])
    cloth = np.empty((*u.shape, 3), np.float32)
    cloth[..., 0] = color[0] * np.clip(shade, 0.55, 1.45)
    cloth[..., 1:] = color[1:]
    cloth[..., 0] += noise_plane(rng, rng.uniform(0.5, 2)) * rng.uniform(0, 5)
    cloth[..., 0] += noise_plane(rng, rng.uniform(4, 14)) * rng.uniform(0, 6)
    weave = rng.random()
    if weave < 0.3:
        # Ribs of a knitted cap run up to the crown.
        ribs = np.sin(np.arctan2(u, 1.4 - v) * rng.uniform(25, 140) + rng.uniform(0, 6))
        rows = np.sin(v * rng.uniform(30, 150)) if rng.random() < 0.5 else 1.0
        cloth[..., 0] += ribs * rows * rng.uniform(1.5, 9)
    elif weave < 0.5:
        stripes = np.sin((v * rng.uniform(-2, 2) + u) * rng.uniform(10, 90))
        cloth += np.sign(stripes)[..., None] * rng.normal(0, 1, 3) * (7, 5, 5)
    elif weave < 0.62:
        patches = noise_plane(rng, rng.uniform(2, 9)) > rng.normal(0, 0.6)
        cloth += patches[..., None] * rng.normal(0, 1, 3) * (14, 7, 7)
    elif weave < 0.75 and fabrics:
        fabric = fabrics[rng.integers(len(fabrics))]
        y, x = (int(rng.integers(0, whole - part + 1)) for whole, part in zip(fabric.shape, u.shape, strict=False))
        part = fabric[y : y + u.shape[0], x : x + u.shape[1]].astype(np.float32) / 255
        lab = cv2.cvtColor(part, cv2.COLOR_RGB2LAB)
        lab[..., 0] *= np.clip(shade, 0.55, 1.45)
        cloth = lab if rng.random() < 0.5 else cloth + (lab - lab.mean(axis=(0, 1))) * (0.6, 0.3, 0.3)
    return np.asarray(cloth, np.float32)


def flesh_lab(rng: np.random.Generator, skin: FloatArray, relief: FloatArray) -> FloatArray:
    """Skin beside the face, (h, w, 3): its color in a light of its own, with `relief` (h, w) in lightness."""
    flesh = np.empty((*relief.shape, 3), np.float32)
    flesh[...] = skin * (rng.uniform(0.65, 1.15), 1, 1) + rng.normal(0, 1, 3) * (2, 2, 2) + (0, 1.5, 0)
    flesh[..., 0] += relief + noise_plane(rng, rng.uniform(0.6, 2)) * rng.uniform(0, 1.5)
    flesh[..., 1] -= 0.15 * relief
    return flesh
