"""YuNet's detections become meshes.

The Face Landmarker's own detector misses small and turned faces, so it is given an upright, centered crop of
each detection.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.crop import upright_crop
from quality.detection import Detection
from quality.detector import FaceDetector
from quality.face import MESH_VERTICES, BoundingBox, Face, FloatArray, ImageArray
from quality.face_mesh import FaceMesh
from quality.pose import head_pose

CROP_PX = 384
CROP_MARGINS = (0.5, 0.35, 0.2)
"""Margin on each side of YuNet's box, as a share of it; the next is tried when the one before shows no mesh."""
SHARPENING = ((16.0, 3.0), (8.0, 1.5))
"""Radius (px of the crop) and gain of the unsharp masks tried on a crop without a mesh: the nets do not know very
blurred faces, but where YuNet saw one, sharpening brought back 6 of 9 meshes."""
MAX_CROP_ROLL_DEG = 60.0
"""A mesh read beyond this angle in an upright crop is a wrong reading."""


class FaceLandmarker:
    """Finds faces and their meshes.

    Parameters
    ----------
    mesh : FaceMesh, optional
    detector : FaceDetector, optional
        Both shared with other instances; by default of its own.
    """

    def __init__(self, mesh: FaceMesh | None = None, detector: FaceDetector | None = None) -> None:
        self._detector = detector or FaceDetector()
        self._mesh = mesh or FaceMesh()

    @property
    def mesh(self) -> FaceMesh:
        """The nets that fit the mesh."""
        return self._mesh

    def close(self) -> None:
        """Let go of the nets; the object must not be used afterwards."""
        del self._detector, self._mesh

    def rest(self) -> None:
        """Let go of the nets until they are used again."""
        self._detector.rest()
        self._mesh.rest()

    def rehearse(self) -> None:
        """Run every net once on nothing: the first run of each takes longer."""
        nothing = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)
        self._detector.detect(nothing)
        self._mesh.rehearse()

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
        ratios = self._mesh.points_ratio(crop)
        if ratios is None:
            return None
        points = ratios * CROP_PX
        if abs(head_pose(points).roll_deg) > MAX_CROP_ROLL_DEG:
            return None
        to_image = cv2.invertAffineTransform(to_crop)
        xy = points[:, :2] @ to_image[:, :2].T + to_image[:, 2]
        # The wide crop of a group photo may show a neighbor: that mesh belongs to another detection.
        if np.abs(xy.mean(axis=0) - found.center_px).max() > 0.5 * found.size_px:
            return None
        landmarks = np.column_stack([xy, points[:, 2] / np.hypot(*to_crop[0, :2])]).astype(np.float32)
        landmarks.setflags(write=False)
        return Face(landmarks, _mesh_box(landmarks), head_pose(landmarks), found.score)


def _is_same(one: BoundingBox, other: BoundingBox) -> bool:
    """Whether two meshes lie over one face: more of the smaller box is shared than neighbors ever share."""
    return one.overlap_px(other) > 0.6 * min(one.area_px, other.area_px)


def _mesh_box(landmarks_px: FloatArray) -> BoundingBox:
    low = landmarks_px[:MESH_VERTICES, :2].min(axis=0)
    width, height = landmarks_px[:MESH_VERTICES, :2].max(axis=0) - low
    return BoundingBox(float(low[0]), float(low[1]), float(width), float(height))
