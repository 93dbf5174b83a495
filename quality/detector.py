"""Where faces are: YuNet finds candidates, then reads each again in an upright cut-out, which settles its angle.

YuNet reads a face upside down almost as surely as upright, so the angle found in the whole picture is only a guess.
In a small cut-out the four turns of one face can be compared, and the upright one scores highest.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.crop import halved, upright_crop
from quality.detection import Detection, is_alike_in_size, is_apart, surer, wrapped_deg
from quality.face import FloatArray, ImageArray
from quality.resting_net import RestingNet
from quality.yunet import read_faces, yunet

SEARCH_SIDES_PX = (640, 256, 1280, 2048)
"""Long side of the reduced picture; the next one is tried when those before show no face, or small ones only. The
second is for blurred faces and for those that fill the picture."""
TURNED_UP_TO_PX = 1280
"""Finer pictures are searched upright only: three more passes would take most of a second for tiny turned faces."""
FINER_BELOW_PX = 48
"""While no face is larger than this in a reduced picture, a finer one is searched for smaller faces too. By eye."""
SCORE_THRESHOLD = 0.8
"""Least confidence of a face read upright in its cut-out: real faces reach it, wheels and cups do not. By eye."""
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


class FaceDetector:
    """YuNet, for a few threads: the whole picture is read by one at a time, for a sixth of an edit.

    At the first search side a copy takes 27 MB.
    """

    def __init__(self) -> None:
        # Another input size makes OpenCV lay out the whole net anew: cut-outs, all of one size, have their own.
        self._picture_net, self._cut_out_net = RestingNet(_laid_out), RestingNet(_laid_out)

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
            in_image = candidate.scaled(1 / scale)
            if not all(is_apart(in_image, face) for face in faces):
                continue
            if candidate.size_px * _CUT_OUT_BOXES >= _CUT_OUT_PX:
                settled = self._settle(reduced, candidate)
                face = settled.scaled(1 / scale) if settled is not None else None
            else:
                # Too few pixels in the reduced picture: the whole one has more of them.
                face = self._settle(image, in_image)
            if face is not None and all(is_apart(face, other) for other in faces):
                faces.append(face)
        return faces

    def _settle(self, image: ImageArray, candidate: Detection) -> Detection | None:
        """Read a candidate again, upright; None when no turn of it is surely a face."""
        best = self._best_turn(image, candidate, (0, 180))
        if best is None or best.score < SURE_TURN_SCORE:
            best = surer(best, self._best_turn(image, candidate, (45, 90, 135, 225, 270, 315)))
        if best is not None and abs((best.roll_deg - candidate.roll_deg + 90) % 180 - 90) > _REFINE_BEYOND_DEG:
            best = surer(best, self._best_turn(image, best, (0, 180)))
        return best if best is not None and best.score >= SCORE_THRESHOLD else None

    def _best_turn(self, image: ImageArray, face: Detection, turns_deg: tuple[int, ...]) -> Detection | None:
        best = None
        for turn in turns_deg:
            best = surer(best, self._read_upright(image, face, turn))
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
                wrapped_deg(reading.roll_deg + roll),
                reading.score,
            )
            for reading in read_faces(self._cut_out_net, crop)
        ]
        near = [reading for reading in near if not is_apart(reading, face) and is_alike_in_size(reading, face)]
        return max(near, key=lambda reading: reading.score, default=None)

    def _read_turned(self, reduced: ImageArray, quarter: int) -> list[Detection]:
        """Read the picture turned counterclockwise by `quarter` right angles."""
        height, width = reduced.shape[:2]
        return [
            Detection(
                _unturn(reading.center_px, quarter, width, height),
                reading.size_px,
                wrapped_deg(reading.roll_deg + 90 * quarter),
                reading.score,
            )
            for reading in read_faces(self._picture_net, np.ascontiguousarray(np.rot90(reduced, quarter)))
        ]


def _laid_out() -> cv2.FaceDetectorYN:
    return yunet((_CUT_OUT_PX, _CUT_OUT_PX))


def _unturn(point: FloatArray, quarter: int, width: int, height: int) -> FloatArray:
    """Bring a point of a picture turned by `numpy.rot90(..., quarter)` back to the picture as it was."""
    x, y = float(point[0]), float(point[1])
    back = ((x, y), (width - 1 - y, x), (width - 1 - x, height - 1 - y), (y, height - 1 - x))[quarter]
    return np.array(back, np.float32)
