from __future__ import annotations

import dataclasses

import pytest

from quality.explanation import explain
from quality.gate import LEVELS, verdicts
from quality.report import QualityReport
from quality.thresholds import MEASURES, Direction, Measure, QualityControl

PERFECT = QualityReport(
    **{f"{region}_occlusion": 0.0 for region in ("left_eye", "right_eye", "nose", "mouth", "left_cheek")},
    right_cheek_occlusion=0.0,
    chin_occlusion=0.0,
    lighting=200.0,
    blur=0.0,
    completeness=1.0,
    yaw_deg=0.0,
    roll_deg=0.0,
    pitch_deg=0.0,
)
EPSILON = 1e-6


def worse(measure: Measure, limit: float, by: float) -> float:
    return limit - by if measure.direction is Direction.AT_LEAST else limit + by


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_equality_passes_and_a_hair_beyond_fails(measure: Measure, level: QualityControl):
    limit = measure.limit(level)
    assert limit is not None
    signs = (1, -1) if measure.direction is Direction.WITHIN else (1,)
    for sign in signs:
        at_limit = dataclasses.replace(PERFECT, **{measure.name: sign * limit})
        assert explain(at_limit, level).first_violation is None
        beyond = dataclasses.replace(PERFECT, **{measure.name: sign * worse(measure, limit, EPSILON)})
        violation = explain(beyond, level).first_violation
        assert violation is not None
        assert violation.measure is measure
        assert violation.margin == pytest.approx(-EPSILON)


def test_all_thirteen_are_judged_in_order_and_the_first_violation_answers():
    awful = QualityReport(
        1, 1, 1, 1, 1, 1, 1, lighting=0, blur=1, completeness=0, yaw_deg=90, roll_deg=180, pitch_deg=90
    )
    judged = verdicts(awful, QualityControl.HIGH)
    assert tuple(verdict.measure for verdict in judged) == MEASURES
    assert not any(verdict.passed for verdict in judged)
    for skipped, measure in enumerate(MEASURES):
        mended = {earlier.name: PERFECT.value(earlier.name) for earlier in MEASURES[:skipped]}
        first = explain(dataclasses.replace(awful, **mended), QualityControl.HIGH).first_violation
        assert first is not None
        assert first.measure is measure


def test_none_checks_nothing():
    awful = dataclasses.replace(PERFECT, blur=1.0, roll_deg=180.0)
    assert explain(awful, QualityControl.NONE).first_violation is None
    assert all(verdict.limit is None and verdict.margin is None for verdict in verdicts(awful, QualityControl.NONE))


def test_passes_at_tells_every_level_whatever_was_asked():
    report = dataclasses.replace(PERFECT, lighting=50.0)
    for level in QualityControl:
        lighting = next(v for v in verdicts(report, level) if v.measure.name == "lighting")
        assert lighting.passes_at == (QualityControl.LOW, QualityControl.NORMAL)
    assert explain(report, QualityControl.NONE).passes_at == (QualityControl.LOW, QualityControl.NORMAL)
    assert explain(dataclasses.replace(PERFECT, blur=0.9), QualityControl.NONE).passes_at == ()
