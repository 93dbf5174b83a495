"""One training sample: a face, what covers it, and the mesh that a detector would put there."""

from __future__ import annotations

import cv2
import numpy as np

from bench.train.occlusion import negatives
from bench.train.occlusion.faces import FaceSet
from bench.train.occlusion.occluders.mixture import OCCLUDERS
from bench.train.occlusion.occluders.scene import Scene
from bench.train.occlusion.paint import Supplies, skin_color
from quality.canonical import canonical_frame

CLEAN_SHARE = 0.24
DARKER_SHARE = 0.4
SECOND_COVER_SHARE = 0.2


def make_sample(
    rng: np.random.Generator, faces: FaceSet, supplies: Supplies, size_px: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return a face in the canonical frame, its cover (0..255) and what covers it.

    Returns
    -------
    picture : (S, S, 3) uint8 RGB
    cover : (S, S) uint8
    kind : str
    """
    index = int(rng.integers(len(faces.crops)))
    mesh = faces.meshes[index].astype(np.float64)
    crop = faces.crops[index].astype(np.float32)
    skin = skin_color(crop, mesh)
    if rng.random() < DARKER_SHARE:
        crop = negatives.darker_skin(rng, crop, skin)
        skin = skin_color(np.clip(crop, 0, 255), mesh)
    for change, share in ((negatives.beard, 0.1), (negatives.make_up, 0.08), (negatives.spectacles, 0.12)):
        if rng.random() < share:
            crop = change(rng, Scene(crop, mesh, skin, supplies))
    late_shadow = rng.random() < 0.5
    if not late_shadow and rng.random() < 0.42:
        crop = crop * negatives.shadow(rng, Scene(crop, mesh, skin, supplies))
    kind, cover = "clean", np.zeros(crop.shape[:2], np.float32)
    if rng.random() > CLEAN_SHARE:
        names = list(OCCLUDERS)
        shares = np.array([share for _, share in OCCLUDERS.values()])
        for turn in range(2 if rng.random() < SECOND_COVER_SHARE else 1):
            name = names[rng.choice(len(names), p=shares / shares.sum())]
            alpha, paint = OCCLUDERS[name][0](rng, Scene(crop, mesh, skin, supplies))
            crop = _composite(rng, crop, np.clip(alpha, 0, 1), np.clip(paint, 0, 255))
            cover = np.maximum(cover, np.clip(alpha, 0, 1))
            kind = name if turn == 0 else f"{kind}+{name}"
    if late_shadow and rng.random() < 0.42:
        crop = crop * negatives.shadow(rng, Scene(crop, mesh, skin, supplies))
    picture = negatives.camera(rng, crop)
    seen = _detected_mesh(rng, faces, index, mesh, float(cover.max() > 0))
    frame = canonical_frame(size_px)
    flat = frame.warp((cover * 255).astype(np.uint8), seen.astype(np.float32))
    return frame.warp(picture, seen.astype(np.float32)), flat, kind


def _composite(rng: np.random.Generator, crop: np.ndarray, alpha: np.ndarray, paint: np.ndarray) -> np.ndarray:
    """Lay paint over the crop; it throws a soft shadow and takes on some of the face's light."""
    if rng.random() < 0.4:
        thrown = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(1, 5))
        shift = np.float32([[1, 0, rng.normal(0, 2)], [0, 1, rng.normal(0, 2)]])
        thrown = cv2.warpAffine(thrown, shift, thrown.shape[::-1])
        crop = crop * (1 - rng.uniform(0.1, 0.5) * thrown[..., None])
    if rng.random() < 0.3:
        light = cv2.GaussianBlur(crop, (0, 0), 14).mean(axis=2, keepdims=True)
        paint = paint * np.clip(light / (light.mean() + 1), 0.5, 1.5)
    softness = rng.uniform(0, 1.0)
    if softness > 0.3:
        alpha = cv2.GaussianBlur(alpha, (0, 0), softness)
    return crop + (paint - crop) * alpha[..., None]


def _detected_mesh(
    rng: np.random.Generator, faces: FaceSet, index: int, mesh: np.ndarray, covered: float
) -> np.ndarray:
    """Move the mesh as a detector would be wrong: as a whole, and towards the shape of another face."""
    unit = float(np.ptp(mesh[:, 1]))
    one, other = faces.meshes[rng.integers(len(faces.meshes), size=2)].astype(np.float64)
    center = mesh.mean(axis=0)
    difference = (one - one.mean(axis=0)) - (other - other.mean(axis=0))
    angle = rng.normal(0, np.radians(1 + 1.5 * covered))
    scale = np.exp(rng.normal(0, 0.012 + 0.02 * covered))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (mesh - center) @ turn.T + center + rng.normal(0, (0.006 + 0.012 * covered) * unit, 2)
    return moved + difference * rng.uniform(0, 0.12 + 0.33 * covered)
