"""Errors of yaw, pitch and roll: lifted photos, and photos turned in the plane by any angle."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from bench.quality.assessor import Assessor, agreement, assessed, read_image, read_rows
from bench.quality.table import Table

ANGLE_LIMITS = (20, 30, 45)


def add_pose(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add errors of the angles on lifted photos and on photos turned in the plane."""
    angles: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row, report in assessed(folder, "pose.csv", assessor, step):
        for axis in ("yaw", "pitch", "roll"):
            if row[axis] and not (row["kind"] == "rot2d" and axis != "roll"):
                angles[f"{row['kind']} {axis}"].append((float(row[axis]), report.value(f"{axis}_deg")))
    figures = {"img3d yaw": 4.0, "img3d pitch": 3.5, "img3d roll": 1.5, "rot2d roll": 0.7}
    for name, pairs in sorted(angles.items()):
        truth, measured = np.array(pairs).T
        error = (measured - truth + 180) % 360 - 180
        offset = float(np.median(error))
        table.add(f"pose: {name}, median offset", len(error), offset)
        table.add(
            f"pose: {name}, mean error after the offset", len(error), float(np.abs(error - offset).mean()),
            at_most=figures.get(name),
        )  # fmt: skip
        if name.startswith("img3d") and "roll" not in name:
            for limit in ANGLE_LIMITS:
                same = agreement(np.abs(truth), np.abs(measured), limit)
                table.add(f"pose: {name}, agreement at {limit}", len(error), same, at_least=0.93)


def add_circle(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add the error of roll over the whole circle, on photos of one face turned in the plane."""
    errors, lost, tried = [], 0, 0
    for row in read_rows(folder / "manifest.csv", 4 * step):
        if row["n_faces"] != "1":
            continue
        photo = read_image(folder / row["file"])
        scale = min(1.0, 640 / max(photo.shape[:2]))
        photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        upright = assessor.largest(photo)
        if upright is None:
            continue
        height, width = photo.shape[:2]
        side = int(np.hypot(height, width))
        for angle in range(15, 360, 30):
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
            turn[:, 2] += [(side - width) / 2, (side - height) / 2]
            turned = assessor.largest(cv2.warpAffine(photo, turn, (side, side)))
            tried += 1
            if turned is None:
                lost += 1
            else:
                errors.append(abs((turned.pose.roll_deg - upright.pose.roll_deg - angle + 180) % 360 - 180))
    if errors:
        table.add("roll: whole circle, mean error", len(errors), float(np.mean(errors)), at_most=0.7)
        table.add(
            "roll: whole circle, over 10 degrees off",
            len(errors),
            float(np.mean(np.array(errors) > 10)),
            at_most=0.01,
        )
        table.add("roll: whole circle, no face found", tried, lost / tried)
