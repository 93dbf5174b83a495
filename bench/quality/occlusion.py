"""Errors of occlusion: drawn covers, negative controls."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from bench.quality.assessor import Assessor, agreement, assessed
from bench.quality.table import Table
from quality.regions import REGION_NAMES

OCCLUSION_LIMITS = (0.2, 0.6, 0.8)

NEGATIVE_CONTROLS = ("none", "shadow_half", "glasses_clear")


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
