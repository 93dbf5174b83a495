from __future__ import annotations

import numpy as np
import pytest

from quality.crop import upright_crop


@pytest.mark.parametrize("scale", [0.11, 0.2, 0.26, 0.3, 0.35, 0.45, 0.5, 0.55, 0.59])
def test_a_reduced_cut_out_is_no_grainier_than_means_over_its_pixels(scale: float) -> None:
    """Grain that a net sees by chance moves a covered face's mesh."""
    picture = np.random.default_rng(0).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    size_px = 400
    crop, _ = upright_crop(picture, np.array([256, 256], np.float32), size_px, 0.0, round(size_px * scale))
    assert crop.std() < scale * picture.std()


@pytest.mark.parametrize("side_px", [44, 80, 120, 200, 300, 500])
@pytest.mark.parametrize("roll_deg", [0.0, 30.0, -90.0])
def test_the_map_of_a_cut_out_leads_to_what_it_shows(side_px: int, roll_deg: float) -> None:
    picture = np.zeros((512, 640, 3), np.uint8)
    picture[190:210, 290:310] = 255
    crop, to_crop = upright_crop(picture, np.array([320, 230], np.float32), 400, roll_deg, side_px)
    ys, xs = np.nonzero(crop[..., 0] > 127)
    expected = to_crop @ (299.5, 199.5, 1)
    assert np.abs((xs.mean(), ys.mean()) - expected).max() < 0.5
