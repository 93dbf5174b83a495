"""A blur on a smaller picture is the blur on the picture itself."""

import cv2
import numpy as np
import pytest

from transforms.picture.broad_blur import broad_blur


@pytest.mark.parametrize("sigma_px", [2.0, 6.0, 9.5, 27.0, 60.0])
def test_steps_are_blurred_as_by_the_filter_itself(sigma_px: float) -> None:
    picture = np.zeros((213, 187, 2), np.float32)
    picture[60:150, 50:130, 0] = 100
    picture[:30, :, 0] = 70
    picture[..., 1] = 5
    blurred = broad_blur(picture, sigma_px)
    assert np.abs(blurred - cv2.GaussianBlur(picture, (0, 0), sigma_px)).max() < 1.0
    assert np.abs(blurred[..., 1] - 5).max() < 1e-4


def test_pictures_smaller_than_the_blur_keep_their_size() -> None:
    plane = np.full((4, 5), 7, np.float32)
    assert np.allclose(broad_blur(plane, 40.0), plane)
