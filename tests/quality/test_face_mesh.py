"""Our run of the Face Landmarker's nets against MediaPipe's own."""

from __future__ import annotations

import threading

import cv2
import mediapipe
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions, vision

from quality.crop import upright_crop
from quality.face_mesh import ACTIVATION_SIZES, FaceMesh
from quality.model_files import MODEL_FOLDER

CROP_PX = 384
# Where the astronaut's face is, and its box's side.
CENTER_PX, SIDE_PX = np.array([224, 118], np.float32), 90.0


@pytest.fixture(scope="module")
def reference():
    # A task collected by the cyclic garbage collector dead-locks (mediapipe issue 6233): closed by hand.
    vision.FaceLandmarker.__del__ = lambda self: None
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(MODEL_FOLDER / "face_landmarker.task")),
        min_face_detection_confidence=0.1,
        min_face_presence_confidence=0.1,
    )
    task = vision.FaceLandmarker.create_from_options(options)
    yield task
    task.close()


@pytest.fixture(scope="module")
def mesh():
    return FaceMesh()


def points_of(reference, crop):
    meshes = reference.detect(mediapipe.Image(mediapipe.ImageFormat.SRGB, crop)).face_landmarks
    return np.array([(point.x, point.y, point.z) for point in meshes[0]]) if meshes else None


@pytest.mark.parametrize("roll_deg", [0, -15, 40])
@pytest.mark.parametrize("margin", [0.5, 0.2])
def test_the_points_are_those_of_mediapipe(reference, mesh, astronaut, roll_deg, margin):
    crop, _ = upright_crop(astronaut, CENTER_PX, SIDE_PX * (1 + 2 * margin), roll_deg, CROP_PX)
    expected, points = points_of(reference, crop), mesh.points_ratio(crop)
    eyes = float(np.linalg.norm(expected[33, :2] - expected[263, :2]))
    assert points.shape == (478, 3)
    assert np.linalg.norm(points - expected, axis=1).max() < 0.003 * eyes
    assert np.linalg.norm(points - expected, axis=1).mean() < 0.001 * eyes


def test_a_mirrored_and_darkened_face_has_them_too(reference, mesh, astronaut):
    crop, _ = upright_crop(astronaut, CENTER_PX, 2 * SIDE_PX, 0, CROP_PX)
    crop = np.ascontiguousarray(cv2.convertScaleAbs(crop[:, ::-1], alpha=0.3))
    expected = points_of(reference, crop)
    assert np.abs(mesh.points_ratio(crop) - expected).max() < 0.002


def test_no_face_where_mediapipe_sees_none(reference, mesh, astronaut):
    sky = np.ascontiguousarray(cv2.resize(astronaut[300:420, 0:120], (CROP_PX, CROP_PX)))
    for crop in (np.zeros((CROP_PX, CROP_PX, 3), np.uint8), sky):
        assert points_of(reference, crop) is None
        assert mesh.points_ratio(crop) is None


def test_threads_that_share_the_nets_get_the_same_points(mesh, astronaut):
    crops = [upright_crop(astronaut, CENTER_PX, SIDE_PX * size, 0, CROP_PX)[0] for size in (1.6, 2.0)]
    alone = [mesh.points_ratio(crop) for crop in crops]
    found: dict[int, list] = {0: [], 1: []}

    def read(which: int) -> None:
        for _ in range(5):
            found[which].append(mesh.points_ratio(crops[which]))

    threads = [threading.Thread(target=read, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for which in (0, 1):
        assert len(found[which]) == 5
        assert all(np.array_equal(points, alone[which]) for points in found[which])


def test_activations_are_of_the_face_whatever_its_place_size_and_side(mesh, astronaut):
    crop, _ = upright_crop(astronaut, CENTER_PX, 2 * SIDE_PX, 0, CROP_PX)
    points = mesh.points_ratio(crop)[:, :2] * CROP_PX
    seen = mesh.activations(crop, points)
    assert seen.shape == (sum(ACTIVATION_SIZES),)
    place = np.array([[1.3, 0, 40], [0, 1.3, -20]], np.float32)
    moved = mesh.activations(cv2.warpAffine(crop, place, (600, 600)), points @ place[:, :2].T + place[:, 2])
    mirror = np.ascontiguousarray(crop[:, ::-1])
    mirrored = mesh.activations(mirror, mesh.points_ratio(mirror)[:, :2] * CROP_PX)
    blurred = mesh.activations(cv2.GaussianBlur(crop, (0, 0), 6), points)
    assert np.abs(moved - seen).mean() < 0.3 * np.abs(blurred - seen).mean()
    assert np.abs(mirrored - seen).mean() < 0.3 * np.abs(blurred - seen).mean()


def test_reading_activations_leaves_the_points_as_they_are(mesh, astronaut):
    crop, _ = upright_crop(astronaut, CENTER_PX, 2 * SIDE_PX, 0, CROP_PX)
    before = mesh.points_ratio(crop)
    mesh.activations(crop, before[:, :2] * CROP_PX)
    assert np.array_equal(mesh.points_ratio(crop), before)
