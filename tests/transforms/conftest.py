from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from quality.face_mesh import FaceMesh
from quality.landmarker import FaceLandmarker


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
