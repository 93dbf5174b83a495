"""Where faces are: YuNet finds candidates, then reads each again in an upright cut-out, which settles its angle.

YuNet reads a face upside down almost as surely as upright, so the angle found in the whole picture is only a guess.
In a small cut-out the four turns of one face can be compared, and the upright one scores highest.

Source: OpenCV Zoo, `face_detection_yunet` (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from quality.crop import halved, upright_crop
from quality.face import FloatArray, ImageArray
from quality.model_files import read_model
from quality.resting_net import RestingNet

SEARCH_SIDES_PX = (640, 256, 1280, 2048)
"""Long side of the reduced picture; the next one is tried when those before show no face, or small ones only. The
second is for blurred faces and for those that fill the picture."""
TURNED_UP_TO_PX = 1280
"""Finer pictures are searched upright only: three more passes would take most of a second for tiny turned faces."""
FINER_BELOW_PX = 48
"""While no face is larger than this in a reduced picture, a finer one is searched for smaller faces too. By eye."""
SCORE_THRESHOLD = 0.8
"""Least confidence of a face read upright in its cut-out: real faces reach it, wheels and cups do not. By eye."""
CANDIDATE_THRESHOLD = 0.3
"""Least confidence of a reading in the whole picture, where a face may lie at any angle."""
UPRIGHT_LIMIT_DEG = 45.0
"""While every face found is nearer to upright than this, the picture is not searched turned."""
SURE_SCORE = 0.75
"""And while every face found is at least as sure as this. By eye."""
SURE_TURN_SCORE = 0.9
"""A face neither upright nor upside down hardly reads as surely as this: above, its other turns are not tried.
Measured on 98 portraits: lying on its side at most 0.87."""
_CUT_OUT_PX = 128
_CUT_OUT_BOXES = 2.0
"""Side of the cut-out in boxes of the face."""
_REFINE_BEYOND_DEG = 12.0
_RUN_AWAY_PX = 1e5
"""On flat or very narrow pictures the net's exponentials run away, to infinity and NaN at worst."""
_SIZE_FACTOR = 1.7
"""How far the sizes of two readings of one face may be apart. By eye."""


@dataclass(frozen=True, eq=False)
class Detection:
    """One face as YuNet sees it, in pixels of the whole picture.

    Attributes
    ----------
    center_px : ndarray, (2,) float32
        Center of the box, x right, y down.
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
    """YuNet, for a few threads: the whole picture is read by one at a time, for a sixth of an edit.

    At the first search side a copy takes 27 MB.
    """

    def __init__(self) -> None:
        # Another input size makes OpenCV lay out the whole net anew: cut-outs, all of one size, have their own.
        self._picture_net, self._cut_out_net = RestingNet(_yunet), RestingNet(_yunet)

    def rest(self) -> None:
        """Let go of the nets until they are used again."""
        self._picture_net.rest()
        self._cut_out_net.rest()

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
        found: list[Detection] = []
        finest = 0
        for side in dict.fromkeys(min(side, long_side) for side in SEARCH_SIDES_PX):
            if found and side < SEARCH_SIDES_PX[0]:
                continue
            found = self._search(image, side, found)
            finest = max(finest, side)
            if any(face.size_px * side / long_side > FINER_BELOW_PX for face in found):
                break
        if finest > SEARCH_SIDES_PX[0]:
            # Here 80 to 200 MB.
            self._picture_net.rest()
        return sorted(found, key=lambda face: -face.score)

    def _search(self, image: ImageArray, side_px: int, known: list[Detection]) -> list[Detection]:
        scale = min(1.0, side_px / max(image.shape[:2]))
        reduced = image
        if scale < 1.0:
            while max(reduced.shape[:2]) >= 2 * side_px and min(reduced.shape[:2]) > 1:
                reduced = halved(reduced)
            size_wh = max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1)
            reduced = cv2.resize(reduced, size_wh, interpolation=cv2.INTER_AREA)
        found = self._settle_all(image, reduced, self._read_turned(reduced, 0), known)
        sure = all(abs(face.roll_deg) <= UPRIGHT_LIMIT_DEG and face.score >= SURE_SCORE for face in found)
        if not (found and sure) and side_px <= TURNED_UP_TO_PX:
            for quarter in (1, 2, 3):
                found = self._settle_all(image, reduced, self._read_turned(reduced, quarter), found)
        return found

    def _settle_all(
        self, image: ImageArray, reduced: ImageArray, candidates: list[Detection], known: list[Detection]
    ) -> list[Detection]:
        """Settle the candidates in the reduced picture that are apart from the faces known, and add them."""
        scale = reduced.shape[1] / image.shape[1]
        faces = list(known)
        for candidate in sorted(candidates, key=lambda reading: -reading.score):
            in_image = _scaled(candidate, 1 / scale)
            if not all(_is_apart(in_image, face) for face in faces):
                continue
            if candidate.size_px * _CUT_OUT_BOXES >= _CUT_OUT_PX:
                settled = self._settle(reduced, candidate)
                face = _scaled(settled, 1 / scale) if settled is not None else None
            else:
                # Too few pixels in the reduced picture: the whole one has more of them.
                face = self._settle(image, in_image)
            if face is not None and all(_is_apart(face, other) for other in faces):
                faces.append(face)
        return faces

    def _settle(self, image: ImageArray, candidate: Detection) -> Detection | None:
        """Read a candidate again, upright; None when no turn of it is surely a face."""
        best = self._best_turn(image, candidate, (0, 180))
        if best is None or best.score < SURE_TURN_SCORE:
            best = _surer(best, self._best_turn(image, candidate, (45, 90, 135, 225, 270, 315)))
        if best is not None and abs((best.roll_deg - candidate.roll_deg + 90) % 180 - 90) > _REFINE_BEYOND_DEG:
            best = _surer(best, self._best_turn(image, best, (0, 180)))
        return best if best is not None and best.score >= SCORE_THRESHOLD else None

    def _best_turn(self, image: ImageArray, face: Detection, turns_deg: tuple[int, ...]) -> Detection | None:
        best = None
        for turn in turns_deg:
            best = _surer(best, self._read_upright(image, face, turn))
        return best

    def _read_upright(self, image: ImageArray, face: Detection, turn_deg: float) -> Detection | None:
        """Read the face in a cut-out turned by its roll and `turn_deg`."""
        roll = face.roll_deg + turn_deg
        crop, to_crop = upright_crop(image, face.center_px, _CUT_OUT_BOXES * face.size_px, roll, _CUT_OUT_PX)
        to_image = cv2.invertAffineTransform(to_crop)
        scale = _CUT_OUT_PX / (_CUT_OUT_BOXES * face.size_px)
        near = [
            Detection(
                (to_image[:, :2] @ reading.center_px + to_image[:, 2]).astype(np.float32),
                reading.size_px / scale,
                _wrapped(reading.roll_deg + roll),
                reading.score,
            )
            for reading in _read(self._cut_out_net, crop)
        ]
        near = [reading for reading in near if not _is_apart(reading, face) and _is_alike_in_size(reading, face)]
        return max(near, key=lambda reading: reading.score, default=None)

    def _read_turned(self, reduced: ImageArray, quarter: int) -> list[Detection]:
        """Read the picture turned counterclockwise by `quarter` right angles."""
        height, width = reduced.shape[:2]
        return [
            Detection(
                _unturn(reading.center_px, quarter, width, height),
                reading.size_px,
                _wrapped(reading.roll_deg + 90 * quarter),
                reading.score,
            )
            for reading in _read(self._picture_net, np.ascontiguousarray(np.rot90(reduced, quarter)))
        ]


def _yunet() -> cv2.FaceDetectorYN:
    model = np.frombuffer(read_model("face_detection_yunet_2023mar.onnx"), np.uint8)
    no_config, size_wh = np.empty(0, np.uint8), (_CUT_OUT_PX, _CUT_OUT_PX)
    return cv2.FaceDetectorYN.create("onnx", model, no_config, size_wh, CANDIDATE_THRESHOLD, 0.3, 2000)


def _read(yunet: RestingNet[cv2.FaceDetectorYN], image: ImageArray) -> list[Detection]:
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


def _scaled(face: Detection, factor: float) -> Detection:
    return Detection(face.center_px * np.float32(factor), face.size_px * factor, face.roll_deg, face.score)


def _unturn(point: FloatArray, quarter: int, width: int, height: int) -> FloatArray:
    """Bring a point of a picture turned by `numpy.rot90(..., quarter)` back to the picture as it was."""
    x, y = float(point[0]), float(point[1])
    back = ((x, y), (width - 1 - y, x), (width - 1 - x, height - 1 - y), (y, height - 1 - x))[quarter]
    return np.array(back, np.float32)


def _is_apart(one: Detection, other: Detection) -> bool:
    distance = float(np.linalg.norm(one.center_px - other.center_px))
    return distance > 0.5 * max(one.size_px, other.size_px)


def _is_alike_in_size(one: Detection, other: Detection) -> bool:
    """Return whether two readings can be of one face: a covered one, read sideways, may seem twice as large."""
    return 1 / _SIZE_FACTOR < one.size_px / other.size_px < _SIZE_FACTOR


def _surer(one: Detection | None, other: Detection | None) -> Detection | None:
    if one is None or other is None:
        return one or other
    return one if one.score >= other.score else other


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180) % 360 - 180
