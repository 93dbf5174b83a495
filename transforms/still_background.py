"""What is behind a head stays where it is while the head changes its shape: door frames and horizons stay straight.

Where the head grows, it covers what is behind; the warp ends at its silhouette. Where it shrinks, what was hidden has
to be made up: what is beside is stretched, no farther than it takes to do so without a fold. Distances by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.canonical_layers import OVAL
from transforms.color_models import polygon_mask

_WORK_EYES_PX = 48.0
_PERSON = 0.3
_MARGIN, _LEAST_REACH, _REACH_PER_STEP, _MOST_REACH = 0.03, 0.06, 1.7, 0.6
"""In distances of the eyes: what is left to move beside the silhouette, how far its motion fades out where the head
grows, and how much farther for each step that it shrinks."""


def still_background(field_px: FloatArray, person_ratio: FloatArray, landmarks_px: FloatArray) -> FloatArray:
    """Let a warp fade out beside the silhouette.

    Parameters
    ----------
    field_px : ndarray, (h, w, 2) float32
        Source minus result, as `warp.displacement_px`.
    person_ratio : ndarray, (h, w) float32
        Share of person before the warp.
    landmarks_px : ndarray, (>=468, >=2) float32
        Before the warp.

    Returns
    -------
    ndarray, (h, w, 2) float32
        `field_px` on the person, before the warp or after it; 0 farther away.
    """
    height, width = field_px.shape[:2]
    eyes_px = float(np.linalg.norm(landmarks_px[33, :2] - landmarks_px[263, :2]))
    scale = min(1.0, _WORK_EYES_PX / max(eyes_px, 1.0))
    size_wh = (max(round(width * scale), 4), max(round(height * scale), 4))
    eyes_px *= scale
    field = cv2.resize(field_px, size_wh, interpolation=cv2.INTER_AREA) * np.float32(scale)
    points = (landmarks_px[:, :2] + 0.5) * np.array(size_wh) / (width, height) - 0.5
    person = np.maximum(
        cv2.resize(person_ratio, size_wh, interpolation=cv2.INTER_AREA), polygon_mask(points, OVAL, size_wh, 0)
    )
    source = field + np.stack(np.meshgrid(*(np.arange(side, dtype=np.float32) for side in size_wh)), axis=-1)
    moved = cv2.remap(person, source, np.empty(0, np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    behind = (np.maximum(person, moved) < _PERSON).astype(np.uint8)
    away = cv2.GaussianBlur(cv2.distanceTransform(behind, cv2.DIST_L2, 5), (0, 0), 1.0)
    outward = np.dstack([cv2.Sobel(away, cv2.CV_32F, 1, 0), cv2.Sobel(away, cv2.CV_32F, 0, 1)])
    outward = outward / np.maximum(np.linalg.norm(outward, axis=2, keepdims=True), 1e-3)
    shrinks = np.maximum(np.einsum("ijk,ijk->ij", field, outward), 0).astype(np.float32)
    # The silhouette's own step counts all the way out.
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(0.2 * eyes_px) + 1,) * 2)
    shrinks = cv2.GaussianBlur(cv2.dilate(shrinks, around), (0, 0), 0.07 * eyes_px)
    reach = np.clip(_LEAST_REACH * eyes_px + _REACH_PER_STEP * shrinks, 1.0, _MOST_REACH * eyes_px)
    share = np.clip(1 - (away - _MARGIN * eyes_px) / reach, 0, 1)
    share = cv2.resize(share.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    kept: FloatArray = field_px * share[..., None]
    return kept
