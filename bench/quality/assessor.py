"""The largest face of a picture, measured; and tables of truth beside the pictures."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from quality.face import Face
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from quality.report import QualityReport, assess


class Assessor:
    """Finds the largest face of a picture and measures it."""

    def __init__(self) -> None:
        self.landmarker, self.occlusion = FaceLandmarker(), OcclusionNet()
        self.seconds: list[float] = []

    def largest(self, image: np.ndarray) -> Face | None:
        """Return the largest face."""
        return next(iter(self.landmarker.find_faces(image)), None)

    def report(self, image: np.ndarray) -> QualityReport | None:
        """Measure the largest face."""
        face = self.largest(image)
        return None if face is None else self.measured(image, face)

    def measured(self, image: np.ndarray, face: Face) -> QualityReport:
        """Measure a face and note the time of one core."""
        start = time.thread_time()
        report = assess(image, face, self.occlusion.cover(image, face))
        self.seconds.append(time.thread_time() - start)
        return report


def read_image(path: Path) -> np.ndarray:
    """Read a picture as RGB."""
    return np.ascontiguousarray(cv2.imread(str(path), cv2.IMREAD_COLOR)[:, :, ::-1])


def read_rows(path: Path, step: int) -> list[dict[str, str]]:
    """Read a table of truth; empty when it is absent."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))[::step]


def assessed(
    folder: Path, table: str, assessor: Assessor, step: int
) -> Iterator[tuple[dict[str, str], QualityReport]]:
    """Yield rows of truth with the report of their picture; says how many had no face."""
    missing = 0
    rows = read_rows(folder / table, step)
    for row in rows:
        report = assessor.report(read_image(folder / row["file"]))
        if report is None:
            missing += 1
        else:
            yield row, report
    if rows:
        print(f"- {folder.name}: {len(rows)} pictures, {missing} without a face found")


def agreement(truth: np.ndarray, measured: np.ndarray, limit: float) -> float:
    """Share of values on the same side of a limit."""
    return float(((truth > limit) == (measured > limit)).mean())
