from __future__ import annotations

import numpy as np
import pytest

from quality.explain import HEIGHT_PX, PANEL_WIDTH_PX, draw_explanation
from quality.gate import verdicts
from quality.occlusion import CoverMap
from quality.report import assess
from quality.thresholds import QualityControl


@pytest.fixture(scope="module")
def cover() -> CoverMap:
    ratio = np.zeros((64, 64), np.float32)
    ratio[:, :32] = 1
    return CoverMap(ratio)


@pytest.mark.parametrize("level", [QualityControl.NONE, QualityControl.HIGH])
def test_it_is_drawn_beside_the_picture_and_leaves_it_alone(portrait, portrait_face, cover, level):
    report = assess(portrait, portrait_face, cover)
    before = portrait.copy()
    drawn = draw_explanation(portrait, portrait_face, report, cover, verdicts(report, level))
    assert drawn.dtype == np.uint8
    assert drawn.shape == (HEIGHT_PX, HEIGHT_PX + PANEL_WIDTH_PX, 3)
    assert np.array_equal(portrait, before)
    again = draw_explanation(portrait, portrait_face, report, cover, verdicts(report, level))
    assert np.array_equal(drawn, again)


def test_cover_and_verdicts_change_the_drawing(portrait, portrait_face, cover):
    report = assess(portrait, portrait_face, cover)
    judged = verdicts(report, QualityControl.HIGH)
    drawn = draw_explanation(portrait, portrait_face, report, cover, judged)
    bare = draw_explanation(portrait, portrait_face, report, CoverMap(np.zeros((64, 64), np.float32)), judged)
    lenient = draw_explanation(portrait, portrait_face, report, cover, verdicts(report, QualityControl.NONE))
    assert not np.array_equal(drawn, bare)
    assert not np.array_equal(drawn, lenient)
