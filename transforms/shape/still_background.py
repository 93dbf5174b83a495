"""What is behind a head stays where it is while the head changes its shape: door frames and horizons stay straight.

Where the head grows or slides along, it covers what is behind; the warp ends at its silhouette. Where it shrinks,
what was hidden has to be made up: what is beside is stretched straight towards the head, so that lines which meet it
go on, and no farther than it takes to do so without a fold. Distances by eye.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.face.geometry import eye_corners_px
from transforms.face.landmark_ids import OVAL
from transforms.picture.color_models import polygon_mask
from transforms.picture.guided import apply_guided, guided_coefficients
from transforms.picture.working_size import reduced, working_size
from transforms.shape.warp import warp_ratio

_WORK_EYES_PX = 40.0
_PERSON = 0.5
_EDGE_WINDOW, _EDGE_VARIANCE = 0.08, 1e-3
_MARGIN, _EDGE = 0.01, 0.03
"""Distances of the eyes beside the silhouette, in which what is behind moves along and within which it stops."""
_REACH_PER_STEP, _MOST_REACH = 1.7, 0.6
"""How far what is stretched reaches, for each step that the head shrinks, and in distances of the eyes."""


def still_background(
    field_px: FloatArray, image: ImageArray, person_ratio: FloatArray, landmarks_px: FloatArray
) -> FloatArray:
    """Let a warp fade out beside the silhouette.

    Parameters
    ----------
    field_px : ndarray, (h, w, 2) float32
        Source minus result, as `warp.displacement_px`; changed in place.
    image : ndarray, (h, w, 3) uint8, RGB
    person_ratio : ndarray, (h, w) float32
        Share of person. Like the picture, before the warp.
    landmarks_px : ndarray, (>=468, >=2) float32
        Before the warp.

    Returns
    -------
    ndarray, (h, w, 2) float32
        `field_px` on the person, before the warp or after it; 0 farther away.
    """
    height, width = field_px.shape[:2]
    eyes_px = eye_corners_px(landmarks_px)
    scale, size_wh = working_size(width, height, eyes_px, _WORK_EYES_PX)
    eyes_px *= scale
    field = cv2.resize(field_px, size_wh, interpolation=cv2.INTER_LINEAR) * np.float32(scale)
    points = (landmarks_px[:, :2] + 0.5) * np.array(size_wh) / (width, height) - 0.5
    # The net's silhouette is coarse: the picture's own edges tell where it runs.
    guide = reduced(image, size_wh).astype(np.float32) / 255
    coarse = cv2.resize(person_ratio, size_wh, interpolation=cv2.INTER_LINEAR)
    fine = guided_coefficients(coarse, guide, max(round(_EDGE_WINDOW * eyes_px), 1), _EDGE_VARIANCE)
    person = np.maximum(apply_guided(fine, guide), polygon_mask(points, OVAL, size_wh, 0))
    behind = (np.maximum(person, warp_ratio(person, field)) < _PERSON).astype(np.uint8)
    away = cv2.GaussianBlur(cv2.distanceTransform(behind, cv2.DIST_L2, 5), (0, 0), 1.0)
    across, down = cv2.Sobel(away, cv2.CV_32F, 1, 0), cv2.Sobel(away, cv2.CV_32F, 0, 1)
    steepness = np.maximum(cv2.magnitude(across, down), 1e-3)
    outward = cv2.merge([across / steepness, down / steepness])
    outward_x, outward_y = cv2.split(cv2.GaussianBlur(outward, (0, 0), max(0.04 * eyes_px, 0.5)))
    field_x, field_y = cv2.split(field)
    shrinks = np.maximum(field_x * outward_x + field_y * outward_y, 0)
    # The silhouette's own step counts all the way out.
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(0.2 * eyes_px) + 1,) * 2)
    step = cv2.GaussianBlur(cv2.dilate(shrinks, around), (0, 0), 0.07 * eyes_px)
    margin_px, edge_px = _MARGIN * eyes_px, _EDGE * eyes_px
    along = np.clip(1 - (away - margin_px) / max(edge_px, 1.0), 0, 1)
    reach = np.clip(_REACH_PER_STEP * step, max(edge_px, 1.0), _MOST_REACH * eyes_px)
    stretched = np.clip(1 - (away - margin_px) / reach, 0, 1) - along
    stretch = stretched * shrinks / scale
    # One after the other: each is as large as the field.
    for lay, small in (
        (cv2.multiply, cv2.merge([along, along])),
        (cv2.add, cv2.merge([stretch * outward_x, stretch * outward_y])),
    ):
        lay(field_px, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dst=field_px)
    return field_px
