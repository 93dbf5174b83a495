"""Longer hair, laid about any head: how light its strands are, and how much of a pixel is hair.

The strands are real ones, cut out of public-domain portraits by `bench/train/hairdo.py`; their color is not stored.
Between the rim of the face they come from and that of the face they go to, they are moved by inverse distances
(Shepard 1968).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.face.landmark_ids import OVAL
from transforms.hair.usual_hair_light import lit_as_usual
from transforms.head.head_crop import REACH_FACES, crop_map, crop_size_wh, to_crop_points
from transforms.long_hair.hair_reach import narrowed, reach_faces, stretched_faces, unnarrowed_faces
from transforms.long_hair.hung_hair import StrandMap
from transforms.long_hair.own_strands import FACE_PX as STRANDS_FACE_PX
from transforms.long_hair.own_strands import coherence_and_contrast, surroundings_log

FACE_PX = 256
"""Face height in the stored crop."""
LIGHTNESS_STEPS = 80.0
"""Stored steps in a unit of the logarithm of lightness."""
FINE, FINE_STEPS, MARGIN_PX = 3, 40.0, 16
"""Pixels of fine strands in a stored pixel, steps in a deviation of their light, and the room for single hairs."""
_HALVINGS = 3
_AROUND_PX, _SURE = 6.4, 0.9
_FILE = Path(__file__).parents[1] / "data" / "hairdo.npz"
_GRID_PX, _CLOSER = 12, 4
_REACH_FACES = 0.12
_MARGIN_FACES = 0.1


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
        From the 10th to the 90th percentile of the logarithm of a strand's light.
    contrast_log : float
        Of strands: as that of `own_strands`.
    reach_faces : ndarray, (n,) float32
        `hair_reach.reach_faces` of it.
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
    fine: tuple[ImageArray, ...]
    single: tuple[ImageArray, ...]


@cache
def hairdo(name: str) -> Hairdo:
    """Load a hairdo; arrays are read-only. Raise KeyError for an unknown name."""
    with np.load(_FILE) as stored:
        strands, left_top_px, rim_px = (stored[f"{name}_{kind}"] for kind in ("strands", "left_top_px", "rim_px"))
        fine, single = (_halved(stored[f"{name}_{kind}"]) for kind in ("fine", "single"))
    for array in (strands, left_top_px, rim_px, *fine, *single):
        array.setflags(write=False)
    low, high = np.percentile(strands[..., 0][strands[..., 1] > 200], (10, 90))
    side, above, _ = REACH_FACES
    rows, columns = np.mgrid[: strands.shape[0], : strands.shape[1]].astype(np.float32)
    u, v = (columns + left_top_px[0]) / FACE_PX - side, above - (rows + left_top_px[1]) / FACE_PX
    reach = reach_faces(strands[::4, ::4, 1] / np.float32(255), u[::4, ::4], v[::4, ::4])
    light_log = (strands[..., 0] - np.float32(128)) / np.float32(LIGHTNESS_STEPS)
    alpha = strands[..., 1] * np.float32(1 / 255)
    light_log = lit_as_usual(light_log, alpha, u[0], v[:, 0], FACE_PX)
    around_log = surroundings_log(light_log, alpha, _AROUND_PX)
    planes = (np.clip(128 + LIGHTNESS_STEPS * plane, 0, 255) for plane in (around_log, light_log - around_log))
    strands = np.dstack([*planes, strands[..., 1]]).astype(np.uint8)
    strands.setflags(write=False)
    contrast_log = _contrast_log(light_log, alpha)
    return Hairdo(
        strands, left_top_px, rim_px, float(high - low) / LIGHTNESS_STEPS, contrast_log, reach, fine, single
    )


def _contrast_log(light_log: FloatArray, alpha: FloatArray) -> float:
    share = STRANDS_FACE_PX / FACE_PX
    light_log, alpha = (
        cv2.resize(plane, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) for plane in (light_log, alpha)
    )
    return coherence_and_contrast(light_log, (alpha > _SURE).astype(np.float32))[1]


def _halved(encoded: ImageArray) -> tuple[ImageArray, ...]:
    """Decode a gray picture, and halve it again and again."""
    finest = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)
    shares = [1 / 2**k for k in range(1, _HALVINGS + 1)]
    smaller = [cv2.resize(finest, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) for share in shares]
    return finest, *(np.asarray(picture, np.uint8) for picture in smaller)


@dataclass(frozen=True, eq=False)
class LaidHair:
    """A hairdo on a part of a picture; (h, w) float32.

    Attributes
    ----------
    rows, columns : slice
        The part: where there is hair, and a little around it.
    light_log : ndarray
        Logarithm of the light around a strand by the median.
    strand_log : ndarray
        Logarithm of a strand's light by that.
    alpha : ndarray
        How much of a pixel is hair, 0..1.
    strands : StrandMap
        Of the whole picture.
    """

    rows: slice
    columns: slice
    light_log: FloatArray
    strand_log: FloatArray
    alpha: FloatArray
    strands: StrandMap


def lay(
    chosen: Hairdo, face: Face, size_wh: tuple[int, int], is_mirrored: bool, own_reach_faces: FloatArray
) -> LaidHair | None:
    """Lay a hairdo about a face.

    Parameters
    ----------
    chosen : Hairdo
    face : Face
    size_wh : tuple of int
        Of the picture.
    is_mirrored : bool
        Parted on the other side.
    own_reach_faces : ndarray, (n,) float32
        `hair_reach.reach_faces` of the person's own hair: the hairdo is stretched so that none of it stands out.

    Returns
    -------
    LaidHair or None
        None where nothing of it lies in the picture.
    """
    to_crop = crop_map(face, FACE_PX)
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
    rim = chosen.rim_px
    if is_mirrored:
        rim = np.roll(rim[::-1], 1, axis=0) * (-1, 1) + (width - 1, 0)
    near, away = at.reshape(-1, 2).astype(np.float32), to.astype(np.float32)
    apart = (
        (near[:, :1] - away[:, 0]) ** 2 + (near[:, 1:] - away[:, 1]) ** 2 + np.float32((_REACH_FACES * FACE_PX) ** 2)
    )
    weights = 1 / (apart * np.sqrt(apart))
    moved = weights @ (rim - to).astype(np.float32) / weights.sum(axis=1)[:, None]
    source = at + moved.reshape(at.shape)
    reach = chosen.reach_faces[::-1] if is_mirrored else chosen.reach_faces
    middle = REACH_FACES[:2]
    here = at / FACE_PX - middle
    reach = narrowed(reach, face.pose.yaw_deg)
    farther = stretched_faces(here, to / FACE_PX - middle, reach, own_reach_faces)
    source -= farther * FACE_PX
    source[..., 0] += unnarrowed_faces((here - farther)[..., 0], face.pose.yaw_deg) * FACE_PX
    if is_mirrored:
        source[..., 0] = width - 1 - source[..., 0]
    source = (source - chosen.left_top_px).astype(np.float32)
    # OpenCV finds places between nodes to a 32nd only: for fine strands these lie closer.
    closer_wh = (_CLOSER * (wide - 1) + 1, _CLOSER * (high - 1) + 1)
    nodes = FINE * _finely(source, closer_wh) + np.float32(0.5 * (FINE - 1))
    node_px = ((right - 1 - left) / (closer_wh[0] - 1), (bottom - 1 - top) / (closer_wh[1] - 1))
    fine = StrandMap(chosen.fine, chosen.single, FINE * MARGIN_PX, nodes, (left, top), node_px, FINE * scale)
    full = _finely(source, (right - left, bottom - top))
    strands = chosen.strands
    if scale > 1.2:
        strands = cv2.GaussianBlur(strands, (0, 0), 0.45 * scale)
    laid = cv2.remap(strands, full, np.empty(0, np.float32), cv2.INTER_LINEAR, borderValue=(128, 128, 0))
    from_x, from_y, across, down = cv2.boundingRect(cv2.extractChannel(laid, 2))
    if not across:
        return None
    margin = round(_MARGIN_FACES * FACE_PX / scale)
    to_x, to_y = from_x + across + margin, from_y + down + margin
    from_x, from_y = max(from_x - margin, 0), max(from_y - margin, 0)
    *lights, alpha = cv2.split(laid[from_y:to_y, from_x:to_x])
    light_log, strand_log = ((light.astype(np.float32) - 128) / np.float32(LIGHTNESS_STEPS) for light in lights)
    return LaidHair(
        slice(top + from_y, top + from_y + alpha.shape[0]),
        slice(left + from_x, left + from_x + alpha.shape[1]),
        light_log,
        strand_log,
        alpha.astype(np.float32) / 255,
        fine,
    )


def _finely(grid: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Enlarge a grid whose outermost nodes lie on the outermost pixels."""
    to_grid = np.array(
        [[(grid.shape[1] - 1) / (size_wh[0] - 1), 0, 0], [0, (grid.shape[0] - 1) / (size_wh[1] - 1), 0]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grid, to_grid, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
