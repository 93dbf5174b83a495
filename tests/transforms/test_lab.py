from __future__ import annotations

import numpy as np

from transforms.picture.lab import lab_of, planar, rgb_of


def test_a_planar_picture_has_the_same_values_in_contiguous_planes(astronaut):
    lab = lab_of(astronaut)
    planes = planar(lab)
    np.testing.assert_array_equal(planes, lab)
    assert all(planes[..., plane].flags.c_contiguous for plane in range(3))
    assert (planes * planes[..., :1])[..., 1].flags.c_contiguous
    np.testing.assert_array_equal(rgb_of(planes), rgb_of(lab))


def test_lab_and_back_is_the_picture_within_a_level(astronaut):
    assert np.abs(rgb_of(lab_of(astronaut)).astype(int) - astronaut).max() <= 1
