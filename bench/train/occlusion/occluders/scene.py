"""A face that is to be covered, and how shapes and cut-outs are laid over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from bench.train.occlusion.paint import Supplies

LEFT_EYE, RIGHT_EYE = (33, 133, 159, 145), (263, 362, 386, 374)


@dataclass(frozen=True, eq=False)
class Scene:
    """A face to cover: crop float32 (S, S, 3), mesh (468, 2), skin color (3,), what covers are cut from."""

    crop: np.ndarray
    mesh: np.ndarray
    skin: np.ndarray
    supplies: Supplies

    @property
    def size(self) -> int:
        """Side of the crop, px."""
        return self.crop.shape[0]

    @property
    def eye_distance(self) -> float:
        """Between the outer corners, px; a turned face is given its upright one."""
        seen = float(np.linalg.norm(self.mesh[33] - self.mesh[263]))
        return max(seen, 0.42 * float(np.ptp(self.mesh[:, 1])))

    def point(self, *vertices: int) -> np.ndarray:
        """Mean of some vertices."""
        return self.mesh[list(vertices)].mean(axis=0)


Cover = tuple[np.ndarray, np.ndarray]
Occluder = Callable[[np.random.Generator, Scene], Cover]


def filled(size: int, points: np.ndarray) -> np.ndarray:
    """Return 1 within the outline, (size, size) float32, 0 beyond it."""
    alpha = np.zeros((size, size), np.float32)
    cv2.fillPoly(alpha, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return alpha


def smooth_closed(points: np.ndarray, count: int = 80) -> np.ndarray:
    """Draw a closed curve through the points, rounded by a periodic blur."""
    ring = np.concatenate([points, points[:1]])
    at = np.linspace(0, len(points), count, endpoint=False)
    index = at.astype(int)
    curve = ring[index] + (ring[index + 1] - ring[index]) * (at - index)[:, None]
    kernel = np.hanning(max(3, count // len(points)) | 1)
    padded = np.concatenate([curve[-20:], curve, curve[:20]])
    rounded = [np.convolve(padded[:, axis], kernel / kernel.sum(), "same")[20:-20] for axis in (0, 1)]
    return np.stack(rounded, axis=1)


def paste(size: int, rgba: np.ndarray, from_points: np.ndarray, to_points: np.ndarray) -> Cover:
    """Place a picture with opacity by three (affine) or four (perspective) points."""
    source, target = np.float32(from_points), np.float32(to_points)
    if len(source) == 3:
        matrix = np.vstack([cv2.getAffineTransform(source, target), [0, 0, 1]])
    else:
        matrix = cv2.getPerspectiveTransform(source, target)
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) + 1e-6
    if scale < 0.7:
        rgba = cv2.GaussianBlur(rgba, (0, 0), 0.35 / scale)
    warped = cv2.warpPerspective(rgba, matrix, (size, size), flags=cv2.INTER_LINEAR).astype(np.float32)
    return warped[..., 3] / 255, warped[..., :3]
