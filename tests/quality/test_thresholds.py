from __future__ import annotations

import dataclasses

from quality.report import QualityReport
from quality.thresholds import MEASURES, Direction, QualityControl


def test_measures_are_the_fields_of_the_report_in_the_vendors_order():
    assert [measure.name for measure in MEASURES] == [field.name for field in dataclasses.fields(QualityReport)]
    assert [measure.name for measure in MEASURES[-3:]] == ["yaw_deg", "roll_deg", "pitch_deg"]
    assert len(MEASURES) == 13


def test_levels_never_get_more_lenient():
    for measure in MEASURES:
        strictness = [measure.low, measure.normal, measure.high]
        assert strictness == sorted(strictness, reverse=measure.direction is not Direction.AT_LEAST)
        assert all(measure.scope[0] <= limit <= measure.scope[1] for limit in strictness)


def test_none_has_no_limit():
    assert all(measure.limit(QualityControl.NONE) is None for measure in MEASURES)
