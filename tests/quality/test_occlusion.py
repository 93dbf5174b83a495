from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from skimage import data

from quality.canonical import canonical_frame
from quality.face import Face, ImageArray
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet, region_occlusion
from quality.regions import REGION_NAMES


@pytest.fixture(scope="module")
def landmarker() -> Iterator[FaceLandmarker]:
    finder = FaceLandmarker()
    yield finder
    finder.close()


@pytest.fixture(scope="module")
def portrait() -> ImageArray:
    return np.ascontiguousarray(data.astronaut()[:320, 60:380])


@pytest.fixture(scope="module")
def face(landmarker: FaceLandmarker, portrait: ImageArray) -> Face:
    return landmarker.find_faces(portrait)[0]


def test_the_map_has_the_shape_of_its_frame(portrait: ImageArray, face: Face) -> None:
    cover = OcclusionNet().cover(portrait, face)
    size = cover.ratio.shape[0]
    assert cover.ratio.shape == (size, size)
    assert cover.ratio.dtype == np.float32
    assert 0 <= cover.ratio.min() <= cover.ratio.max() <= 1
    assert not cover.ratio[~canonical_frame(size).valid].any()
    with pytest.raises(ValueError, match="read-only"):
        cover.ratio[0, 0] = 1


def test_a_clean_face_is_visible_everywhere(portrait: ImageArray, face: Face) -> None:
    measured = region_occlusion(OcclusionNet().cover(portrait, face))
    assert tuple(measured) == REGION_NAMES
    assert max(measured.values()) < 0.2


def test_the_same_pixels_give_the_same_map(portrait: ImageArray, face: Face) -> None:
    net = OcclusionNet()
    first, again = net.cover(portrait, face).ratio, net.cover(portrait, face).ratio
    other = OcclusionNet().cover(portrait, face).ratio
    assert np.array_equal(first, again)
    assert np.array_equal(first, other)


def test_a_face_outside_the_picture_gives_a_finite_map(portrait: ImageArray, face: Face) -> None:
    moved = Face(face.landmarks_px + np.float32(5000), face.box, face.pose, face.score)
    assert np.isfinite(OcclusionNet().cover(portrait, moved).ratio).all()
