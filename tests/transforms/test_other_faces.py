"""The other faces of a picture stay as they are."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from quality.face import BoundingBox
from transforms.edit import apply_edit
from transforms.head.other_faces import free_of_others
from transforms.models import EditModels
from transforms.plan.table import KID, OLD


def moved(face, x_px, y_px):
    box = BoundingBox(face.box.left + x_px, face.box.top + y_px, face.box.width, face.box.height)
    return replace(face, landmarks_px=face.landmarks_px + np.array([x_px, y_px, 0], np.float32), box=box)


def mesh(face, shape):
    outline = cv2.convexHull(np.round(face.landmarks_px[:468, :2]).astype(np.int32))
    return cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 1) > 0


@pytest.mark.parametrize("plan", [OLD, KID], ids=["old", "kid"])
def test_a_neighbors_face_stays_bit_equal(astronaut, astronaut_face, plan):
    neighbor = moved(astronaut_face, 75, -45)
    models = EditModels()
    alone = apply_edit(astronaut, astronaut_face, plan, None, models)
    edited = apply_edit(astronaut, astronaut_face, plan, None, models, [neighbor])
    own, theirs = (mesh(face, astronaut.shape[:2]) for face in (astronaut_face, neighbor))
    beyond = theirs & (cv2.dilate(own.view(np.uint8), np.ones((15, 15), np.uint8)) == 0)
    assert (alone != astronaut)[beyond].any(), "it was in reach"
    assert np.array_equal(edited[beyond], astronaut[beyond])
    inner = cv2.erode(own.view(np.uint8), np.ones((25, 25), np.uint8)) > 0
    change, before = (np.abs(picture.astype(int) - astronaut)[inner].mean() for picture in (edited, alone))
    assert change > 0.9 * before, "the chosen face is edited as before"


def test_a_face_far_away_does_not_count(astronaut_face):
    assert free_of_others(astronaut_face, [moved(astronaut_face, 2000, 0)], 512, 512) is None
    assert free_of_others(astronaut_face, [astronaut_face], 512, 512) is None
    assert free_of_others(astronaut_face, [], 512, 512) is None


def test_the_edit_fades_in_beside_another_face(astronaut_face):
    free = free_of_others(astronaut_face, [moved(astronaut_face, 150, 0)], 512, 512)
    assert free.dtype == np.float32
    assert free.min() == 0
    assert free.max() == 1
    assert np.abs(np.diff(free, axis=1)).max() < 0.2
    assert (free[mesh(astronaut_face, (512, 512))] == 1).all()
