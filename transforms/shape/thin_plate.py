"""The thin-plate spline.

Source: Bookstein, PAMI 11(6), 1989.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray

_SMOOTHNESS = 1e-3
_AT_ONCE = 256
"""So many points are reckoned at once: what that takes stays in the processor's cache."""


def thin_plate(points: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
    """Interpolate values, (N, 2), given at points, (N, 2), at wanted points, (M, 2); float64."""
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
