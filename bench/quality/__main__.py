"""Recompute the errors of the 13 measures from a folder of pictures with known truth, as markdown.

Usage: python -m bench.quality --eval FOLDER [--quick]

FOLDER has the form described in `docs/quality.md`: `photos/manifest.csv`, `occlusion/truth.csv`, `pose/pose.csv` and
`degrade/truth.csv` beside their pictures. A part that is absent is left out. `--quick` takes every fourth picture.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from bench.quality.assessor import Assessor
from bench.quality.degraded import add_blur_shifts, add_degraded
from bench.quality.occlusion import add_occlusion
from bench.quality.photos import add_photos
from bench.quality.pose import add_circle, add_pose
from bench.quality.table import Table


def add_speed(assessor: Assessor, table: Table) -> None:
    """Add the time of all 13 measures after landmarks."""
    if assessor.seconds:
        milliseconds = 1000 * np.array(assessor.seconds)
        table.add(
            "speed: all 13 measures, median ms of one core",
            len(milliseconds),
            float(np.median(milliseconds)),
            at_most=25,
        )


PARTS: tuple[tuple[str, Callable[[Path, Assessor, int, Table], None]], ...] = (
    ("occlusion", add_occlusion),
    ("degrade", add_degraded),
    ("photos", add_blur_shifts),
    ("pose", add_pose),
    ("photos", add_circle),
    ("photos", add_photos),
)


def main() -> None:
    """Measure every part of the folder and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--quick", action="store_true", help="every fourth picture only")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    table, assessor = Table(), Assessor()
    for folder, add in PARTS:
        add(arguments.eval / folder, assessor, 4 if arguments.quick else 1, table)
    add_speed(assessor, table)
    print()
    table.print()
    assessor.landmarker.close()


if __name__ == "__main__":
    main()
