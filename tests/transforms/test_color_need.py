from __future__ import annotations

import numpy as np
import pytest

from transforms.face.color_need import color_need


def needed(deviation, gap, shaven=1.0, cheeks=66.0):
    """Need of a face of two lightnesses, with lips darker than the skin by a gap."""
    face = np.ones((20, 20), np.float32)
    lightness = np.full((20, 20), 60 - deviation, np.float32)
    lightness[:, ::2] = 60 + deviation
    lips = np.zeros_like(face)
    lips[:4] = 1
    return color_need(lightness, lightness + np.float32(gap), face, lips, shaven, cheeks)


def test_the_usual_face_needs_the_usual_color():
    assert needed(14, 4.3) == pytest.approx(1, abs=0.01)


def test_haze_and_pale_lips_need_less_and_no_extreme_counts():
    assert pytest.approx(needed(3, 4.3), abs=0.01) == 0.8
    assert needed(14, 0) < needed(14, 8)
    assert needed(30, 30) == needed(25, 12)
    assert needed(1, -30) == needed(5, -4)


def test_beards_and_dark_skin_need_more():
    assert needed(14, 4.3) < needed(14, 4.3, shaven=0.5) < needed(14, 4.3, shaven=0.0)
    assert needed(14, 0, shaven=0.0) == needed(14, 9, shaven=0.0), "lips in a beard tell nothing"
    assert needed(14, 4.3, cheeks=80) < needed(14, 4.3) < needed(14, 4.3, cheeks=50) < 1.1


def test_covered_lips_tell_nothing():
    plain = np.full((20, 20), 60.0, np.float32)
    nothing = np.zeros_like(plain)
    assert color_need(plain, plain, nothing + 1, nothing, 1.0, 66.0) == pytest.approx(0.8)
