from __future__ import annotations

import numpy as np
import pytest

from transforms.head.clothes import beard_range, clothes_below, unlike_beard, unlike_skin

SKIN = np.array([66, 14, 18], np.float32)


@pytest.fixture
def beard():
    """A dark beard's colors, (24, 24, 3) Lab."""
    noise = np.random.default_rng(0).normal(0, 1, (24, 24, 3)).astype(np.float32)
    return np.array([30, 5, 7], np.float32) + noise * np.array([8, 1, 1], np.float32)


@pytest.mark.parametrize("light", [1.0, 0.6, 0.3])
def test_skin_in_any_shade_is_skin(light):
    lab = np.broadcast_to(SKIN * np.float32(light), (2, 2, 3))
    assert unlike_skin(lab, SKIN).max() < 0.1


@pytest.mark.parametrize("color", [(92, 0, -2), (60, 0, -20), (40, 35, 15)])
def test_a_shirts_or_ties_color_is_neither_skin_nor_beard(beard, color):
    lab = np.broadcast_to(np.float32(color), (2, 2, 3))
    limits = beard_range(beard, np.ones((24, 24), np.float32))
    assert unlike_skin(lab, SKIN).min() > 0.9
    assert unlike_beard(lab, limits).min() > 0.9
    assert unlike_beard(beard, limits).mean() < 0.05


def test_no_beard_is_found_where_hardly_any_hairs_are(beard):
    assert beard_range(beard, np.zeros((24, 24), np.float32)) is None


def test_a_tie_of_the_beards_color_between_the_points_of_a_collar_is_clothes(beard):
    lab = np.broadcast_to(SKIN, (60, 60, 3)).copy()
    down = (np.mgrid[:60, :60][0] / np.float32(72)).astype(np.float32)
    columns = np.abs(np.arange(60) - 30)
    for row in range(60):
        lab[row, columns > 30 - row] = (92, 0, -2)
    lab[40:, columns < 5] = (30, 5, 7)
    limits = beard_range(beard, np.ones((24, 24), np.float32))
    everywhere = np.ones((60, 60), np.float32)
    short, other = (clothes_below(lab, SKIN, limits, everywhere, down, is_short) for is_short in (True, False))
    assert short[42:, 26:35].min() > 0.9
    assert other[42:, 28:33].max() < 0.1
    assert short[:20, 28:33].max() < 0.1, "the neck between"
