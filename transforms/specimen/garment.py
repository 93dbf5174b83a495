"""A knitted pullover, drawn below the neck."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.specimen.brush import CANVAS_WH, soft_filled
from transforms.specimen.identity import Identity


def with_garment(canvas: FloatArray, mesh_px: FloatArray, person: Identity, rng: np.random.Generator) -> FloatArray:
    """Draw a knitted pullover with a round collar."""
    chin, face = mesh_px[152], float(mesh_px[152, 1] - mesh_px[10, 1])
    steps = (
        (0.17, 0.34),
        (0.23, 0.46),
        (0.31, 0.72),
        (0.40, 0.98),
        (0.53, 1.16),
        (0.82, 1.29),
        (1.4, 1.36),
        (3.2, 1.42),
    )
    right = np.array([(chin[0] + face * wide, chin[1] + face * down) for down, wide in steps])
    left = np.array([(chin[0] - face * wide, chin[1] + face * down) for down, wide in steps])
    turns = np.linspace(0, np.pi, 24)
    collar = np.column_stack([chin[0] - 0.34 * face * np.cos(turns), chin[1] + face * (0.17 + 0.13 * np.sin(turns))])
    mask = soft_filled(np.vstack([_rounded(right), _rounded(left)[::-1], collar]), 1.0)
    band = soft_filled(np.vstack([collar, collar[::-1] + (0, 0.055 * face)]), 0.8)
    ys, xs = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    across, down = (xs - chin[0]) / face, (ys - chin[1]) / face
    shade = 1.08 - 0.30 * np.clip(np.abs(across) / 1.35, 0, 1) ** 2 - 0.10 * np.clip(down - 0.5, 0, 2)
    # Wide folds from the shoulders to the middle.
    coarse = rng.normal(0, 1, (90, 18)).astype(np.float32)
    folds = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 2.2, sigmaY=7), CANVAS_WH, interpolation=cv2.INTER_CUBIC)
    folded: FloatArray = shade + 0.35 * folds
    knit = 0.025 * np.sin(xs * 2.1) * np.sin(ys * 1.5)
    lit: FloatArray = (folded + knit) * (1 - 0.16 * band[..., 0] * (0.6 + 0.4 * np.sin(across * 160)))
    # The collar's shadow on cloth, and the head's.
    lit = lit * (1 - 0.22 * np.exp(-(((down - 0.27) / 0.12) ** 2) - (across / 0.42) ** 2))
    cloth = np.array(person.garment_rgb, np.float32) * lit[..., None]
    rim = cv2.GaussianBlur(mask, (0, 0), 5)[..., None]
    behind = canvas * (1 - 0.25 * rim * (1 - mask))
    over: FloatArray = behind * (1 - mask) + cloth * mask
    return over


def _rounded(points: FloatArray) -> FloatArray:
    """Draw a smooth line through a few points."""
    at = np.linspace(0, len(points) - 1, 20 * len(points))
    line = np.column_stack([np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)])
    kernel = np.hanning(23) / np.hanning(23).sum()
    return np.column_stack([np.convolve(np.pad(line[:, axis], 11, mode="edge"), kernel, "valid") for axis in (0, 1)])
