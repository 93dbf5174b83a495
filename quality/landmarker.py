"""The MediaPipe adapter: YuNet's detections become meshes. The only module that imports mediapipe.

The Face Landmarker's own detector misses small and turned faces, so it is given an upright, centred crop of
each detection. The traps it avoids are listed beside the code; measured in mediapipe 0.10.31.
"""

from __future__ import annotations

import contextlib
from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from quality.crop import upright_crop
from quality.detector import Detection, FaceDetector
from quality.face import MESH_VERTICES, BoundingBox, Face, FloatArray, ImageArray
from quality.model_files import checked_model_path
from quality.pose import head_pose

# A task collected by the cyclic garbage collector dead-locks in close() (mediapipe issue 6233): close by hand.
vision.FaceLandmarker.__del__ = lambda self: None

CROP_PX = 384
CROP_MARGINS = (0.5, 0.35, 0.2)
"""Margin on each side of YuNet's box, as a share of it; the next is tried when the one before shows no mesh."""
SHARPENING = ((16.0, 3.0), (8.0, 1.5))
"""Radius (px of the crop) and gain of the unsharp masks tried on a crop without a mesh: the nets do not know very
blurred faces, but where YuNet saw one, sharpening brought back 6 of 9 meshes."""
MAX_CROP_ROLL_DEG = 60.0
"""A mesh read beyond this angle in an upright crop is a wrong reading."""


class FaceLandmarker:
    """Finds faces and their meshes. Not safe to share between threads: one instance a thread."""

    def __init__(self) -> None:
        self._detector = FaceDetector()
        self._model_path = str(checked_model_path("face_landmarker.task"))
        self._mesh: Any = self._create()

    def _create(self) -> Any:
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=self._model_path),
            num_faces=1,
            min_face_detection_confidence=0.1,
            min_face_presence_confidence=0.1,
            output_face_blendshapes=False,
            output_facial_transformation_matrixes=False,
        )
        return vision.FaceLandmarker.create_from_options(options)

    def close(self) -> None:
        """Release the native graph; the object must not be used afterwards."""
        with contextlib.suppress(RuntimeError):
            self._mesh.close()

    def find_faces(self, image: ImageArray) -> tuple[Face, ...]:
        """Find every face and its mesh.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB

        Returns
        -------
        tuple of Face
            Largest box first. A detection whose mesh cannot be fitted is left out.
        """
        faces: list[Face] = []
        for found in self._detector.detect(image):
            face = self._fit_mesh(image, found)
            if face is not None and not any(_is_same(face.box, other.box) for other in faces):
                faces.append(face)
        return tuple(sorted(faces, key=lambda face: -face.box.area_px))

    def _fit_mesh(self, image: ImageArray, found: Detection) -> Face | None:
        for radius_px, gain in ((0.0, 0.0), *SHARPENING):
            for margin in CROP_MARGINS:
                side_px = found.size_px * (1 + 2 * margin)
                crop, to_crop = upright_crop(image, found.center_px, side_px, found.roll_deg, CROP_PX)
                if gain:
                    soft = cv2.GaussianBlur(crop, (0, 0), radius_px)
                    crop = np.ascontiguousarray(cv2.addWeighted(crop, 1 + gain, soft, -gain, 0))
                face = self._mesh_in_crop(crop, to_crop, found)
                if face is not None:
                    return face
        return None

    def _mesh_in_crop(self, crop: ImageArray, to_crop: FloatArray, found: Detection) -> Face | None:
        result = self._detect(crop)
        if not result.face_landmarks:
            return None
        points = np.array([(p.x, p.y, p.z) for p in result.face_landmarks[0]], np.float32) * CROP_PX
        if abs(head_pose(points).roll_deg) > MAX_CROP_ROLL_DEG:
            return None
        to_image = cv2.invertAffineTransform(to_crop)
        xy = points[:, :2] @ to_image[:, :2].T + to_image[:, 2]
        # The wide crop of a group photo may show a neighbour: that mesh belongs to another detection.
        if np.abs(xy.mean(axis=0) - found.center_px).max() > 0.5 * found.size_px:
            return None
        landmarks = np.column_stack([xy, points[:, 2] / np.hypot(*to_crop[0, :2])]).astype(np.float32)
        landmarks.setflags(write=False)
        return Face(landmarks, _mesh_box(landmarks), head_pose(landmarks), found.score)

    def _detect(self, crop: ImageArray) -> Any:
        try:
            return self._mesh.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=crop))
        except Exception:
            # One failed call poisons the graph for ever: start a new one, and let the caller see the failure.
            self.close()
            self._mesh = self._create()
            raise


def _is_same(one: BoundingBox, other: BoundingBox) -> bool:
    """Whether two meshes lie over one face: more of the smaller box is shared than neighbors ever share."""
    return one.overlap_px(other) > 0.6 * min(one.area_px, other.area_px)


def _mesh_box(landmarks_px: FloatArray) -> BoundingBox:
    low = landmarks_px[:MESH_VERTICES, :2].min(axis=0)
    width, height = landmarks_px[:MESH_VERTICES, :2].max(axis=0) - low
    return BoundingBox(float(low[0]), float(low[1]), float(width), float(height))
