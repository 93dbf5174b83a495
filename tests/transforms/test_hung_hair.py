from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from transforms.long_hair.hung_hair import NEAR, HungHair, StrandMap
from transforms.picture.defocus import USUAL_SIGMA_PX

SIDE = 40


@pytest.fixture
def hung():
    noise = np.random.default_rng(0).integers(60, 196, (3 * SIDE, 3 * SIDE), np.uint8)
    at = 3 * np.arange(SIDE, dtype=np.float32) + 1
    nodes = np.dstack(np.meshgrid(at, at))
    single = np.zeros((3 * SIDE + 12, 3 * SIDE + 12), np.uint8)
    single[60] = 200
    fine, alone = ((plane, cv2.resize(plane, None, fx=0.5, fy=0.5)) for plane in (noise, single))
    strands = StrandMap(fine, alone, 6, nodes, (0, 0), (1, 1), 3.0)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    alpha[:, 10:30] = 255
    return HungHair(np.full((SIDE, SIDE, 3), 100, np.uint8), cv2.blur(alpha, (7, 7)), strands, 0.6)


def enlarged(hung, times, **changed):
    hung = replace(hung, **changed)
    rgb, alpha = (cv2.resize(plane, None, fx=times, fy=times) for plane in (hung.rgb, hung.alpha))
    return hung.over(np.full_like(rgb, 240), rgb, alpha, (0, 0), 1 / times)


def test_an_enlarged_picture_gets_strands_that_the_small_one_has_not(hung):
    inner = (slice(None), slice(60, 100))
    assert enlarged(hung, 4)[inner].std() > 3
    assert enlarged(hung, 4, depth=0.0)[inner].std() == 0


def test_a_soft_picture_gets_soft_strands(hung):
    def steps(finest_px):
        inner = enlarged(hung, 4, finest_px=finest_px)[:, 60:100, 1].astype(float)
        return np.abs(np.diff(inner, axis=1)).mean()

    assert steps(3.0) < 0.6 * steps(1.0)


def test_a_large_picture_gets_a_steeper_outline(hung):
    def width_px(picture):
        return ((picture[..., 1] > 120) & (picture[..., 1] < 220)).sum(axis=1).mean()

    assert width_px(enlarged(hung, 4)) < 0.75 * width_px(enlarged(hung, 4, depth=0.0))


def test_single_hairs_stand_off_where_there_is_room_for_hair(hung):
    beside = slice(4 * 35, 4 * 39)
    near = np.maximum(hung.alpha, np.uint8(NEAR))
    row = 4 * (60 - 6) // 3
    assert enlarged(hung, 4, alpha=near)[row - 3 : row + 4, beside].min() < 200
    assert enlarged(hung, 4, alpha=near)[: row - 8, 4 * 35 : 4 * 39].min() == 240
    free = np.ones((SIDE, SIDE), np.float32)
    free[:, 30:] = 0
    kept = replace(hung, alpha=near).only_where(free).alpha
    assert enlarged(hung, 4, alpha=kept)[:, 4 * 32 :].min() == 240


def test_pieces_are_as_the_whole(hung):
    whole = enlarged(hung, 3)
    part = slice(36, 66), slice(20, 70)
    rgb, alpha = (cv2.resize(plane, None, fx=3, fy=3)[part] for plane in (hung.rgb, hung.alpha))
    piece = hung.over(np.full_like(rgb, 240), rgb, alpha, (20, 36), 1 / 3)
    assert np.abs(piece.astype(int) - whole[part]).max() <= 6, "of rounding only"


def test_a_blurred_picture_blurs_it_and_others_keep_their_room(hung):
    blurred = hung.no_sharper(3 * USUAL_SIGMA_PX, 1.0)
    assert np.count_nonzero(np.diff(blurred.alpha[20].astype(int))) > 1.5 * np.count_nonzero(
        np.diff(hung.alpha[20].astype(int))
    )
    free = np.ones((SIDE, SIDE), np.float32)
    free[:20] = 0
    kept = hung.only_where(free).alpha
    assert not kept[:20].any()
    assert np.array_equal(kept[20:], hung.alpha[20:])
