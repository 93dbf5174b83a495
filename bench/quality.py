"""Recompute the errors of the 13 measures from a folder of pictures with known truth, as markdown.

Usage: python -m bench.quality --eval FOLDER [--quick]

FOLDER has the form described in `docs/quality.md`: `photos/manifest.csv`, `occlusion/truth.csv`, `pose/pose.csv` and
`degrade/truth.csv` beside their pictures. A part that is absent is left out. `--quick` takes every fourth picture.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import spearmanr

from quality.blur import measure_blur
from quality.face import Face
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet
from quality.regions import REGION_NAMES
from quality.report import QualityReport, assess

OCCLUSION_LIMITS = (0.2, 0.6, 0.8)
ANGLE_LIMITS = (20, 30, 45)
NEGATIVE_CONTROLS = ("none", "shadow_half", "glasses_clear")
HARD_TAGS = ("mask", "sunglasses", "hand", "noface", "scarf", "occl", "cover", "group", "lowlight", "verydark")
"""Photos with any of these are left out of what open faces in fair light must pass."""


@dataclass
class Table:
    """Rows of the report: what, how many, the value, and the figure to reach (None where none is set)."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(
        self, what: str, count: int, value: float, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a figure with the bound it should keep, if any."""
        wanted = f"<= {at_most:g}" if at_most is not None else f">= {at_least:g}" if at_least is not None else ""
        kept = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
        self.rows.append((what, str(count), f"{value:.3f}", wanted if kept or not wanted else f"{wanted} **missed**"))

    def print(self) -> None:
        """Print as markdown."""
        print("| figure | n | measured | to reach |\n| --- | ---: | ---: | --- |")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


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


def add_occlusion(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add errors on pictures with drawn covers, and false alarms on negative controls."""
    truth, measured, false_alarms = [], [], []
    by_region: dict[str, list[float]] = defaultdict(list)
    for row, report in assessed(folder, "truth.csv", assessor, step):
        for name in REGION_NAMES:
            value = report.value(f"{name}_occlusion")
            truth.append(float(row[name]))
            measured.append(value)
            by_region[name].append(abs(value - float(row[name])))
            if row["recipe"] in NEGATIVE_CONTROLS:
                false_alarms.append(value > OCCLUSION_LIMITS[0])
    if not truth:
        return
    t, m = np.array(truth), np.array(measured)
    table.add("occlusion: mean error, all regions", len(t), float(np.abs(t - m).mean()), at_most=0.045)
    for name, errors in by_region.items():
        table.add(f"occlusion: mean error, {name}", len(errors), float(np.mean(errors)))
    for limit, figure in zip(OCCLUSION_LIMITS, (0.95, 0.97, 0.98), strict=True):
        table.add(f"occlusion: agreement at {limit}", len(t), agreement(t, m, limit), at_least=figure)
    table.add("occlusion: negative controls over 0.2", len(false_alarms), float(np.mean(false_alarms)), at_most=0.02)


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


def add_degraded(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add the order of blur, the error of lighting, and the completeness of cut faces."""
    values: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    luma, complete, cut = [], [], []
    for row, report in assessed(folder, "truth.csv", assessor, 1):
        kind = row["kind"]
        values[row["base"]][kind][int(row["level"])] = report.blur
        if kind in ("orig", "dark", "bright"):
            luma.append(report.lighting - float(row["luma_mean"]))
        if kind.startswith("crop"):
            inside = float(row["inside"])
            (complete if inside > 0.999 else cut if inside < 0.97 else []).append(report.completeness)
    if not values:
        return
    for kind, figure in (("gauss", 0.995), ("pixel", 0.995), ("motion", 0.95)):
        orders = []
        for series in values.values():
            levels = {**series["orig"], **series[kind]}
            if len(levels) > 2:
                orders.append(float(spearmanr(list(levels.keys()), list(levels.values()))[0]))
        table.add(f"blur: order under {kind} (Spearman a face)", len(orders), float(np.mean(orders)), at_least=figure)
    sharp = [series["orig"][0] for series in values.values() if series["orig"]]
    table.add("blur: of the undegraded photos", len(sharp), float(np.mean(sharp)))
    table.add("lighting: mean error", len(luma), float(np.abs(luma).mean()), at_most=3)
    table.add("completeness: whole faces called whole", len(complete), float(np.mean(complete)), at_least=0.98)
    table.add("completeness: cut faces called cut", len(cut), 1 - float(np.mean(cut)), at_least=0.98)


def add_blur_shifts(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add how far blur moves when a photo, sharp or softened, is reduced or compressed."""
    shifts: dict[str, list[float]] = defaultdict(list)
    for row in read_rows(folder / "manifest.csv", 2 * step):
        if row["n_faces"] != "1" or float(row["face_px"] or 0) < 150:
            continue
        photo = read_image(folder / row["file"])
        face = assessor.largest(photo)
        if face is None:
            continue
        for share in (0.0, 0.01, 0.03):
            image = cv2.GaussianBlur(photo, (0, 0), share * face.box.width) if share else photo
            points = face.landmarks_px
            value = measure_blur(image, points)
            small = cv2.resize(image, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
            shifts["reduced to 0.3"].append(measure_blur(small, (points + 0.5) * 0.3 - 0.5) - value)
            shifts["JPEG 75"].append(measure_blur(_compressed(image, 75), points) - value)
            shifts["half the contrast"].append(measure_blur((image * 0.5 + 30).astype(np.uint8), points) - value)
    for name, moved in shifts.items():
        table.add(f"blur: mean shift, {name}", len(moved), float(np.abs(moved).mean()), at_most=0.05)


def _compressed(image: np.ndarray, quality: int) -> np.ndarray:
    encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR))


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


def add_photos(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add faces found, refusals of good portraits, and lighting by skin tone."""
    rows = read_rows(folder / "manifest.csv", step)
    exact = 0
    tones: dict[str, list[QualityReport]] = defaultdict(list)
    passed: dict[str, list[bool]] = defaultdict(list)
    refused: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        image = read_image(folder / row["file"])
        faces = assessor.landmarker.find_faces(image)
        exact += len(faces) == int(row["n_faces"] or 0)
        if row["n_faces"] != "1" or not faces:
            continue
        report = assessor.measured(image, faces[0])
        worst = max(report.value(f"{name}_occlusion") for name in REGION_NAMES)
        tone = "unknown" if not row["ita"] else _tone(float(row["ita"]))
        if not any(tag in row["tags"] for tag in HARD_TAGS):
            tones[tone].append(report)
            if "frontal" in row["tags"]:
                passed[tone].append(worst <= OCCLUSION_LIMITS[0])
        tags = row["tags"].split(";")
        if "mask" in tags:
            refused["mask"].append(report.mouth_occlusion > OCCLUSION_LIMITS[0])
        if "sunglasses" in tags:
            eyes = max(report.left_eye_occlusion, report.right_eye_occlusion)
            refused["sunglasses"].append(eyes > OCCLUSION_LIMITS[0])
    if not rows:
        return
    table.add("faces: photos with the right number found", len(rows), exact / len(rows))
    for tag, results in refused.items():
        table.add(f"occlusion: real {tag} refused at HIGH", len(results), float(np.mean(results)), at_least=0.9)
    everyone = [result for results in passed.values() for result in results]
    table.add("occlusion: open frontal portraits pass HIGH", len(everyone), float(np.mean(everyone)), at_least=0.92)
    for tone in ("dark", "middle", "light"):
        reports = tones[tone]
        if reports:
            table.add(
                f"occlusion: {tone} skin, pass HIGH", len(passed[tone]), float(np.mean(passed[tone] or [np.nan]))
            )
            table.add(f"lighting: {tone} skin, mean", len(reports), float(np.mean([r.lighting for r in reports])))
            for limit in (20, 40, 100):
                within = float(np.mean([report.lighting >= limit for report in reports]))
                table.add(f"lighting: {tone} skin, pass {limit}", len(reports), within)
            table.add(f"blur: {tone} skin, pass HIGH", len(reports), float(np.mean([r.blur <= 0.2 for r in reports])))


def _tone(ita_deg: float) -> str:
    """Group of the individual typology angle (Chardon et al., 1991)."""
    return "dark" if ita_deg < 0 else "middle" if ita_deg < 35 else "light"


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
