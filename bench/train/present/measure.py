"""Measures `transforms.look.present` on photos with a manifest; trains nothing.

Run: `python -m bench.train.present.measure PHOTOS_FOLDER`. The folder's `manifest.csv` has the columns file, gender,
age, ita, tags and n_faces.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from bench.train.present.portraits import read_picture
from quality.face import ImageArray
from quality.landmarker import FaceLandmarker
from transforms.look.present import PresentLook, estimate


def variants(image: ImageArray) -> dict[str, ImageArray]:
    """Return the picture damaged in the ways a server meets."""
    _, packed = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 50])
    changed = {
        "x0.3": cv2.resize(image, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA),
        "jpeg50": cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1],
        "dark": (image * 0.5).astype(np.uint8),
        "mirror": image[:, ::-1],
    }
    return {name: np.ascontiguousarray(pixels) for name, pixels in changed.items()}


def main() -> None:
    """Print each face and the summary."""
    cv2.setNumThreads(1)
    folder = Path(sys.argv[1])
    landmarker = FaceLandmarker()
    errors: list[tuple[float, float]] = []
    right: list[tuple[float, bool]] = []
    shifts: dict[str, list[float]] = {}
    flips: dict[str, list[bool]] = {}
    times_ms: list[float] = []

    def look_at(image: ImageArray) -> PresentLook | None:
        faces = landmarker.find_faces(image)
        if not faces:
            return None
        start = time.perf_counter()
        look = estimate(image, faces[0], landmarker.mesh)
        times_ms.append(1000 * (time.perf_counter() - start))
        return look

    with (folder / "manifest.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["n_faces"] == "1"]
    for row in rows:
        image = read_picture(folder / row["file"])
        look = look_at(image)
        if look is None:
            print(f"{row['file']}: no face")
            continue
        if row["gender"]:
            right.append((float(row["ita"] or "nan"), (look.female_ratio > 0.5) == (row["gender"] == "female")))
        if row["age"]:
            errors.append((float(row["ita"] or "nan"), look.age_years - float(row["age"])))
        changes = []
        for name, pixels in variants(image).items():
            other = look_at(pixels)
            if other is None:
                continue
            shifts.setdefault(name, []).append(abs(other.age_years - look.age_years))
            flips.setdefault(name, []).append((other.female_ratio > 0.5) != (look.female_ratio > 0.5))
            changes.append(f"{name} {other.age_years - look.age_years:+.0f}")
        print(
            f"{row['file']:30s} {row['age'] or '?':>3s} -> {look.age_years:4.1f}  {row['gender'] or '?':6s} ->"
            f" {look.female_ratio:.2f}  {'; '.join(changes)}  [{row['tags']}]"
        )
    landmarker.close()
    groups = (("all", -999, 999), ("ita < 0", -999, 0), ("0..30", 0, 30), ("> 30", 30, 999))
    for name, low, high in groups:
        table = np.array([error for ita, error in errors if low <= ita < high])
        print(f"age, {name}: n {len(table)}, MAE {np.abs(table).mean():.2f}, bias {table.mean():+.2f}")
    for name, low, high in groups:
        table = np.array([is_right for ita, is_right in right if low <= ita < high])
        print(f"gender, {name}: n {len(table)}, right {table.mean():.3f}")
    for name, years in shifts.items():
        print(
            f"{name}: mean shift {np.mean(years):.1f} years, 95 % {np.percentile(years, 95):.1f}, "
            f"verdicts turned {np.mean(flips[name]):.3f}"
        )
    print(f"estimate: median {np.median(times_ms):.1f} ms")


if __name__ == "__main__":
    main()
