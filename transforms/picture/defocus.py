"""How wide the picture's own edges are: what an edit adds is never sharper than they are.

Source: the gradient of an edge falls by a known ratio when it is blurred once more, which tells how far it was
blurred before: Zhuo & Sim 2011, Pattern Recognition 44(9):1852-1858.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import BoundingBox, FloatArray, ImageArray
from transforms.picture.bounds import nonzero_bounds

_FIRST_SIGMA_PX, _AGAIN_SIGMA_PX = 0.5, 1.0
_EDGES_PERCENTILE = 98.0
_EYES = (33, 133, 159, 145, 263, 362, 386, 374)
USUAL_SIGMA_PX = 1.3
"""Edges of sharp portraits at the edits' working size are up to so wide, by measure."""


def edge_sigma_px(image: ImageArray, box: BoundingBox) -> float:
    """Measure the blur of a face's strongest edges: lashes, nostrils, lips, frames of glasses.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    box : BoundingBox
        The face; cut at the picture's border.

    Returns
    -------
    float
        Deviation of the Gaussian that blurs as much, px; within 15 % where one of 2 to 4 px was put over sharp
        portraits. `USUAL_SIGMA_PX` where the face has no edges.
    """
    rows = slice(max(int(box.top), 0), max(int(box.bottom), 0))
    columns = slice(max(int(box.left), 0), max(int(box.right), 0))
    part = image[rows, columns]
    if min(part.shape[:2]) < 8:
        return USUAL_SIGMA_PX
    gray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
    first = _gradient(cv2.GaussianBlur(gray, (0, 0), _FIRST_SIGMA_PX))
    again = _gradient(cv2.GaussianBlur(gray, (0, 0), math.hypot(_FIRST_SIGMA_PX, _AGAIN_SIGMA_PX)))
    edges = first >= max(float(np.percentile(first, _EDGES_PERCENTILE)), 1.0)
    if not edges.any():
        return USUAL_SIGMA_PX
    ratio = float(np.median(first[edges] / np.maximum(again[edges], 1e-3)))
    return _AGAIN_SIGMA_PX / math.sqrt(max(ratio**2 - 1, 1e-3))


def finest_px(image: ImageArray, landmarks_px: FloatArray) -> float:
    """Return the width of the finest that a picture shows of eyes: 1 px if it is sharp, more if it was enlarged."""
    low, high = (bound(landmarks_px[list(_EYES), :2], axis=0) for bound in (np.min, np.max))
    reach = 0.15 * float(high[0] - low[0])
    box = BoundingBox(
        float(low[0]) - reach,
        float(low[1]) - reach,
        float(high[0] - low[0]) + 2 * reach,
        float(high[1] - low[1]) + 2 * reach,
    )
    return max(edge_sigma_px(image, box) / USUAL_SIGMA_PX, 1.0)


def missing_sigma_px(sigma_px: float) -> float:
    """Return what is to be blurred more that is as sharp as usual; 0 for a sharp picture."""
    return math.sqrt(max(sigma_px**2 - USUAL_SIGMA_PX**2, 0.0))


def no_sharper(edited: ImageArray, image: ImageArray, sigma_px: float) -> ImageArray:
    """Blur what an edit changed until it is as wide as the picture's edges.

    Parameters
    ----------
    edited, image : ndarray, (H, W, 3) uint8
        After and before the edit.
    sigma_px : float
        Of `edge_sigma_px`.

    Returns
    -------
    ndarray, (H, W, 3) uint8
        `edited` itself for a sharp picture.
    """
    missing_px = missing_sigma_px(sigma_px)
    if not missing_px:
        return edited
    part = nonzero_bounds(cv2.absdiff(edited, image), math.ceil(4 * missing_px))
    if part is None:
        return edited
    # `cv2.subtract` to float takes fifty times as long.
    change = cv2.GaussianBlur(np.subtract(edited[part], image[part], dtype=np.float32), (0, 0), missing_px)
    result = image.copy()
    result[part] = cv2.add(image[part], change, dtype=cv2.CV_8U)
    return result


def _gradient(gray: FloatArray) -> FloatArray:
    magnitude: FloatArray = cv2.magnitude(cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1))
    return magnitude
