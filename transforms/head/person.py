"""Where people are: MediaPipe's selfie segmenter on the head and shoulders of one face.

The net runs in OpenCV (`cv2.dnn.readNetFromTFLite`), within 5e-5 of mediapipe's own ImageSegmenter, so none of the
latter's traps (a graph poisoned by one failure, a dead-lock at collection) is met.

Source: MediaPipe Selfie Segmentation, general model, 256x256 (model card of 2021); Apache-2.0.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from quality.model_files import read_model
from quality.resting_net import RestingNet
from transforms.head.round_frame import find_round_frame
from transforms.picture.working_size import reduced

INPUT_PX = 256
REGION_REACH_FACES = 1.3
"""Half the side of the region shown to the net, in face heights: head and shoulders, as in a selfie."""
_REGION_DROP_FACES = 0.12
_FOREHEAD, _CHIN, _RIGHT_CHEEK, _LEFT_CHEEK = 10, 152, 234, 454


class PersonSegmenter:
    """The selfie segmenter, for all threads: one call at a time."""

    def __init__(self) -> None:
        self._net = RestingNet(_read_net)

    def rest(self) -> None:
        """Let go of the net until it is used again."""
        self._net.rest()

    def person_ratio(self, region: ImageArray) -> FloatArray:
        """Tell how much of each pixel is a person, in a region that a head and shoulders fill.

        Parameters
        ----------
        region : ndarray, (H, W, 3) uint8, RGB
            Upright within 45 degrees. Its sides are stretched to 256 pixels.

        Returns
        -------
        ndarray, (H, W) float32
            0 background .. 1 person.
        """
        height, width = region.shape[:2]
        stretched = reduced(region, (INPUT_PX, INPUT_PX))
        frame = find_round_frame(stretched, width / height)
        with self._net.awake() as net:
            net.setInput(cv2.dnn.blobFromImage(frame.covered(stretched) if frame else stretched, 1 / 255))
            output = np.clip(net.forward().reshape(INPUT_PX, INPUT_PX), 0, 1)
        if frame:
            output *= frame.inside
        ratio: FloatArray = cv2.resize(output, (width, height), interpolation=cv2.INTER_LINEAR)
        return ratio

    def person_near(self, image: ImageArray, face: Face) -> FloatArray:
        """Tell how much of each pixel is a person, around one face at any angle of the head.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB
        face : Face
            In pixels of `image`.

        Returns
        -------
        ndarray, (H, W) float32
            As `person_ratio`; 0 outside `person_region`.
        """
        rows, columns = person_region(face, image.shape[0], image.shape[1])
        ratio = np.zeros(image.shape[:2], np.float32)
        # A region filled up with a repeated or black border misleads the net; a stretched one does not.
        region = image[rows, columns]
        if region.size:
            turns = round(head_roll_deg(face) / 90)
            upright = np.ascontiguousarray(np.rot90(region, turns))
            ratio[rows, columns] = np.rot90(self.person_ratio(upright), -turns)
        return ratio


def _read_net() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromTFLite(np.frombuffer(read_model("selfie_segmentation.tflite"), np.uint8))


def person_region(face: Face, height_px: int, width_px: int) -> tuple[slice, slice]:
    """Return rows and columns of the picture's part that the segmenter should see for a face.

    Parameters
    ----------
    face : Face
    height_px, width_px : int
        Size of the picture; the region is cut at its border.

    Returns
    -------
    tuple of two slices
    """
    points = face.landmarks_px[:MESH_VERTICES, :2].astype(np.float64)
    size = face_height_px(face)
    roll = math.radians(head_roll_deg(face))
    down = np.array([-math.sin(roll), math.cos(roll)])
    center = (points.min(axis=0) + points.max(axis=0)) / 2 + down * _REGION_DROP_FACES * size
    limits = np.array([width_px, height_px])
    low = np.clip(np.floor(center - REGION_REACH_FACES * size), 0, limits).astype(int)
    high = np.clip(np.ceil(center + REGION_REACH_FACES * size), 0, limits).astype(int)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def head_roll_deg(face: Face) -> float:
    """Return the angle of the forehead-to-chin line against the vertical, degrees, clockwise, -180..180."""
    down = face.landmarks_px[_CHIN, :2] - face.landmarks_px[_FOREHEAD, :2]
    return math.degrees(math.atan2(-float(down[0]), float(down[1])))


def face_height_px(face: Face) -> float:
    """Return the face's size, px: forehead to chin, or 1.25 cheek widths where a nod shortens that line."""
    points = face.landmarks_px[:, :2].astype(np.float64)
    height = np.linalg.norm(points[_CHIN] - points[_FOREHEAD])
    width = np.linalg.norm(points[_LEFT_CHEEK] - points[_RIGHT_CHEEK])
    return float(max(height, 1.25 * width))
