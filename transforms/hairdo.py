"""One hairdo, chin-long, laid about any head: how light its strands are, and how much of a pixel is hair.

The strands are real ones, cut out of a public-domain portrait by `bench/train/hairdo.py`; their color is not stored.
Between the rim of the face they come from and that of the face they go to, they are moved by inverse distances
(Shepard 1968).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.canonical_layers import OVAL
from transforms.head_crop import crop_map, crop_size_wh, to_crop_points

FACE_PX = 192
"""Face height in the stored crop."""
LIGHTNESS_STEPS, BLACK = 80.0, 8.0
"""Stored steps in a unit of the logarithm of lightness, which is counted from a little below black, where noise would
weigh too much."""
CROWN_FACES = 0.9
"""How high the hairdo reaches over the middle of the face."""
_FILE = Path(__file__).parent / "data" / "hairdo.npz"
_GRID_PX = 12
_REACH_FACES = 0.12
_HAIRLINE_FACES = 0.55


@dataclass(frozen=True, eq=False)
class Hairdo:
    """`data/hairdo.npz`, in the upright crop of `head_crop` with a face of `FACE_PX`.

    Attributes
    ----------
    strands : ndarray, (h, w, 2) uint8
        128 + `LIGHTNESS_STEPS` times the logarithm of lightness by its median, both over `BLACK`; how much of a pixel
        is hair, 0..255.
    rim_px : ndarray, (36, 2) float32
        The rim of the face it hangs about.
    spread_log : float
        From the 10th to the 90th percentile of that logarithm.
    """

    strands: FloatArray
    rim_px: FloatArray
    spread_log: float


@cache
def hairdo() -> Hairdo:
    """Load the hairdo; arrays are read-only."""
    with np.load(_FILE) as stored:
        strands, rim_px = np.dstack([stored["lightness"], stored["alpha"]]), stored["rim_px"]
    low, high = np.percentile(strands[..., 0][strands[..., 1] > 200], (10, 90))
    for array in (strands, rim_px):
        array.setflags(write=False)
    return Hairdo(strands, rim_px, float(high - low) / LIGHTNESS_STEPS)


@dataclass(frozen=True, eq=False)
class LaidHair:
    """A hairdo on a part of a picture; (h, w) float32.

    Attributes
    ----------
    rows, columns : slice
        The part.
    light_log : ndarray
        Logarithm of a strand's lightness by the median.
    alpha : ndarray
        How much of a pixel is hair, 0..1.
    """

    rows: slice
    columns: slice
    light_log: FloatArray
    alpha: FloatArray


def lay(face: Face, size_wh: tuple[int, int], is_mirrored: bool, crown_faces: float) -> LaidHair | None:
    """Lay the hairdo about a face.

    Parameters
    ----------
    face : Face
    size_wh : tuple of int
        Of the picture.
    is_mirrored : bool
        Parted on the other side.
    crown_faces : float
        How high it is to reach over the middle of the face, face heights.

    Returns
    -------
    LaidHair or None
        None where nothing of it lies in the picture.
    """
    chosen, to_crop = hairdo(), crop_map(face, FACE_PX)
    width, height = crop_size_wh(FACE_PX)
    back = cv2.invertAffineTransform(to_crop)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ back[:, :2].T + back[:, 2]
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int), size_wh)
    if right - left < 2 or bottom - top < 2:
        return None
    scale = float(np.hypot(*to_crop[0, :2]))
    step = _GRID_PX / scale
    wide, high = int((right - left) / step) + 2, int((bottom - top) / step) + 2
    x, y = np.meshgrid(np.linspace(left, right - 1, wide), np.linspace(top, bottom - 1, high))
    at = np.stack([x, y], axis=-1) @ to_crop[:, :2].T + to_crop[:, 2]
    to = to_crop_points(face, to_crop)[list(OVAL)]
    middle = to.mean(axis=0)
    # What stands high over the forehead is the stored hair, stretched.
    over = np.maximum(middle[1] - _HAIRLINE_FACES * FACE_PX - at[..., 1], 0)
    rim = chosen.rim_px
    if is_mirrored:
        rim = np.roll(rim[::-1], 1, axis=0) * (-1, 1) + (width - 1, 0)
    apart = ((at[:, :, None] - to) ** 2).sum(axis=-1)
    weights = (apart + (_REACH_FACES * FACE_PX) ** 2) ** -1.5
    source = at + (weights[..., None] * (rim - to)).sum(axis=2) / weights.sum(axis=2)[..., None]
    source[..., 1] += over * (1 - (CROWN_FACES - _HAIRLINE_FACES) / (crown_faces - _HAIRLINE_FACES))
    if is_mirrored:
        source[..., 0] = width - 1 - source[..., 0]
    full = _finely(source.astype(np.float32), (right - left, bottom - top))
    strands = chosen.strands
    if scale > 1.2:
        strands = cv2.GaussianBlur(strands, (0, 0), 0.45 * scale)
    laid = cv2.remap(strands, full, np.empty(0, np.float32), cv2.INTER_CUBIC, borderValue=(128, 0)).astype(np.float32)
    return LaidHair(
        slice(top, bottom), slice(left, right), (laid[..., 0] - 128) / np.float32(LIGHTNESS_STEPS), laid[..., 1] / 255
    )


def _finely(grid: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Enlarge a grid whose outermost nodes lie on the outermost pixels."""
    to_grid = np.array(
        [[(grid.shape[1] - 1) / (size_wh[0] - 1), 0, 0], [0, (grid.shape[0] - 1) / (size_wh[1] - 1), 0]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grid, to_grid, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
