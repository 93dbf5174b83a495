"""Where hair begins above a face, and a hairdo drawn down to there, so that no short hair shows beneath it."""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.long_hair.hair_reach import SKULL_FACES, about_skull, evened, rim_radius_faces
from transforms.picture.broad_blur import blurred_small

_ANGLES, _SURE, _SPECK_PX = 25, 0.6, 3
_NEAREST_FACES, _FARTHEST_FACES, _STEP_FACES, _BEGINS_SHARE, _LEAST_SEEN_PX = 0.18, 0.75, 0.01, 0.06, 2
"""Rays from the middle of the skull, where hair may begin along them, what share of a ray's hair lies nearer (single
locks), and how little is none. By eye."""
_DOWN_TO_V, _FADE_FACES = 0.22, 0.2
_MOST_FACES, _SPREAD, _LEAST_SPREAD_FACES, _OVER_FACES = 0.2, 2.5, 0.12, 0.02
"""How far hair is drawn down at most, over how much of it this is spread, and how far beyond the own hairline, which
tells its edge itself. By eye."""
_MOST_FAR = 0.17
"""How far to the far side, by the sine of the turn."""
_SOFT_FACES, _NEAR_FACES, _LEAST_MATTE, _FULL_MATTE = 0.03, 0.035, 0.1, 0.7


def hairline_faces(hair: FloatArray, u: FloatArray, v: FloatArray) -> FloatArray:
    """Tell where hair begins above a face.

    Parameters
    ----------
    hair : ndarray, (h, w) float32
        How much of a pixel is hair, 0..1.
    u, v : ndarray, (h, w) float32
        Its place, face heights to the right and up from the middle of the face.

    Returns
    -------
    ndarray, (25,) float32
        Face heights from the middle of the skull, for rays from the right of the picture over the top to the left;
        infinity where there is none.
    """
    grown = cv2.medianBlur((hair > _SURE).view(np.uint8), _SPECK_PX) > 0
    along, up = u[grown], v[grown] - SKULL_FACES
    radius = np.hypot(along, up)
    kept = (up > -0.5 * np.pi / (_ANGLES - 1) * radius) & (radius > _NEAREST_FACES) & (radius < _FARTHEST_FACES)
    ray = np.round(np.arctan2(np.maximum(up[kept], 0), along[kept]) * ((_ANGLES - 1) / np.pi)).astype(int)
    steps = int(_FARTHEST_FACES / _STEP_FACES) + 1
    on_step = ray * steps + (radius[kept] / _STEP_FACES).astype(int)
    seen = np.bincount(on_step, minlength=_ANGLES * steps).reshape(_ANGLES, steps).cumsum(axis=1)
    begins = _STEP_FACES * (seen <= _BEGINS_SHARE * seen[:, -1:]).sum(axis=1)
    return np.where(seen[:, -1] > _LEAST_SEEN_PX, begins, np.inf).astype(np.float32)


def drawn_down_faces(
    at: FloatArray,
    rim: FloatArray,
    from_rim: FloatArray,
    reach: FloatArray,
    own_hairline: FloatArray,
    yaw_deg: float,
) -> tuple[FloatArray, FloatArray]:
    """Tell how far a hairdo is drawn down the forehead to the own hairline, where that lies lower than its own.

    Parameters
    ----------
    at : ndarray, (h, w, 2) float32
        Places to the right and down from the middle of the face, face heights.
    rim : ndarray, (n, 2)
        The rim of the face, likewise.
    from_rim : ndarray, (25,) float32
        How far out of its own face's rim the hairdo begins.
    reach : ndarray, (n,) float32
        How far the hairdo reaches about this skull, as `hair_reach.reach_faces`: there it stays.
    own_hairline : ndarray, (25,) float32
        `hairline_faces` of the own hair.
    yaw_deg : float
        Of the head; negative for one that looks to the left of the picture.

    Returns
    -------
    drawn : ndarray, (h, w, 2) float32
        From the place each comes from to itself, face heights.
    within : ndarray, (h, w) float32
        How far each place lies within where the hairdo began, face heights, but no more than hair is drawn there;
        negative beyond.
    """
    v, (along, up, radius, angle) = -at[..., 1], about_skull(at)
    begins = rim_radius_faces(rim, _ANGLES) + from_rim
    lower = np.clip(begins - own_hairline + _OVER_FACES, 0, _MOST_FACES)
    # On the far side of a turned head hair ends at the rim of the face.
    rays = np.linspace(0, np.pi, _ANGLES)
    lower[np.cos(rays) * np.sin(np.radians(yaw_deg)) > _MOST_FAR] = 0
    lower = np.maximum.reduce([np.pad(lower, 1, mode="edge")[k : k + _ANGLES] for k in range(3)])
    lower = evened(lower)
    angle = angle * ((_ANGLES - 1) / np.pi)
    breadth = np.maximum(np.interp(rays, np.linspace(0, np.pi, len(reach)), reach) - begins, _LEAST_SPREAD_FACES / 2)
    begins, lower, breadth = (np.interp(angle, np.arange(_ANGLES), values) for values in (begins, lower, breadth))
    lower = lower * np.clip((v - _DOWN_TO_V) / _FADE_FACES + 1, 0, 1)
    within = np.minimum(begins - radius, lower)
    spread = np.minimum(np.maximum(_SPREAD * lower, _LEAST_SPREAD_FACES), lower + breadth)
    drawn = -lower * np.clip((spread - lower + begins - radius) / spread, 0, 1) / np.maximum(radius, 1e-3)
    return np.dstack([along * drawn, -up * drawn]).astype(np.float32), within.astype(np.float32)


def fitted_to_own_hair(alpha: FloatArray, within: FloatArray, hair: FloatArray, height_px: float) -> FloatArray:
    """End hair that is drawn down a forehead with the own hair, and hide what stands out of it of that a little.

    Parameters
    ----------
    alpha, hair : ndarray, (h, w) float32
        How much of a pixel is the new hair, and the own, 0..1.
    within : ndarray, (h, w) float32
        As `drawn_down_faces` tells it.
    height_px : float
        Of the face.

    Returns
    -------
    ndarray, (h, w) float32
        `alpha` so changed.
    """
    own = (hair - np.float32(_LEAST_MATTE)) * np.float32(1 / (_FULL_MATTE - _LEAST_MATTE))
    ended = alpha * np.clip(np.maximum(1 - within * np.float32(1 / _SOFT_FACES), own), 0, 1)
    small = np.clip(3 * blurred_small(ended, max(_NEAR_FACES * height_px, 0.5)) - np.float32(0.3), 0, 1)
    near = cv2.resize(small, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(ended, np.minimum(own, 1) * near))
