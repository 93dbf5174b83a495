"""Why a face passes or fails: every check in order, as one value from which all explanations are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quality.gate import LEVELS, Verdict, verdicts
from quality.report import QualityReport
from quality.thresholds import QualityControl


@dataclass(frozen=True)
class Explanation:
    """The whole judgment of one face.

    Attributes
    ----------
    control : QualityControl
        The level asked for.
    verdicts : tuple of Verdict
        All 13 checks in the vendor's order.
    """

    control: QualityControl
    verdicts: tuple[Verdict, ...]

    @property
    def first_violation(self) -> Verdict | None:
        """The check that decides the answer; None when all pass."""
        return next((verdict for verdict in self.verdicts if not verdict.passed), None)

    @property
    def passes_at(self) -> tuple[QualityControl, ...]:
        """The levels of LOW, NORMAL, HIGH at which the photo would be accepted."""
        return tuple(level for level in LEVELS if all(level in verdict.passes_at for verdict in self.verdicts))

    def first_violation_at(self, level: QualityControl) -> Verdict | None:
        """Return the check that would decide the answer at another level; None when all pass."""
        if level is QualityControl.NONE:
            return None
        return next((verdict for verdict in self.verdicts if level not in verdict.passes_at), None)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        violation = self.first_violation
        return {
            "quality_control": str(self.control),
            "passed": violation is None,
            "decided_by": violation.measure.short_name if violation else None,
            "passes_at": [str(level) for level in self.passes_at],
            "checks": [_check(verdict) for verdict in self.verdicts],
        }


def explain(report: QualityReport, control: QualityControl) -> Explanation:
    """Judge a report at a level and keep every step."""
    return Explanation(control, verdicts(report, control))


def _check(verdict: Verdict) -> dict[str, Any]:
    measure = verdict.measure
    return {
        "measure": measure.short_name,
        "value": round(verdict.value, 4),
        "limit": verdict.limit,
        "margin": None if verdict.margin is None else round(verdict.margin, 4),
        "passed": verdict.passed,
        "passes_at": [str(level) for level in verdict.passes_at],
        "limits": {"LOW": measure.low, "NORMAL": measure.normal, "HIGH": measure.high},
        "direction": measure.direction.value,
    }
