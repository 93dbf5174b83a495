"""The part of a picture that a mask touches, and the size at which broad changes are found."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.picture.bounds import bounds, nonzero_bounds
from transforms.picture.working_size import working_size


def test_bounds_hold_all_that_is_set_and_no_more():
    mask = np.zeros((9, 12), np.bool_)
    mask[2, 5] = mask[6, 3] = True
    assert bounds(mask) == (slice(2, 7), slice(3, 6))


def test_an_empty_mask_has_no_bounds():
    assert bounds(np.zeros((4, 4), np.bool_)) is None


def test_a_picture_of_any_type_is_bounded_by_its_pixels():
    field = np.zeros((9, 12, 2), np.float32)
    field[2, 5, 1], field[6, 3, 0] = 0.5, -1
    assert nonzero_bounds(field) == (slice(2, 7), slice(3, 6))
    assert nonzero_bounds(field, 4) == (slice(0, 9), slice(0, 10))
    assert nonzero_bounds(np.zeros((4, 4, 3), np.uint8)) is None


@pytest.mark.parametrize(
    ("face_px", "wanted"), [(200.0, (0.5, (150, 100))), (50.0, (1.0, (300, 200))), (1e5, (0.001, (4, 4)))]
)
def test_a_picture_is_reduced_so_far_that_its_face_is_small_enough(face_px, wanted):
    scale, size_wh = working_size(300, 200, face_px, 100.0)
    assert scale == pytest.approx(wanted[0])
    assert size_wh == wanted[1]
