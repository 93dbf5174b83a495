from __future__ import annotations

import numpy as np
import pytest

from quality.completeness import CHEEKS_AND_JAW, FOREHEAD_ARC, measure_completeness

FACE_OVAL = FOREHEAD_ARC + CHEEKS_AND_JAW
"""From the left temple clockwise."""


@pytest.fixture
def landmarks() -> np.ndarray:
    points = np.full((478, 3), 100.0, np.float32)
    angles = np.linspace(0, 2 * np.pi, len(FACE_OVAL), endpoint=False) - 2 * np.pi * 4 / len(FACE_OVAL)
    points[list(FACE_OVAL), 0] = 100 + 40 * np.sin(angles)
    points[list(FACE_OVAL), 1] = 100 - 50 * np.cos(angles)
    points[33, 0], points[263, 0] = 80, 120
    return points


def test_inside_is_complete(landmarks):
    assert measure_completeness(landmarks, 200, 200) == 1.0


@pytest.mark.parametrize("shift", [(-70, 0), (70, 0), (0, -60), (0, 60)])
def test_over_any_border_is_incomplete(landmarks, shift):
    moved = landmarks + np.array([*shift, 0], np.float32)
    assert measure_completeness(moved, 200, 200) == 0.0


def test_only_the_oval_counts(landmarks):
    landmarks[1] = -500
    assert measure_completeness(landmarks, 200, 200) == 1.0


def test_the_forehead_reaches_above_the_mesh(landmarks):
    raised = landmarks - np.array([0, landmarks[10, 1] - 3, 0], np.float32)
    assert raised[list(FACE_OVAL), 1].min() > 2
    assert measure_completeness(raised, 200, 200) == 0.0
