"""Moving pixels, shares and landmarks by a field: the source of each pixel of the result, minus its place."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quality.face import MESH_VERTICES, FloatArray, ImageArray
from transforms.picture.bounds import nonzero_bounds

_STILL_PX = 0.01
_BOTH = np.array([True, True]).view(np.uint16)


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
