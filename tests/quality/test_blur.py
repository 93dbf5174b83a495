from __future__ import annotations

import cv2
import numpy as np
import pytest

from quality.blur import blur_of_sigma, measure_blur


def eye_distance_px(landmarks_px) -> float:
    return float(np.linalg.norm(landmarks_px[[33, 133], :2].mean(axis=0) - landmarks_px[[263, 362], :2].mean(axis=0)))


@pytest.fixture(scope="module")
def large(portrait, portrait_face):
    """The portrait's face region, enlarged; its landmarks follow."""
    return portrait, portrait_face.landmarks_px


def test_the_scale_is_anchored_where_documented():
    assert blur_of_sigma(0.0) == 0
    assert blur_of_sigma(0.02) == pytest.approx(0.2, abs=0.01)
    assert blur_of_sigma(0.06) == pytest.approx(0.6, abs=0.01)
    assert blur_of_sigma(0.093) == pytest.approx(0.8, abs=0.01)


def test_more_defocus_is_more_blur(large):
    image, landmarks = large
    distance = eye_distance_px(landmarks)
    values = [measure_blur(image, landmarks)]
    values += [
        measure_blur(cv2.GaussianBlur(image, (0, 0), ratio * distance), landmarks)
        for ratio in (0.01, 0.02, 0.04, 0.06, 0.1, 0.15)
    ]
    assert values == sorted(values)
    assert values[0] < 0.2
    assert values[-1] > 0.8


@pytest.mark.parametrize("horizontal", [True, False])
def test_more_motion_is_more_blur(large, horizontal):
    image, landmarks = large
    values = []
    for length in (1, 3, 7, 13, 21):
        size = (length, 1) if horizontal else (1, length)
        values.append(measure_blur(cv2.blur(image, size), landmarks))
    assert values == sorted(values)


def test_contrast_and_exposure_cancel(large):
    image, landmarks = large
    soft = cv2.GaussianBlur(image, (0, 0), 2)
    flat = (soft.astype(np.float32) * 0.5 + 40).round().astype(np.uint8)
    assert measure_blur(flat, landmarks) == pytest.approx(measure_blur(soft, landmarks), abs=0.05)


def test_size_and_turn_of_the_picture_do_not_matter(large):
    image, landmarks = large
    soft = cv2.GaussianBlur(image, (0, 0), 2)
    value = measure_blur(soft, landmarks)
    doubled = cv2.resize(soft, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert measure_blur(doubled, landmarks * 2) == pytest.approx(value, abs=0.05)
    turned = np.ascontiguousarray(np.rot90(soft, 2))
    around = np.array([511, 511, 0], np.float32) - landmarks * np.array([1, 1, -1], np.float32)
    assert measure_blur(turned, around) == pytest.approx(value, abs=0.03)


def test_a_flat_picture_is_wholly_blurred(large):
    assert measure_blur(np.full((512, 512, 3), 90, np.uint8), large[1]) >= 0.0
