"""A hairdo laid about a head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import Face, FloatArray
from transforms.head.head_crop import crop_map, crop_size_wh
from transforms.long_hair.hairdo import FACE_PX, FINE, LIGHTNESS_STEPS, MARGIN_PX, Hairdo
from transforms.long_hair.hung_hair import StrandMap
from transforms.long_hair.own_head import OwnHead
from transforms.long_hair.strand_sources import strand_sources

_GRID_PX, _CLOSER = 12, 4
_MARGIN_FACES = 0.1


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
    within_faces : ndarray, float16
        How far within where the hairdo began: `hairline.drawn_down_faces`.
    strands : StrandMap
        Of the whole picture.
    """

    rows: slice
    columns: slice
    light_log: FloatArray
    strand_log: FloatArray
    alpha: FloatArray
    within_faces: FloatArray
    strands: StrandMap


def lay(
    chosen: Hairdo, face: Face, size_wh: tuple[int, int], is_mirrored: bool, own_head: OwnHead
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
    own_head : OwnHead

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
    source, within_faces = strand_sources(chosen, at, face, is_mirrored, own_head)
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
    del full
    within_faces = _finely(within_faces, (right - left, bottom - top))
    within_faces = within_faces[from_y:to_y, from_x:to_x].astype(np.float16)
    *lights, alpha = cv2.split(laid[from_y:to_y, from_x:to_x])
    light_log, strand_log = ((light.astype(np.float32) - 128) / np.float32(LIGHTNESS_STEPS) for light in lights)
    return LaidHair(
        slice(top + from_y, top + from_y + alpha.shape[0]),
        slice(left + from_x, left + from_x + alpha.shape[1]),
        light_log,
        strand_log,
        alpha.astype(np.float32) / 255,
        within_faces,
        fine,
    )


def _finely(grid: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Enlarge a grid whose outermost nodes lie on the outermost pixels."""
    to_grid = np.array(
        [[(grid.shape[1] - 1) / (size_wh[0] - 1), 0, 0], [0, (grid.shape[0] - 1) / (size_wh[1] - 1), 0]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grid, to_grid, size_wh, flags=flags, borderMode=cv2.BORDER_REPLICATE)
