from __future__ import annotations

import numpy as np
import pytest

from transforms.hair.bare_head import grown_ratio
from transforms.hair.hair_evidence import weighed_by_color, without_gaps
from transforms.head.head_crop import FACE_PX, crop_size_wh

WIDTH, HEIGHT = crop_size_wh(FACE_PX)
HAIR, WALL = (20, 4, 6), (62, 20, -45)
TOP, FACE = np.s_[30:60, 50:110], np.s_[80:140, 55:105]


def _picture(hair=HAIR, wall=WALL, grain=1.0):
    lab = np.full((HEIGHT, WIDTH, 3), wall, np.float32)
    lab[TOP], lab[FACE] = hair, (65, 15, 17)
    lab[..., 0] += grain * np.random.default_rng(0).standard_normal((HEIGHT, WIDTH), np.float32)
    return lab


def _found(sure=0.95):
    ratio = np.full((HEIGHT, WIDTH), 0.01, np.float32)
    ratio[TOP] = sure
    return ratio


INSIDE = np.ones((HEIGHT, WIDTH), np.float32)


def test_a_hole_of_the_hairs_color_is_filled_and_a_rim_of_the_walls_color_taken_away():
    ratio = _found()
    ratio[40:50, 70:90] = 0.25
    ratio[22:29, 50:110] = 0.4
    weighed = weighed_by_color(ratio, _picture(), INSIDE)
    assert weighed.dtype == np.float32
    assert weighed[42:48, 72:88].min() > 0.7
    assert weighed[23:27, 55:105].max() < 0.15


def test_what_has_the_color_of_its_background_keeps_the_nets_odds():
    ratio = _found(0.6)
    weighed = weighed_by_color(ratio, _picture(hair=WALL), INSIDE)
    assert weighed[TOP].mean() == pytest.approx(0.6, abs=0.2)


def test_a_gap_in_a_fringe_is_filled_but_not_the_forehead_that_looks_through():
    lab, found = _picture(), _found()
    found[TOP][:, 20:24] = 0.2
    found[TOP][:, 40:44] = 0.2
    lab[TOP][:, 40:44] = (65, 15, 17)
    cheeks = np.zeros((HEIGHT, WIDTH), np.float32)
    cheeks[FACE] = 1
    filled = without_gaps(found, found, lab, cheeks)
    assert (filled >= found).all()
    assert filled[TOP][6:-6, 20:24].min() > 0.9
    assert filled[TOP][6:-6, 40:44].max() < 0.4


def test_a_wide_gap_is_filled_in_a_fringe_but_not_beside_the_face_where_it_may_be_an_ear():
    lab, found = _picture(), _found()
    beside = np.s_[100:130, 10:50]
    found[beside], lab[beside] = 0.95, HAIR
    for side in (TOP, beside):
        found[side][:, 12:28] = 0.35
        lab[side][:, 12:28] = (45, 14, 16)
    cheeks = np.zeros((HEIGHT, WIDTH), np.float32)
    cheeks[FACE] = 1
    filled = without_gaps(found, found, lab, cheeks)
    assert filled[TOP][10:-10, 16:24].min() > 0.85
    assert filled[beside][10:-10, 16:24].max() < 0.4


def test_a_lock_of_the_skins_color_in_the_light_is_filled_by_its_strands():
    lab, found = _picture(), _found()
    found[TOP][:, 40:44] = 0.2
    lab[TOP][:, 40:44] = (65, 15, 17)
    lab[TOP][:, 40:44:2, 0] += 12
    cheeks = np.zeros((HEIGHT, WIDTH), np.float32)
    cheeks[FACE] = 1
    assert without_gaps(found, found, lab, cheeks)[TOP][6:-6, 40:44].mean() > 0.7


def test_a_dark_suit_far_below_stays_what_it_was():
    lab = _picture()
    lab[170:] = HAIR
    assert weighed_by_color(_found(), lab, INSIDE)[172:].max() < 0.2


def _grown(hair, area_rows, sure, grain):
    lab = _picture(hair=(65, 15, 17), grain=1.0)
    rows = np.s_[30 : 30 + area_rows, 55:75]
    lab[rows] = hair
    lab[rows][..., 0] += grain * np.random.default_rng(1).standard_normal(lab[rows].shape[:2])
    found, weighed = _found(0.0), _found(0.0)
    found[rows], weighed[rows] = sure, 0.9
    face, skin = np.zeros((2, HEIGHT, WIDTH), np.float32)
    face[FACE] = 1
    skin[90:100, 60:100] = 1
    return grown_ratio(found, weighed, lab.astype(np.float32), face, skin)


def test_smooth_shade_of_the_skins_color_is_a_bald_head():
    assert _grown((35, 12, 15), 20, 0.9, grain=0.4) == 0


def test_the_same_patch_with_strands_is_hair():
    assert _grown((35, 12, 15), 20, 0.9, grain=4) == 1


def test_of_thin_gray_hair_less_than_half_sure_is_enough():
    assert _grown((55, 4, 2), 20, 0.3, grain=2) == 1
    assert _grown((55, 13, 15), 20, 0.3, grain=2) == 0, "but not of the skin's own color"


def test_shine_is_no_hair():
    assert _grown((88, 3, 4), 20, 0.3, grain=0.1) == 0


def test_nothing_found_is_a_bald_head():
    assert _grown((35, 12, 15), 0, 0.9, grain=1) == 0
