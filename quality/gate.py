"""From a report to verdicts: each measure against its limit, in the vendor's order.

Knows nothing of error codes: what a violation is called on the wire is the server's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from quality.report import QualityReport
from quality.thresholds import MEASURES, Direction, Measure, QualityControl

LEVELS = (QualityControl.LOW, QualityControl.NORMAL, QualityControl.HIGH)
"""The levels that check anything, from the most lenient to the strictest."""


@dataclass(frozen=True)
class Verdict:
    """One measure against its limit.

    Attributes
    ----------
    measure : Measure
        The row of the vendor's table.
    value : float
        What was measured.
    limit : float or None
        The limit at the asked level; None at NONE.
    margin : float or None
        Room left before the limit, in the measure's unit; negative when it is violated, None at NONE.
    passed : bool
        Whether the value is within the limit; equality is.
    passes_at : tuple of QualityControl
        The levels of LOW, NORMAL, HIGH that the value would pass.
    """

    measure: Measure
    value: float
    limit: float | None
    margin: float | None
    passed: bool
    passes_at: tuple[QualityControl, ...]


def verdicts(report: QualityReport, control: QualityControl) -> tuple[Verdict, ...]:
    """Judge all 13 measures of a face.

    Parameters
    ----------
    report : QualityReport
    control : QualityControl
        The asked level; NONE passes everything.

    Returns
    -------
    tuple of Verdict
        In the order of `MEASURES`.
    """
    return tuple(_verdict(measure, report.value(measure.name), control) for measure in MEASURES)


def _verdict(measure: Measure, value: float, control: QualityControl) -> Verdict:
    limit = measure.limit(control)
    margin = None if limit is None else _margin(measure.direction, value, limit)
    passes_at = tuple(level for level in LEVELS if _passes(measure, value, level))
    return Verdict(measure, value, limit, margin, margin is None or margin >= 0, passes_at)


def _passes(measure: Measure, value: float, level: QualityControl) -> bool:
    limit = measure.limit(level)
    return limit is None or _margin(measure.direction, value, limit) >= 0


def _margin(direction: Direction, value: float, limit: float) -> float:
    if direction is Direction.AT_LEAST:
        return value - limit
    return limit - (abs(value) if direction is Direction.WITHIN else value)
