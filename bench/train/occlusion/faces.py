"""Portraits -> upright crops of one size with their meshes, kept in one file so that faces are searched once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from quality.face import MESH_VERTICES
from quality.landmarker import FaceLandmarker

CROP_PX = 192
MESH_PX = 112
"""Longer side of the mesh in a crop: nearly twice the net's frame, so that how it was drawn is not seen."""
MIN_MESH_PX = 70


@dataclass(frozen=True, eq=False)
class FaceSet:
    """Crops (N, 192, 192, 3) uint8 RGB, and their meshes (N, 468, 2) float32 in pixels of the crop."""

    crops: np.ndarray
    meshes: np.ndarray


def load_faces(folders: list[Path], cache: Path, skip: frozenset[str]) -> FaceSet:
    """Crop every portrait that shows one face; reuse `cache` when it exists."""
    if not cache.exists():
        crops, meshes = [], []
        finder = FaceLandmarker()
        for path in sorted(path for folder in folders for path in folder.iterdir()):
            bgr = None if path.name in skip else cv2.imread(str(path))
            if bgr is None:
                continue
            image = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
            faces = finder.find_faces(image)
            if faces and max(faces[0].box.width, faces[0].box.height) >= MIN_MESH_PX:
                crop, mesh = crop_face(image, faces[0].landmarks_px)
                crops.append(crop)
                meshes.append(mesh)
        finder.close()
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, crops=np.stack(crops), meshes=np.stack(meshes))
    with np.load(cache) as stored:
        return FaceSet(stored["crops"], stored["meshes"])


def crop_face(image: np.ndarray, landmarks_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn the eye line level and bring the mesh to `MESH_PX`."""
    mesh = landmarks_px[:MESH_VERTICES, :2].astype(np.float64)
    eyes = mesh[263] - mesh[33]
    angle = np.arctan2(eyes[1], eyes[0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    level = mesh @ turn.T
    low, high = level.min(axis=0), level.max(axis=0)
    scale = MESH_PX / (high - low).max()
    to_crop = np.column_stack([turn * scale, CROP_PX / 2 - scale * (low + high) / 2])
    if scale < 0.6:
        image = cv2.GaussianBlur(image, (0, 0), 0.4 / scale)
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    crop = cv2.warpAffine(image, to_crop, (CROP_PX, CROP_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return crop, (mesh @ to_crop[:, :2].T + to_crop[:, 2]).astype(np.float32)
