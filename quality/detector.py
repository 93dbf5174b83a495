"""Where faces are: YuNet on reduced pictures, turned four ways so that no face is read upside down.

Source: OpenCV Zoo, `face_detection_yunet` (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from quality.model_files import read_model

SEARCH_SIDES_PX = (640, 1280, 2048)
"""Long side of the reduced picture; the next one is tried only when the one before shows no face."""
SCORE_THRESHOLD = 0.6
_UPRIGHT_PENALTY = 0.3
"""Score taken from a detection read upside down; between four turns the upright reading wins. By eye."""


@dataclass(frozen=True, eq=False)
class Detection:
    """One face as YuNet sees it, in pixels of the whole picture.

    Attributes
    ----------
    center_px : ndarray, (2,) float32
        Centre of the box, x right, y down.
    size_px : float
        Longer side of the box.
    roll_deg : float
        Angle of the eyes-to-mouth line against the vertical, clockwise positive, -180..180.
    score : float
        Confidence 0..1.
    """

    center_px: FloatArray
    size_px: float
    roll_deg: float
    score: float


class FaceDetector:
    """YuNet. Not safe to share between threads: one instance a thread."""

    def __init__(self) -> None:
        model = np.frombuffer(read_model("face_detection_yunet_2023mar.onnx"), np.uint8)
        no_config = np.empty(0, np.uint8)
        self._net = cv2.FaceDetectorYN.create("onnx", model, no_config, (320, 320), SCORE_THRESHOLD, 0.3, 2000)

    def detect(self, image: ImageArray) -> list[Detection]:
        """Find faces of any size and in-plane angle.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB

        Returns
        -------
        list of Detection
            Best first; overlapping readings of one face are merged.
        """
        long_side = max(image.shape[:2])
        for side in SEARCH_SIDES_PX:
            found = self._search(image, side)
            if found or side >= long_side:
                return found
        return []

    def _search(self, image: ImageArray, side_px: int) -> list[Detection]:
        height, width = image.shape[:2]
        scale = min(1.0, side_px / max(height, width))
        reduced = image
        if scale < 1.0:
            reduced = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        bgr = cv2.cvtColor(reduced, cv2.COLOR_RGB2BGR)
        candidates: list[tuple[float, Detection]] = []
        for quarter in range(4):
            candidates += self._search_turned(bgr, quarter, scale)
        candidates.sort(key=lambda ranked: -ranked[0])
        kept: list[Detection] = []
        for _, detection in candidates:
            if all(_is_apart(detection, other) for other in kept):
                kept.append(detection)
        return kept

    def _search_turned(self, bgr: ImageArray, quarter: int, scale: float) -> list[tuple[float, Detection]]:
        """Run the net on the picture turned counterclockwise by `quarter` right angles."""
        height, width = bgr.shape[:2]
        turned = np.ascontiguousarray(np.rot90(bgr, quarter))
        self._net.setInputSize((turned.shape[1], turned.shape[0]))
        rows = self._net.detect(turned)[1]
        ranked: list[tuple[float, Detection]] = []
        for row in rows if rows is not None else ():
            points = _unturn(row[4:14].reshape(5, 2), quarter, width, height) / scale
            middle = np.array([[row[0] + row[2] / 2, row[1] + row[3] / 2]], np.float32)
            center = _unturn(middle, quarter, width, height)[0] / scale
            down = (points[3] + points[4] - points[0] - points[1]) / 2
            roll = -math.degrees(math.atan2(down[0], down[1]))
            tilt_in_turned = abs((roll - 90 * quarter + 180) % 360 - 180)
            score = float(row[14])
            detection = Detection(center, float(max(row[2], row[3])) / scale, roll, score)
            ranked.append((score - _UPRIGHT_PENALTY * tilt_in_turned / 180, detection))
        return ranked


def _unturn(points: FloatArray, quarter: int, width: int, height: int) -> FloatArray:
    """Bring points of a picture turned by `numpy.rot90(..., quarter)` back to the picture as it was."""
    x, y = points[:, 0], points[:, 1]
    back = ((x, y), (width - 1 - y, x), (width - 1 - x, height - 1 - y), (y, height - 1 - x))[quarter]
    return np.stack(back, axis=1).astype(np.float32)


def _is_apart(one: Detection, other: Detection) -> bool:
    distance = float(np.linalg.norm(one.center_px - other.center_px))
    return distance > 0.5 * max(one.size_px, other.size_px)
