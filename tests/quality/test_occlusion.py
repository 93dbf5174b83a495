from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from skimage import data

from quality.canonical import canonical_frame
from quality.face import Face, ImageArray
from quality.landmarker import FaceLandmarker
from quality.occlusion import OcclusionNet, region_occlusion
from quality.regions import REGION_NAMES, region_polygons


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


def card_over(image: ImageArray, face: Face, region: str, color: tuple[int, int, int]) -> ImageArray:
    """Draw a card over a region, a little larger than it."""
    outline = region_polygons(face.landmarks_px)[region]
    center = outline.mean(axis=0)
    low, high = outline.min(axis=0) - center, outline.max(axis=0) - center
    covered = image.copy()
    corner, other = np.round(center + 1.3 * low).astype(int), np.round(center + 1.3 * high).astype(int)
    cv2.rectangle(covered, corner.tolist(), other.tolist(), color, -1)
    return covered


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


@pytest.mark.parametrize("color", [(10, 10, 10), (128, 128, 128), (245, 245, 245), (30, 60, 160), (205, 150, 125)])
def test_a_card_over_the_mouth_covers_the_mouth_and_not_the_eyes(
    portrait: ImageArray, face: Face, color: tuple[int, int, int]
) -> None:
    measured = region_occlusion(OcclusionNet().cover(card_over(portrait, face, "mouth", color), face))
    assert measured["mouth"] > 0.6
    assert measured["left_eye"] < 0.2
    assert measured["right_eye"] < 0.2


def test_a_mirrored_picture_swaps_left_and_right(
    landmarker: FaceLandmarker, portrait: ImageArray, face: Face
) -> None:
    covered = card_over(portrait, face, "left_eye", (20, 20, 20))
    mirrored = np.ascontiguousarray(covered[:, ::-1])
    there = region_occlusion(OcclusionNet().cover(covered, face))
    seen = np.ascontiguousarray(portrait[:, ::-1])
    back = region_occlusion(OcclusionNet().cover(mirrored, landmarker.find_faces(seen)[0]))
    assert there["left_eye"] > 0.6 > 0.2 > there["right_eye"]
    assert back["right_eye"] > 0.6 > 0.2 > back["left_eye"]


def test_half_a_face_in_shadow_is_not_covered(portrait: ImageArray, face: Face) -> None:
    shaded = portrait.copy()
    middle = int(face.landmarks_px[4, 0])
    shaded[:, middle:] = (shaded[:, middle:] * 0.45).astype(np.uint8)
    assert max(region_occlusion(OcclusionNet().cover(shaded, face)).values()) < 0.2


@pytest.mark.parametrize("factor", [0.4, 1.3])
def test_light_is_not_cover(portrait: ImageArray, face: Face, factor: float) -> None:
    lit = np.clip(portrait * factor, 0, 255).astype(np.uint8)
    assert max(region_occlusion(OcclusionNet().cover(lit, face)).values()) < 0.2


def test_a_larger_card_covers_no_less(portrait: ImageArray, face: Face) -> None:
    net, shares = OcclusionNet(), []
    bottom = int(face.box.bottom)
    for height in (0.15, 0.3, 0.45):
        covered = portrait.copy()
        covered[bottom - int(height * face.box.height) : bottom + 10] = (90, 120, 200)
        measured = region_occlusion(net.cover(covered, face))
        shares.append([measured["chin"], measured["mouth"], measured["nose"]])
    assert (np.diff(shares, axis=0) >= -0.02).all()
    assert shares[-1][0] > 0.8


def test_a_net_reads_alike_on_any_number_of_threads(portrait: ImageArray, face: Face) -> None:
    before = cv2.getNumThreads()
    try:
        readings = []
        for count in (1, 2):
            cv2.setNumThreads(count)
            readings.append(OcclusionNet().cover(portrait, face).ratio)
    finally:
        cv2.setNumThreads(before)
    assert np.array_equal(*readings)


def test_the_same_pixels_give_the_same_map(portrait: ImageArray, face: Face) -> None:
    net = OcclusionNet()
    first, again = net.cover(portrait, face).ratio, net.cover(portrait, face).ratio
    other = OcclusionNet().cover(portrait, face).ratio
    assert np.array_equal(first, again)
    assert np.array_equal(first, other)


def test_a_face_outside_the_picture_gives_a_finite_map(portrait: ImageArray, face: Face) -> None:
    moved = Face(face.landmarks_px + np.float32(5000), face.box, face.pose, face.score)
    assert np.isfinite(OcclusionNet().cover(portrait, moved).ratio).all()
