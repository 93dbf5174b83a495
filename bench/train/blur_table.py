"""Compute `quality/data/blur_table.npz`: band features of sharp portraits blurred by known amounts.

Usage: python -m bench.train.blur_table PORTRAITS_FOLDER

PORTRAITS_FOLDER holds portraits in the public domain or CC0 (the project used the Presidential Innovation Fellows'
portraits, CC0). Faces with an eye distance of at least 88 pixels and less than 30 degrees of yaw are reduced to 84
pixels, which makes them sharp, and blurred by a Gaussian of each knot. Nothing of a portrait is stored but the means.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from quality.blur import direction_features
from quality.landmarker import FaceLandmarker

SIGMA_RATIOS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4)
LEAST_EYE_DISTANCE_PX = 88
EYE_DISTANCE_PX = 84
TABLE = Path(__file__).parents[2] / "quality" / "data" / "blur_table.npz"


def features_of(path: Path, landmarker: FaceLandmarker) -> np.ndarray | None:
    """Features at each knot, (K, 12); None when the portrait does not serve."""
    image = np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])
    faces = landmarker.find_faces(image)
    if len(faces) != 1 or abs(faces[0].pose.yaw_deg) >= 30:
        return None
    landmarks = faces[0].landmarks_px
    eyes = landmarks[[33, 133], :2].mean(axis=0), landmarks[[263, 362], :2].mean(axis=0)
    distance = float(np.linalg.norm(eyes[0] - eyes[1]))
    if distance < LEAST_EYE_DISTANCE_PX:
        return None
    scale = EYE_DISTANCE_PX / distance
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    blurred = (cv2.GaussianBlur(image, (0, 0), ratio * EYE_DISTANCE_PX) if ratio else image for ratio in SIGMA_RATIOS)
    return np.array([direction_features(picture, landmarks * scale) for picture in blurred])


def main(folder: Path) -> None:
    """Average the portraits of a folder and write the table."""
    cv2.setNumThreads(1)
    landmarker = FaceLandmarker()
    found = [features_of(path, landmarker) for path in sorted(folder.glob("*.jpg"))]
    landmarker.close()
    people = np.array([features for features in found if features is not None])
    rising = np.maximum.accumulate(people.mean(axis=0).T, axis=1) + 1e-4 * np.arange(len(SIGMA_RATIOS))
    np.savez(TABLE, sigma_ratios=np.array(SIGMA_RATIOS, np.float32), features=rising.astype(np.float32))
    print(f"{len(people)} portraits of {len(found)}")
    print(np.round(rising, 3))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
