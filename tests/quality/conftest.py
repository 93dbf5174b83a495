"""One public-domain portrait with its face, found once for all tests of the measures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from quality.face import Face
from quality.landmarker import FaceLandmarker


@pytest.fixture(scope="session")
def landmarker() -> Iterator[FaceLandmarker]:
    finder = FaceLandmarker()
    yield finder
    finder.close()


@pytest.fixture(scope="session")
def portrait() -> NDArray[np.uint8]:
    image = np.ascontiguousarray(data.astronaut())
    image.setflags(write=False)
    return image


@pytest.fixture(scope="session")
def portrait_face(landmarker: FaceLandmarker, portrait: NDArray[np.uint8]) -> Face:
    faces = landmarker.find_faces(portrait)
    assert len(faces) == 1
    return faces[0]
