"""Known colors carried over a hole, from near where something is known and from far elsewhere.

Source: normalized convolution, Knutsson and Westin (CVPR 1993), at several scales.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray
from transforms.picture.blending import laid_over
from transforms.picture.color_models import mean_color
from transforms.picture.normalized_blur import weighed

_FILLING_PX, _EVEN_PX = (24.0, 10.0, 4.0, 1.5), (24.0, 12.0)


def carried(lab: FloatArray, known: FloatArray, level_px: float | None = None, fill_known: bool = True) -> FloatArray:
    """Carry known colors over the unknown.

    Parameters
    ----------
    lab : ndarray, (h, w, 3) float32
    known : ndarray, (h, w) float32
        0..1.
    level_px : float or None
        Sigma of the broadest blur up and down; None for as much as across.
    fill_known : bool
        Whether what is known stays as it is; else it is evened as well.

    Returns
    -------
    ndarray, (h, w, 3) float32
    """
    height, width = known.shape
    weighted = weighed(lab, known)
    result: FloatArray = mean_color(lab, known).astype(np.float32).reshape(1, 1, 3)
    for sigma in _FILLING_PX if fill_known else _EVEN_PX:
        up_down = min(sigma, level_px or sigma)
        # What is so broad is as well found on a smaller picture.
        across, down = (max(int(part / 2), 1) for part in (sigma, up_down))
        small = cv2.resize(weighted, (-(-width // across), -(-height // down)), interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), sigma / across, sigmaY=up_down / down)
        *means, weight = cv2.split(small)
        share, total = np.minimum(weight / 0.15, 1), np.maximum(weight, 1e-4)
        so_far = cv2.split(cv2.resize(result, small.shape[1::-1], interpolation=cv2.INTER_LINEAR))
        result = cv2.merge(
            [plane + (mean / total - plane) * share for plane, mean in zip(so_far, means, strict=True)]
        )
    result = np.asarray(cv2.resize(result, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return laid_over(result, lab, known) if fill_known else result
