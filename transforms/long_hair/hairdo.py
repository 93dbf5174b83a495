"""Hairdos: how light the strands of longer hair are, and how much of a pixel is hair.

The strands are real ones, cut out of public-domain portraits by `bench/train/hairdo.py`; their color is not stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.hair.usual_hair_light import lit_as_usual
from transforms.head.head_crop import REACH_FACES
from transforms.long_hair.hair_reach import reach_faces, rim_radius_faces
from transforms.long_hair.hairline import hairline_faces
from transforms.long_hair.own_strands import FACE_PX as STRANDS_FACE_PX
from transforms.long_hair.own_strands import coherence_and_contrast, surroundings_log

FACE_PX = 256
"""Face height in the stored crop."""
LIGHTNESS_STEPS = 80.0
"""Stored steps in a unit of the logarithm of lightness."""
FINE, FINE_STEPS, MARGIN_PX = 3, 40.0, 16
"""Pixels of fine strands in a stored pixel, steps in a deviation of their light, and the room for single hairs."""
_HALVINGS = 3
_DEPTH_PX, _EVENLY, _DEEPER = 14.0, 0.7, (0.7, 1.6)
_AROUND_PX, _SURE, _SEEN = 6.4, 0.9, 0.8
_SHARPER, _SHARPER_PX = 0.8, 1.0
"""What the JPEG and drawing take off the finest strands is given back: on faces 780 px high those of six women have a
deviation of 0.03 to 0.05 of their light."""
_FILE = Path(__file__).parents[1] / "data" / "hairdo.npz"


@dataclass(frozen=True, eq=False)
class Hairdo:
    """One of `data/hairdo.npz`, in the upright crop of `head_crop` with a face of `FACE_PX`.

    Attributes
    ----------
    strands : ndarray, (h, w, 3) uint8
        128 + `LIGHTNESS_STEPS` times the logarithm of the light around each strand by its median, both over
        `own_strands.BLACK`; the same of the strand by what is around it; how much of a pixel is hair, 0..255. Only
        the part of the crop that has any.
    left_top_px : ndarray, (2,) float32
        Where that part lies in the crop.
    rim_px : ndarray, (36, 2) float32
        The rim of the face it hangs about, in the crop.
    spread_log : float
        From the 10th to the 90th percentile of the logarithm of the light around strands.
    contrast_log : float
        Of strands: as that of `own_strands`.
    reach_faces : ndarray, (n,) float32
        `hair_reach.reach_faces` of it.
    from_rim_faces : ndarray, (n,) float32
        How far out of the rim of the face it begins, for the rays of `hairline.hairline_faces`.
    fine : tuple of ndarray, uint8
        Finer strands along the same run, `FINE` times as large and then each half the size of the one before:
        128 + `FINE_STEPS` times their light by its deviation.
    single : tuple of ndarray, uint8
        Single hairs that stand off, as large; how much of a pixel they cover, 0..255, with `MARGIN_PX` stored ones
        more on each side.
    """

    strands: FloatArray
    left_top_px: FloatArray
    rim_px: FloatArray
    spread_log: float
    contrast_log: float
    reach_faces: FloatArray
    from_rim_faces: FloatArray
    fine: tuple[ImageArray, ...]
    single: tuple[ImageArray, ...]


@cache
def hairdo(name: str) -> Hairdo:
    """Load a hairdo; arrays are read-only. Raise KeyError for an unknown name."""
    with np.load(_FILE) as stored:
        strands, left_top_px, rim_px = (stored[f"{name}_{kind}"] for kind in ("strands", "left_top_px", "rim_px"))
        fine = _halved(stored[f"{name}_fine"], _SHARPER)
        single = _halved(stored[f"{name}_single"])
    for array in (strands, left_top_px, rim_px, *fine, *single):
        array.setflags(write=False)
    side, above, _ = REACH_FACES
    rows, columns = np.mgrid[: strands.shape[0], : strands.shape[1]].astype(np.float32)
    u, v = (columns + left_top_px[0]) / FACE_PX - side, above - (rows + left_top_px[1]) / FACE_PX
    coarse = strands[::4, ::4, 1] / np.float32(255), u[::4, ::4], v[::4, ::4]
    reach, begins = reach_faces(*coarse), hairline_faces(*coarse)
    from_rim = begins - rim_radius_faces(rim_px / FACE_PX - (side, above), len(begins))
    light_log = (strands[..., 0] - np.float32(128)) / np.float32(LIGHTNESS_STEPS)
    alpha = strands[..., 1] * np.float32(1 / 255)
    light_log = lit_as_usual(light_log, alpha, u[0], v[:, 0], FACE_PX)
    around_log = surroundings_log(light_log, alpha, _AROUND_PX)
    low, high = np.percentile(around_log[alpha > _SEEN], (10, 90))
    strand_log = _evenly_deep(light_log - around_log, alpha)
    planes = (np.clip(128 + LIGHTNESS_STEPS * plane, 0, 255) for plane in (around_log, strand_log))
    strands = np.dstack([*planes, strands[..., 1]]).astype(np.uint8)
    strands.setflags(write=False)
    contrast_log = _contrast_log(around_log + strand_log, alpha)
    return Hairdo(strands, left_top_px, rim_px, float(high - low), contrast_log, reach, from_rim, fine, single)


def _evenly_deep(strand_log: FloatArray, alpha: FloatArray) -> FloatArray:
    """Make strands deeper where the portrait shows them less than elsewhere, as out of its focus."""
    sure = (alpha > _SURE).astype(np.float32)
    energy, known = (cv2.GaussianBlur(plane, (0, 0), _DEPTH_PX) for plane in (strand_log**2 * sure, sure))
    local = np.sqrt(energy / (known + np.float32(1e-3)))
    usual = float(np.sqrt((strand_log**2 * sure).sum() / sure.sum()))
    low, high = _DEEPER
    return np.asarray(strand_log * np.clip((usual / np.maximum(local, 1e-3)) ** _EVENLY, low, high), np.float32)


def _contrast_log(light_log: FloatArray, alpha: FloatArray) -> float:
    share = STRANDS_FACE_PX / FACE_PX
    light_log, alpha = (
        cv2.resize(plane, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) for plane in (light_log, alpha)
    )
    return coherence_and_contrast(light_log, (alpha > _SURE).astype(np.float32))[1]


def _halved(encoded: ImageArray, sharper: float = 0.0) -> tuple[ImageArray, ...]:
    """Decode a gray picture, and halve it again and again."""
    finest = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)
    if sharper:
        soft = cv2.GaussianBlur(finest, (0, 0), _SHARPER_PX)
        finest = np.asarray(cv2.addWeighted(finest, 1 + sharper, soft, -sharper, 0), np.uint8)
    shares = [1 / 2**k for k in range(1, _HALVINGS + 1)]
    smaller = [cv2.resize(finest, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) for share in shares]
    return finest, *(np.asarray(picture, np.uint8) for picture in smaller)
