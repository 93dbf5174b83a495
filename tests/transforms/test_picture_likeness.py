"""An edit looks like the picture it is made in: as blurred, and under the same veil."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from transforms.edit import apply_edit
from transforms.models import EditModels
from transforms.picture.defocus import USUAL_SIGMA_PX, edge_sigma_px, no_sharper
from transforms.picture.veil import Veil
from transforms.plan.table import FEMALE, OLD


@pytest.mark.parametrize("sigma_px", [2.0, 3.0, 4.0])
def test_the_blur_of_a_picture_is_read_from_its_edges(astronaut, astronaut_face, sigma_px):
    blurred = cv2.GaussianBlur(astronaut, (0, 0), sigma_px)
    own_px = edge_sigma_px(astronaut, astronaut_face.box)
    assert edge_sigma_px(blurred, astronaut_face.box) == pytest.approx(np.hypot(own_px, sigma_px), rel=0.15)


def test_a_sharp_picture_and_a_plain_one_count_as_usual(astronaut, astronaut_face):
    assert edge_sigma_px(astronaut, astronaut_face.box) <= USUAL_SIGMA_PX
    assert edge_sigma_px(np.full_like(astronaut, 90), astronaut_face.box) == USUAL_SIGMA_PX


def test_wrinkles_are_no_sharper_than_a_blurred_picture(astronaut, astronaut_face):
    blurred = cv2.GaussianBlur(astronaut, (0, 0), 3.0)
    edited = apply_edit(blurred, astronaut_face, OLD.only("wrinkles"), None, EditModels())
    assert (edited != blurred).any()
    before_px, after_px = (edge_sigma_px(picture, astronaut_face.box) for picture in (blurred, edited))
    assert after_px > 0.9 * before_px


def test_no_change_is_lost_by_its_blur(astronaut):
    edited = astronaut.copy()
    edited[100:140, 200:240] = np.minimum(edited[100:140, 200:240].astype(int) + 20, 255)
    soft = no_sharper(edited, astronaut, 3.0)
    given, kept = (float(np.sum(picture.astype(int) - astronaut)) for picture in (edited, soft))
    assert kept == pytest.approx(given, rel=0.05)
    assert no_sharper(edited, astronaut, USUAL_SIGMA_PX) is edited


def test_a_clear_picture_has_no_veil(astronaut):
    assert not Veil.over(astronaut).color.any()


def veiled(picture):
    veil = Veil(np.array([0.35, 0.33, 0.3], np.float32))
    return (veil.laid(picture.astype(np.float32) / 255) * 255 + 0.5).astype(np.uint8)


def changes_under_a_veil(picture, face, plan):
    """The edit of the veiled picture, and the veiled edit."""
    models, hazy = EditModels(), veiled(picture)
    found = apply_edit(hazy, face, plan, None, models).astype(int) - hazy
    return found, veiled(apply_edit(picture, face, plan, None, models)).astype(int) - hazy


def test_an_edit_under_a_veil_is_the_veiled_edit(astronaut, astronaut_face):
    found, wanted = changes_under_a_veil(astronaut, astronaut_face, FEMALE.only("makeup"))
    # Soft light alone may account for a part of the veil, which stays.
    assert np.abs(found - wanted).mean() < 0.25 * np.abs(wanted).mean()


def test_hair_under_a_veil_grays_by_as_much_light_as_veiled_gray_hair(astronaut, astronaut_face):
    found, wanted = changes_under_a_veil(astronaut, astronaut_face, OLD.only("gray_hair"))
    # Without lifting the veil: 0.74.
    assert found.sum() / wanted.sum() == pytest.approx(1, abs=0.15)
