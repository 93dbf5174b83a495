from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from quality.face_mesh import FaceMesh
from quality.landmarker import FaceLandmarker
from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.picture.lab import lab_of


@pytest.fixture(scope="session")
def astronaut():
    return np.ascontiguousarray(data.astronaut())


@pytest.fixture(scope="session")
def face_mesh():
    return FaceMesh()


@pytest.fixture(scope="session")
def astronaut_face(astronaut, face_mesh):
    landmarker = FaceLandmarker(face_mesh)
    (face, *_others) = landmarker.find_faces(astronaut)
    landmarker.close()
    return face


@pytest.fixture(scope="module")
def seen(astronaut, astronaut_face):
    """Return a face's Lab colors and its view."""
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    return lab, view_face(lab, window, exposure(window, None))
