from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from quality.report import assess
from quality.thresholds import MEASURES


@pytest.fixture
def open_face() -> SimpleNamespace:
    """A stand-in for a CoverMap: nothing covers the face."""
    return SimpleNamespace(ratio=np.zeros((96, 96), np.float32))


def test_a_good_portrait(portrait, portrait_face, open_face):
    report = assess(portrait, portrait_face, open_face)
    for measure in MEASURES:
        assert measure.scope[0] <= report.value(measure.name) <= measure.scope[1]
    assert report.chin_occlusion == 0
    assert report.blur < 0.3
    assert report.completeness == 1
    assert abs(report.roll_deg - portrait_face.pose.roll_deg) < 1e-6


def test_the_report_is_frozen_and_repeatable(portrait, portrait_face, open_face):
    report = assess(portrait, portrait_face, open_face)
    assert report == assess(portrait, portrait_face, open_face)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.blur = 0.0
