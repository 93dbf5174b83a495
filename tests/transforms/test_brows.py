from __future__ import annotations

from dataclasses import replace

import numpy as np

from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.features.brows import change_brows, gray_brows


def painted(seen, deeper, color):
    """Brows of one lightness below the skin and of a share of its color."""
    lab, view = seen
    picture, brows = lab.copy(), view.brows > 0.6
    picture[brows] = view.local_skin[brows] * np.array([1, color, color], np.float32) - np.array([deeper, 0, 0])
    return picture, view, brows


def test_white_brows_get_a_color_back_and_dark_ones_stay(seen):
    white, view, brows = painted(seen, -5, 0.2)
    young = gray_brows(white, view, -1.0)
    assert (white - young)[brows][:, 0].mean() > 12
    assert young[brows][:, 2].mean() > 2 * white[brows][:, 2].mean()
    assert np.abs(young - white)[view.brows == 0].max() < 0.2
    dark, view, brows = painted(seen, 40, 0.2)
    assert np.array_equal(gray_brows(dark, view, -1.0)[brows], dark[brows])


def test_white_brows_of_a_gray_picture_stay_gray(seen):
    white, view, _ = painted(seen, -5, 0.2)
    white[..., 1:] = 0
    gray = view_face(white, view.window, exposure(view.window, None))
    assert not gray_brows(white, gray, -1.0)[..., 1:].any()


def test_pale_skin_beside_dark_brows_is_not_taken_for_white_hair(seen):
    white, view, brows = painted(seen, -15, 0.4)
    bleaching = replace(view, fading=np.full(2, 0.6, np.float32))
    assert (white - gray_brows(white, view, -1.0))[brows][:, 0].mean() > 5
    assert (white - gray_brows(white, bleaching, -1.0))[brows][:, 0].mean() < 1
    colorless = replace(view, reference=np.array([75, 5, 5], np.float32))
    assert np.array_equal(gray_brows(white, colorless, -1.0), white)


def test_a_mans_brows_are_heavier_but_no_black_bar(seen):
    brown, view, brows = painted(seen, 25, 0.6)
    black, _, _ = painted(seen, 55, 0.3)
    steps = [float((plain - change_brows(plain, view, 1.35))[brows][:, 0].mean()) for plain in (brown, black)]
    assert steps[0] > 8
    assert 0 < steps[1] < 0.25 * steps[0]
