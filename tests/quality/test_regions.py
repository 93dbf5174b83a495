from __future__ import annotations

import numpy as np
import pytest

from quality.canonical import canonical_frame
from quality.regions import REGION_NAMES, region_masks, region_polygons


@pytest.mark.parametrize("size_px", [48, 64, 96])
def test_masks_are_disjoint_and_inside_the_mesh(size_px: int) -> None:
    masks = region_masks(size_px)
    assert tuple(masks) == REGION_NAMES
    count = sum(masks[name].astype(int) for name in REGION_NAMES)
    assert count.max() == 1
    assert not count[~canonical_frame(size_px).valid].any()
    assert all(mask.shape == (size_px, size_px) and mask.dtype == bool for mask in masks.values())


def test_masks_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        region_masks(64)["nose"][0, 0] = True


@pytest.mark.parametrize(("left", "right"), [("left_eye", "right_eye"), ("left_cheek", "right_cheek")])
def test_left_is_left_of_the_picture_and_mirrors_right(left: str, right: str) -> None:
    masks = region_masks(192)
    assert np.nonzero(masks[left])[1].mean() < 96 < np.nonzero(masks[right])[1].mean()
    mirrored = masks[right][:, ::-1]
    shared = (masks[left] & mirrored).sum() / (masks[left] | mirrored).sum()
    assert shared > 0.85


def test_regions_are_in_order_down_the_face() -> None:
    heights = {name: float(np.nonzero(mask)[0].mean()) for name, mask in region_masks(96).items()}
    assert heights["left_eye"] < heights["nose"] < heights["mouth"] < heights["chin"]


def test_areas_keep_their_share_at_every_size() -> None:
    small, large = region_masks(64), region_masks(192)
    for name in REGION_NAMES:
        assert small[name].sum() / 64**2 == pytest.approx(large[name].sum() / 192**2, rel=0.2)


def test_polygons_follow_the_landmarks() -> None:
    vertices = canonical_frame(96).vertices_px
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    still, moved = region_polygons(vertices), region_polygons((2 * vertices @ turn.T + [5, 7]).astype(np.float32))
    for name in REGION_NAMES:
        np.testing.assert_allclose(2 * still[name] @ turn.T + [5, 7], moved[name], atol=1e-2)
