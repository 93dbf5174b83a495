from __future__ import annotations

import numpy as np
import pytest

from quality.lighting import measure_lighting

NO_COVER = np.zeros((96, 96), np.float32)


def test_a_flat_face_has_its_own_luma(portrait_face):
    for value in (0, 40, 255):
        flat = np.full((512, 512, 3), value, np.uint8)
        assert measure_lighting(flat, portrait_face.landmarks_px, NO_COVER) == pytest.approx(value)


def test_it_follows_the_exposure(portrait, portrait_face):
    def lit(gain: float) -> float:
        picture = (portrait.astype(np.float32) * gain).round().astype(np.uint8)
        return measure_lighting(picture, portrait_face.landmarks_px, NO_COVER)

    values = [lit(gain) for gain in (0.1, 0.3, 0.5, 0.8, 1.0)]
    assert values == sorted(values)
    assert lit(0.5) == pytest.approx(0.5 * lit(1.0), abs=1)


def test_what_covers_the_face_is_left_out(portrait, portrait_face):
    cover = NO_COVER.copy()
    cover[48:] = 1
    visible_only = measure_lighting(portrait, portrait_face.landmarks_px, cover)
    landmarks = portrait_face.landmarks_px
    dark_below = portrait.copy()
    dark_below[int(landmarks[2, 1]) + 12 :] = 0
    assert measure_lighting(dark_below, landmarks, NO_COVER) < visible_only - 20
    assert measure_lighting(dark_below, landmarks, cover) == pytest.approx(visible_only, abs=1)


def test_a_wholly_covered_face_still_has_a_value(portrait, portrait_face):
    covered = measure_lighting(portrait, portrait_face.landmarks_px, np.ones((96, 96), np.float32))
    assert covered == pytest.approx(measure_lighting(portrait, portrait_face.landmarks_px, NO_COVER))


def test_what_lies_outside_the_picture_is_left_out(portrait_face):
    flat = np.full((512, 512, 3), 120, np.uint8)
    cut_at_nose = flat[: int(portrait_face.landmarks_px[1, 1])]
    assert measure_lighting(cut_at_nose, portrait_face.landmarks_px, NO_COVER) == pytest.approx(120)
