"""Moving pixels: a thin-plate spline through mesh points, evaluated on a coarse grid.

Source: Bookstein, PAMI 11(6), 1989. The map goes from the result to the source, so nothing is left empty.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import MESH_VERTICES, FloatArray, ImageArray
from transforms.face.canonical_layers import OVAL
from transforms.face.geometry import eye_corners_px
from transforms.picture.bounds import nonzero_bounds
from transforms.shape.offsets import CONTROL_POINTS

_SMOOTHNESS = 1e-3
_NEAR_RING, _NEAR_SHARE = 1.25, 0.5
"""Ring around the outline and the share of the outline's motion that it carries: hair and neck follow softly."""
_FIXED_RING = 1.75
_STEPS_PER_EYES = 14
_STILL_PX = 0.01
_AT_ONCE = 256
"""So many points are reckoned at once: what that takes stays in the processor's cache."""
_BOTH = np.array([True, True]).view(np.uint16)


def displacement_px(landmarks_px: FloatArray, offsets_px: FloatArray, size_wh: tuple[int, int]) -> FloatArray:
    """Find where each pixel of the result comes from.

    Parameters
    ----------
    landmarks_px : ndarray, (>=468, >=2) float32
    offsets_px : ndarray, (468, 2) float32
        How far each mesh point shall move.
    size_wh : (int, int)

    Returns
    -------
    ndarray, (h, w, 2) float32
        Source minus result, px; exactly 0 beyond the head.
    """
    width, height = size_wh
    outline = landmarks_px[list(OVAL), :2].astype(np.float64)
    center = outline.mean(axis=0)
    control = list(CONTROL_POINTS)
    source, moved = landmarks_px[control, :2].astype(np.float64), offsets_px[control].astype(np.float64)
    near = center + (outline - center) * _NEAR_RING
    fixed = (center + (outline - center) * _FIXED_RING)[::2]
    sources = np.vstack([source, near[::2], fixed])
    motions = np.vstack([moved, _NEAR_SHARE * offsets_px[list(OVAL)][::2], np.zeros_like(fixed)])
    eyes_px = eye_corners_px(landmarks_px)
    step = max(3, int(eyes_px / _STEPS_PER_EYES))
    reach = center + (outline - center) * _FIXED_RING
    low = np.floor(np.clip(reach.min(axis=0), 0, (width, height)) / step).astype(int)
    high = np.ceil(np.clip(reach.max(axis=0), 0, (width, height)) / step).astype(int) + 1
    # Where `cv2.resize` takes the pixels of a smaller picture to lie.
    columns, rows = ((np.arange(*ends) + 0.5) * step - 0.5 for ends in zip(low, high, strict=True))
    grid = np.stack(np.meshgrid(columns, rows), axis=-1)
    radius = np.linalg.norm(grid - center, axis=-1) / _outline_radius(grid - center, outline - center)
    fade = np.clip((_FIXED_RING - radius) / 0.3, 0, 1)
    # At the picture's border nothing may be drawn in from outside.
    to_border = np.minimum(grid, (width - 1, height - 1) - grid).min(axis=-1)
    share = fade * np.clip((to_border - step) / (0.2 * eyes_px), 0, 1)
    coarse = np.zeros(grid.shape, np.float32)
    moves = share > 0
    coarse[moves] = _thin_plate(sources + motions, -motions, grid[moves]) * share[moves][:, None]
    coarse[is_still(coarse)] = 0
    left, top = (int(side) * step for side in low)
    fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)[: height - top, : width - left]
    field = np.zeros((height, width, 2), np.float32)
    field[top : top + fine.shape[0], left : left + fine.shape[1]] = fine
    return field


def _outline_radius(directions: FloatArray, outline: FloatArray) -> FloatArray:
    """Distance of the outline from its center in each direction."""
    angles = np.arctan2(outline[:, 1], outline[:, 0])
    order = np.argsort(angles)
    lengths = np.linalg.norm(outline, axis=1)
    wanted = np.arctan2(directions[..., 1], directions[..., 0])
    found = np.interp(wanted.ravel(), angles[order], lengths[order], period=2 * np.pi)
    radius: FloatArray = found.reshape(wanted.shape)
    return radius


def _thin_plate(points: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
    scale = float(np.abs(points).max()) + 1.0
    points, wanted = points / scale, wanted / scale
    count = len(points)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _kernel(points, points) + _SMOOTHNESS * np.eye(count)
    affine = np.column_stack([np.ones(count), points])
    system[:count, count:], system[count:, :count] = affine, affine.T
    # OpenCV's solver and product run on one thread: the same sums in the same order on any machine setting.
    weights = cv2.solve(system, np.vstack([values, np.zeros((3, 2))]), flags=cv2.DECOMP_LU)[1]
    nothing = np.empty(0)
    affine = np.column_stack([np.ones(len(wanted)), wanted])
    result: FloatArray = cv2.gemm(affine, weights[count:], 1, nothing, 0)
    for start in range(0, len(wanted), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        # The many values at single precision: a tenth of the time, and less than a thousandth of a pixel off.
        kernel = _kernel(wanted[some].astype(np.float32), points.astype(np.float32)).astype(np.float64)
        result[some] += cv2.gemm(kernel, weights[:count], 1, nothing, 0)
    return result


def _kernel(a: FloatArray, b: FloatArray) -> FloatArray:
    squared = (a[:, None, 0] - b[None, :, 0]) ** 2
    squared += (a[:, None, 1] - b[None, :, 1]) ** 2
    kernel: FloatArray = cv2.log(squared + np.float32(1e-12))
    kernel *= squared
    return kernel


def warp_image(image: ImageArray, field_px: FloatArray, sharp: bool = True) -> ImageArray:
    """Move pixels; where the field is 0 they stay bit-equal.

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8
    field_px : ndarray, (h, w, 2) float32
    sharp : bool
        Whether the result is to be shown: else linear interpolation does, in a quarter of the time.

    Returns
    -------
    ndarray, (h, w, 3) uint8
    """
    result = image.copy()
    part = nonzero_bounds(field_px)
    if part is not None:
        source = _source(field_px[part], part[1].start, part[0].start)
        kind = cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR
        moved = cv2.remap(image, source, np.empty(0, np.float32), kind, borderMode=cv2.BORDER_REPLICATE)
        result[part] = cv2.copyTo(image[part], is_still(field_px[part]).view(np.uint8), moved)
    return result


def warp_ratio(ratio: FloatArray, field_px: FloatArray) -> FloatArray:
    """Move shares, (h, w) float32, with the pixels."""
    moved = ratio.copy()
    part = nonzero_bounds(field_px)
    if part is not None:
        source = _source(field_px[part], part[1].start, part[0].start)
        moved[part] = cv2.remap(
            ratio, source, np.empty(0, np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return moved


def _source(field_px: FloatArray, left: int = 0, top: int = 0) -> FloatArray:
    """Return where the pixels of a part that begins at `left`, `top` come from."""
    xy = field_px.copy()
    xy[..., 0] += np.arange(left, left + field_px.shape[1], dtype=np.float32)
    xy[..., 1] += np.arange(top, top + field_px.shape[0], dtype=np.float32)[:, None]
    return xy


def is_still(field_px: FloatArray) -> NDArray[np.bool_]:
    """Tell where a field moves nothing that could be seen, (h, w) bool."""
    # Both coordinates of a pixel at once: `cv2.inRange` takes twice as long.
    within = np.abs(np.ascontiguousarray(field_px)) <= _STILL_PX
    still: NDArray[np.bool_] = within.view(np.uint16)[..., 0] == _BOTH
    return still


def warp_landmarks(landmarks_px: FloatArray, offsets_px: FloatArray) -> FloatArray:
    """Move mesh and irises with the offsets."""
    moved = landmarks_px.copy()
    moved[:MESH_VERTICES, :2] += offsets_px
    for irises, eye in ((slice(468, 473), (33, 133, 159, 145)), (slice(473, 478), (263, 362, 386, 374))):
        moved[irises, :2] += offsets_px[list(eye)].mean(axis=0)
    return moved
