from __future__ import annotations

import cv2
import numpy as np
import pytest

from transforms.enlargement import WORK_EYES_PX, Enlargement
from transforms.long_hair.hung_hair import HungHair, StrandMap


def _brought_up(enlargement, image, moved, edited, field_px):
    result = image.copy()
    enlargement.bring_up(result, image, moved, edited, field_px)
    return result


@pytest.mark.parametrize("eyes_px", [10, 142, 144, 199, 260, 999, 4000])
def test_the_eyes_are_never_wider_than_the_working_distance(eyes_px):
    scale = Enlargement.for_eyes(eyes_px).scale
    if eyes_px <= WORK_EYES_PX:
        assert scale == 1
    else:
        assert 0.7 * WORK_EYES_PX < eyes_px * scale <= WORK_EYES_PX * 1.0001


def test_without_a_change_the_full_picture_stays_bit_equal(astronaut):
    enlargement = Enlargement.for_eyes(700)
    image = astronaut[: 40 * enlargement.block_px, : 40 * enlargement.block_px]
    small = enlargement.reduced(image)
    still = np.zeros((*small.shape[:2], 2), np.float32)
    assert np.array_equal(_brought_up(enlargement, image, small, small, still), image)


def test_a_uniform_change_is_brought_up_without_seams():
    enlargement = Enlargement.for_eyes(700)
    image = np.full((80 * enlargement.block_px, 60 * enlargement.block_px, 3), 100, np.uint8)
    small = enlargement.reduced(image)
    edited = np.full_like(small, 120)
    assert (_brought_up(enlargement, image, small, edited, None) == 120).all()


def test_a_shift_is_brought_up_in_full_pixels():
    enlargement = Enlargement.for_eyes(700)
    block = enlargement.block_px
    ramp = np.arange(60 * block, dtype=np.float32) / (60 * block) * 250
    image = np.repeat(np.tile(ramp, (80 * block, 1))[..., None], 3, axis=2).astype(np.uint8)
    small = enlargement.reduced(image)
    field = np.zeros((*small.shape[:2], 2), np.float32)
    field[..., 0] = 2.0
    moved = _brought_up(enlargement, image, small, small, field)
    expected = 2.0 / enlargement.scale * 250 / (60 * block)
    inner = moved[:, 10 * block : 50 * block].astype(float) - image[:, 10 * block : 50 * block]
    assert inner.mean() == pytest.approx(expected, abs=0.5)


def test_whole_pixels_move_exactly_through_all_tiles_up_to_the_border():
    enlargement = Enlargement.for_eyes(700)
    image = np.random.default_rng(0).integers(
        0, 256, (70 * enlargement.block_px, 50 * enlargement.block_px, 3), np.uint8
    )
    small = enlargement.reduced(image)
    field = np.zeros((*small.shape[:2], 2), np.float32)
    field[...] = 7 * enlargement.scale, -5 * enlargement.scale
    moved = _brought_up(enlargement, image, small, small, field)
    assert np.array_equal(moved[5:, :-7], image[:-5, 7:])


def test_nothing_finer_of_what_is_hidden_shines_through():
    enlargement = Enlargement.for_eyes(700)
    block = enlargement.block_px
    rows, columns = np.mgrid[: 40 * block, : 40 * block]
    image = np.where((rows + columns) % 2 == 0, 40, 200).astype(np.uint8)[..., None].repeat(3, axis=2)
    small = enlargement.reduced(image)
    edited = np.full_like(small, 90)
    half = small.shape[1] // 2
    plain, none = (np.full((8, 8), level, np.uint8) for level in (128, 0))
    strands = StrandMap((plain,), (none,), 0, np.zeros((2, 2, 2), np.float32), (0, 0), (99, 99), 1.0)
    alpha = np.zeros(small.shape[:2], np.uint8)
    alpha[:, :half] = 255
    hung = HungHair(edited, alpha, strands, 0.5)
    result = image.copy()
    enlargement.bring_up(result, image, small, small, None, hung)
    assert (result[:, : 18 * block] == 90).all()
    assert np.array_equal(result[:, 22 * block :], image[:, 22 * block :])


def test_hairs_that_an_edit_takes_off_the_small_picture_leave_no_finer_ones():
    enlargement = Enlargement.for_eyes(700)
    block = enlargement.block_px
    hairs = np.random.default_rng(5).integers(0, 255, (60 * 3, 40 * 3), np.uint8)
    fine = np.random.default_rng(6).integers(-40, 40, (60 * block, 40 * block))
    broad = cv2.resize(hairs, (40 * block, 60 * block), interpolation=cv2.INTER_CUBIC)
    image = np.clip(broad + fine, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    small = enlargement.reduced(image)
    edited = small.copy()
    edited[: 30 * 3] = 150
    brought_up = _brought_up(enlargement, image, small, edited, None)
    assert (brought_up[: 25 * block] == 150).all()
    assert np.array_equal(brought_up[35 * block :], image[35 * block :])


def _roughened(eyes_px):
    """Return how much more contrast a pattern finer than the small picture has, once the small one was roughened."""
    enlargement = Enlargement.for_eyes(eyes_px)
    block = enlargement.block_px
    rows, columns = np.mgrid[: 40 * block, : 40 * block]
    fine = np.where((rows + columns) % 2 == 0, 90, 110).astype(np.uint8)[..., None].repeat(3, axis=2)
    small = np.full((40 * 3, 40 * 3, 3), 100, np.uint8)
    rough = small.copy()
    rough[:, 60:] = np.random.default_rng(2).integers(90, 111, (120, 60, 1), np.uint8)
    result = _brought_up(enlargement, fine, small, rough, None).astype(float)
    contrast = np.abs(result - cv2.GaussianBlur(result, (0, 0), 1.5))
    edge = 20 * block
    return contrast[:, edge + block :].mean() / contrast[:, : edge - 2 * block].mean()


def test_where_an_edit_makes_skin_rougher_what_is_finer_has_more_contrast():
    assert _roughened(300) > 1.4


def test_but_not_the_pores_of_a_face_that_fills_a_large_picture():
    assert _roughened(1400) == pytest.approx(1, abs=0.1)
