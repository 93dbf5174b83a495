from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from quality.landmarker import FaceLandmarker


@pytest.fixture(scope="session")
def astronaut():
    return np.ascontiguousarray(data.astronaut())


@pytest.fixture(scope="session")
def astronaut_face(astronaut):
    landmarker = FaceLandmarker()
    (face, *_others) = landmarker.find_faces(astronaut)
    landmarker.close()
    return face
