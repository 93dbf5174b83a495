from __future__ import annotations

import numpy as np

from transforms.head.head_light import light_cast

_SKIN = np.array([65, 15, 17], np.float32)


def _room(color):
    part = np.full((60, 60, 3), (20, 6, 8), np.float32)
    part[:, :30] = color
    return part


def test_a_blue_wall_does_not_make_the_light_red():
    assert np.abs(light_cast(_room((60, 20, -45)), _SKIN)).max() == 0


def test_a_lamp_makes_all_there_is_yellow():
    assert light_cast(_room((60, 6, 24)), _SKIN)[1] > 0.1


def test_skin_yellower_than_any_tells_of_yellow_light_where_a_suit_is_blue():
    room = _room((20, 2, -10))
    assert light_cast(room, np.array([80, 14, 39], np.float32))[1] > 0.05
    assert light_cast(room, np.array([45, 17, 22], np.float32)).max() == 0, "dark skin in white light"
    assert light_cast(room, np.array([66, 27, 34], np.float32)).max() == 0, "tanned skin in white light"
