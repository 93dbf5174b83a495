"""What real photos meet: faces found, refusals of good portraits, and each skin tone alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.quality.assessor import Assessor, read_image, read_rows
from bench.quality.occlusion import OCCLUSION_LIMITS
from bench.quality.table import Table
from quality.regions import REGION_NAMES
from quality.report import QualityReport

HARD_TAGS = ("mask", "sunglasses", "hand", "noface", "scarf", "occl", "cover", "group", "lowlight", "verydark")
"""Photos with any of these are left out of what open faces in fair light must pass."""


Measured = list[tuple[dict[str, str], QualityReport]]
"""Rows of the manifest with what was measured of the one face in their picture."""


def add_photos(folder: Path, assessor: Assessor, step: int, table: Table) -> None:
    """Add faces found, refusals of covered faces and of good portraits, and lighting and blur by skin tone."""
    rows, exact = read_rows(folder / "manifest.csv", step), 0
    measured: Measured = []
    for row in rows:
        image = read_image(folder / row["file"])
        faces = assessor.landmarker.find_faces(image)
        exact += len(faces) == int(row["n_faces"] or 0)
        if row["n_faces"] == "1" and faces:
            measured.append((row, assessor.measured(image, faces[0])))
    if not rows:
        return
    table.add("faces: photos with the right number found", len(rows), exact / len(rows))
    _add_covered(measured, table)
    _add_open([(row, report) for row, report in measured if not any(tag in row["tags"] for tag in HARD_TAGS)], table)


def _add_covered(measured: Measured, table: Table) -> None:
    covers = {
        "mask": lambda report: report.mouth_occlusion,
        "sunglasses": lambda report: max(report.left_eye_occlusion, report.right_eye_occlusion),
    }
    for tag, covered in covers.items():
        refused = [covered(report) > OCCLUSION_LIMITS[0] for row, report in measured if tag in row["tags"].split(";")]
        if refused:
            name = f"occlusion: real {tag} refused at HIGH"
            table.add(name, len(refused), float(np.mean(refused)), at_least=0.9)


def _add_open(measured: Measured, table: Table) -> None:
    def passed(of: Measured) -> list[bool]:
        return [_worst_occlusion(report) <= OCCLUSION_LIMITS[0] for row, report in of if "frontal" in row["tags"]]

    everyone = passed(measured)
    table.add("occlusion: open frontal portraits pass HIGH", len(everyone), float(np.mean(everyone)), at_least=0.92)
    for tone in ("dark", "middle", "light"):
        alike = [(row, report) for row, report in measured if row["ita"] and _tone(float(row["ita"])) == tone]
        if not alike:
            continue
        passing, reports = passed(alike), [report for _, report in alike]
        table.add(f"occlusion: {tone} skin, pass HIGH", len(passing), float(np.mean(passing or [np.nan])))
        table.add(f"lighting: {tone} skin, mean", len(reports), float(np.mean([r.lighting for r in reports])))
        for limit in (20, 40, 100):
            within = float(np.mean([report.lighting >= limit for report in reports]))
            table.add(f"lighting: {tone} skin, pass {limit}", len(reports), within)
        table.add(f"blur: {tone} skin, pass HIGH", len(reports), float(np.mean([r.blur <= 0.2 for r in reports])))


def _worst_occlusion(report: QualityReport) -> float:
    return max(report.value(f"{name}_occlusion") for name in REGION_NAMES)


def _tone(ita_deg: float) -> str:
    """Group of the individual typology angle (Chardon et al., 1991)."""
    return "dark" if ita_deg < 0 else "middle" if ita_deg < 35 else "light"
