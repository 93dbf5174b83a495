"""YuNet, the net that tells faces by box and five points, in `cv2.FaceDetectorYN`.

Source: OpenCV Zoo, `face_detection_yunet` (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.detection import Detection
from quality.face import FloatArray, ImageArray
from quality.model_files import read_model
from quality.resting_net import RestingNet

_CANDIDATE_THRESHOLD, _OVERLAP, _MOST_CANDIDATES = 0.3, 0.3, 2000
"""Least confidence of a reading in the whole picture, where a face may lie at any angle; how much of two boxes may be
common; how many are looked at."""
_RUN_AWAY_PX = 1e5
"""On flat or very narrow pictures the net's exponentials run away, to infinity and NaN at worst."""


def yunet(size_wh: tuple[int, int]) -> cv2.FaceDetectorYN:
    """Lay out the net for a picture of that size; another one makes OpenCV lay it out anew."""
    model = np.frombuffer(read_model("face_detection_yunet_2023mar.onnx"), np.uint8)
    no_config = np.empty(0, np.uint8)
    return cv2.FaceDetectorYN.create(
        "onnx", model, no_config, size_wh, _CANDIDATE_THRESHOLD, _OVERLAP, _MOST_CANDIDATES
    )


def read_faces(yunet: RestingNet[cv2.FaceDetectorYN], image: ImageArray) -> list[Detection]:
    """Read a picture, (H, W, 3) uint8 RGB, as it is; the detections are in its pixels."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    with yunet.awake() as net:
        # It keeps the room of its largest input.
        net.setInputSize((image.shape[1], image.shape[0]))
        rows: FloatArray | None = net.detect(bgr)[1]
    readings = []
    for row in rows if rows is not None else ():
        if not np.abs(row).max() < _RUN_AWAY_PX:
            continue
        points = row[4:14].reshape(5, 2)
        down = (points[3] + points[4] - points[0] - points[1]) / 2
        roll = -math.degrees(math.atan2(down[0], down[1]))
        center = np.array([row[0] + row[2] / 2, row[1] + row[3] / 2], np.float32)
        reading = Detection(center, float(max(row[2], row[3])), roll, float(row[14]))
        if _is_possible(reading, image):
            readings.append(reading)
    return readings


def _is_possible(reading: Detection, image: ImageArray) -> bool:
    """Return whether a box can be one: near the picture, and not far larger than it."""
    size_wh = np.array([image.shape[1], image.shape[0]])
    is_near = (reading.center_px > -reading.size_px).all() and (reading.center_px < size_wh + reading.size_px).all()
    return bool(0 < reading.size_px <= 2 * size_wh.max() and is_near)
