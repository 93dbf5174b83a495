"""Draw single hairs that stand off the outline of a hairdo and come back to it: a combed head has some."""

from __future__ import annotations

import cv2
import numpy as np

from transforms.head.head_crop import REACH_FACES
from transforms.long_hair.hairdo import FACE_PX, FINE, MARGIN_PX

_COUNT, _SEED, _SOFT_PX = 300, 9, 4.0
_HEAD_FACES, _LOWEST_FACES, _OUTWARD = 0.15, -0.75, 0.3
"""Outside is away from the middle of the head, down to the shoulders."""
_ROOT_PX, _STEP_PX, _LENGTH_PX, _AWAY_DEG = (4.0, 3.0), 1.5, (20.0, 60.0), (4.0, 17.0)
_BENT, _BENT_SPREAD = 0.008, 0.005
"""Radians in a pixel, back towards the hair. All by eye."""
_OPACITY = 60.0, 170.0
_FRACTION_BITS = 4


def single_hairs(alpha: np.ndarray, left_top_px: np.ndarray) -> np.ndarray:
    """Draw them.

    Parameters
    ----------
    alpha : ndarray, (h, w) uint8
        How much of a pixel is hair, in the crop of `transforms.long_hair.hairdo`.
    left_top_px : ndarray, (2,)
        Where that lies in the crop.

    Returns
    -------
    ndarray, (`FINE` (h + 2 `MARGIN_PX`), `FINE` (w + 2 `MARGIN_PX`)) uint8
        How much of a pixel they cover, 0..255.
    """
    generator = np.random.default_rng(_SEED)
    soft = cv2.GaussianBlur(alpha.astype(np.float32), (0, 0), _SOFT_PX)
    outwards = -np.dstack([cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)])
    outlines, _ = cv2.findContours((alpha > 128).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    roots = np.concatenate([line[:, 0] for line in outlines])
    normals = outwards[roots[:, 1], roots[:, 0]]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-6
    middle = np.array([REACH_FACES[0], REACH_FACES[1] - _HEAD_FACES]) * FACE_PX - left_top_px
    away = roots - middle
    outside = (normals * away).sum(axis=1) > _OUTWARD * np.linalg.norm(away, axis=1)
    outside &= away[:, 1] < (_HEAD_FACES - _LOWEST_FACES) * FACE_PX
    height, width = (FINE * (side + 2 * MARGIN_PX) for side in alpha.shape)
    drawn = np.zeros((height, width), np.uint8)
    for chosen in generator.choice(np.flatnonzero(outside), _COUNT):
        normal = normals[chosen]
        down = np.array([-normal[1], normal[0]])
        down *= 1 if down[1] > generator.normal(0, 0.2) else -1
        angle = np.radians(generator.uniform(*_AWAY_DEG))
        turn = -np.sign(down[0] * normal[1] - down[1] * normal[0])
        turn *= _STEP_PX * abs(generator.normal(_BENT, _BENT_SPREAD))
        heading = np.cos(angle) * down + np.sin(angle) * normal
        path = [roots[chosen] - _ROOT_PX[0] * normal - _ROOT_PX[1] * heading]
        turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        for _ in range(int(generator.uniform(*_LENGTH_PX) / _STEP_PX)):
            path.append(path[-1] + _STEP_PX * heading)
            heading = turned @ heading
        _draw(drawn, np.array(path), generator.uniform(*_OPACITY))
    return drawn


def _draw(drawn: np.ndarray, path_px: np.ndarray, opacity: float) -> None:
    """Draw a hair that fades to its end."""
    at = np.round(((path_px + MARGIN_PX) * FINE + 0.5 * (FINE - 1)) * 2**_FRACTION_BITS).astype(int)
    for k in range(len(at) - 1):
        level = opacity * min(2 - 2 * k / len(at), 1.0)
        cv2.line(drawn, at[k].tolist(), at[k + 1].tolist(), level, 1, cv2.LINE_AA, _FRACTION_BITS)
