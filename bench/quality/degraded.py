"""Order and shift of blur, error of lighting, completeness: photos made worse on purpose."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import spearmanr

from bench.quality.assessor import Assessor, assessed, read_image, read_rows
from bench.quality.table import Table
from quality.blur import measure_blur


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
