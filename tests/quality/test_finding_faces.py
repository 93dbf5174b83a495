from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from quality.detector import FaceDetector
from quality.landmarker import FaceLandmarker


def turned(image: np.ndarray, angle_deg: float) -> np.ndarray:
    """The picture turned clockwise on a canvas that holds all of it."""
    height, width = image.shape[:2]
    side = int(np.hypot(height, width))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle_deg, 1.0)
    turn[:, 2] += [(side - width) / 2, (side - height) / 2]
    return cv2.warpAffine(image, turn, (side, side))


def pasted(image: np.ndarray, box, canvas: np.ndarray, center: tuple[int, int], height_px: float) -> None:
    """Paste the head of a portrait so that its face is `height_px` high."""
    scale = height_px / box.height
    left, top = max(int(box.left - box.width / 2), 0), max(int(box.top - box.height / 2), 0)
    head = image[top : int(box.bottom + box.height / 2), left : int(box.right + box.width / 2)]
    head = cv2.resize(head, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    y, x = center[1] - head.shape[0] // 2, center[0] - head.shape[1] // 2
    canvas[y : y + head.shape[0], x : x + head.shape[1]] = head


@pytest.mark.parametrize("angle", [30, 75, 90, 135, 180, 225, 300])
def test_roll_is_told_over_the_whole_circle(landmarker: FaceLandmarker, portrait, portrait_face, angle):
    faces = landmarker.find_faces(turned(portrait, angle))
    assert len(faces) == 1
    error = (faces[0].pose.roll_deg - portrait_face.pose.roll_deg - angle + 180) % 360 - 180
    assert abs(error) < 2
    assert faces[0].pose.yaw_deg == pytest.approx(portrait_face.pose.yaw_deg, abs=4)


def test_small_faces_of_any_angle_are_found_in_a_large_picture(landmarker: FaceLandmarker, portrait, portrait_face):
    canvas = np.full((2000, 2000, 3), (96, 120, 140), np.uint8)
    upside_down = np.ascontiguousarray(portrait[::-1, ::-1])
    box = portrait_face.box
    pasted(portrait, box, canvas, (500, 600), 64)
    pasted(portrait, box, canvas, (1500, 1400), 70)
    below = type(box)(512 - box.right, 512 - box.bottom, box.width, box.height)
    pasted(upside_down, below, canvas, (1500, 600), 70)
    rolls = sorted(abs(face.pose.roll_deg) for face in landmarker.find_faces(canvas))
    assert len(rolls) == 3
    assert rolls[1] < 25
    assert rolls[2] > 155


def test_the_largest_face_comes_first(landmarker: FaceLandmarker, portrait, portrait_face):
    canvas = np.full((700, 1200, 3), 128, np.uint8)
    pasted(portrait, portrait_face.box, canvas, (300, 350), 100)
    pasted(portrait, portrait_face.box, canvas, (850, 350), 180)
    faces = landmarker.find_faces(canvas)
    assert len(faces) == 2
    assert faces[0].box.left > 600


@pytest.mark.parametrize("seed", [0, 1])
def test_there_is_no_face_in_noise_or_on_a_wall(landmarker: FaceLandmarker, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (300, 400, 3), np.uint8)
    assert landmarker.find_faces(noise) == ()
    assert landmarker.find_faces(np.full((300, 400, 3), 200, np.uint8)) == ()


def test_a_very_blurred_face_is_still_a_face(landmarker: FaceLandmarker, portrait, portrait_face):
    blurred = cv2.GaussianBlur(portrait, (0, 0), 0.05 * portrait_face.box.width)
    faces = landmarker.find_faces(blurred)
    assert len(faces) == 1
    assert np.abs(faces[0].landmarks_px - portrait_face.landmarks_px)[:, :2].mean() < 0.08 * portrait_face.box.width


def test_the_same_picture_gives_the_same_faces_in_another_instance(portrait):
    one, other = FaceDetector().detect(portrait), FaceDetector().detect(portrait)
    assert [found.score for found in one] == [found.score for found in other]
    assert np.array_equal(one[0].center_px, other[0].center_px)


def test_two_threads_that_share_a_detector_find_what_one_alone_finds(portrait):
    pictures = [portrait, np.ascontiguousarray(portrait[:, : portrait.shape[1] * 3 // 4])] * 4
    alone = [FaceDetector().detect(picture) for picture in pictures]
    shared = FaceDetector()
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(shared.detect, pictures))
    assert all(alone)
    for one, other in zip(alone, together, strict=True):
        assert [(found.score, *found.center_px) for found in one] == [
            (found.score, *found.center_px) for found in other
        ]


def test_a_detector_gives_back_the_room_of_a_fine_search_and_finds_the_same_afterwards(portrait):
    detector = FaceDetector()
    first = detector.detect(portrait)
    assert detector.detect(np.full((2048, 2048, 3), 128, np.uint8)) == []
    again = detector.detect(portrait)
    assert [(found.score, *found.center_px) for found in first] == [
        (found.score, *found.center_px) for found in again
    ]


@pytest.mark.parametrize("size", [(256, 4096), (4096, 256), (300, 400)])
@pytest.mark.parametrize("gray", [0, 90, 255])
def test_flat_and_narrow_pictures_have_no_face(landmarker, size, gray):
    assert landmarker.find_faces(np.full((*size, 3), gray, np.uint8)) == ()
