"""The models of one worker thread, behind plain calls: none of them may be shared between threads."""

from __future__ import annotations

from quality.face import Face, ImageArray
from quality.landmarker import FaceLandmarker
from quality.occlusion import CoverMap, OcclusionNet
from transforms.models import EditModels
from transforms.present import PresentLook, estimate


class Analyzer:
    """Everything that looks at pixels with a model. One instance a thread."""

    def __init__(self) -> None:
        self._landmarker = FaceLandmarker()
        self._occlusion = OcclusionNet()
        self._edit_models: EditModels | None = None

    @property
    def edit_models(self) -> EditModels:
        """The models of the edits; made on first use, as measuring does not need them."""
        if self._edit_models is None:
            self._edit_models = EditModels()
        return self._edit_models

    def find_faces(self, image: ImageArray) -> tuple[Face, ...]:
        """See `FaceLandmarker.find_faces`."""
        return self._landmarker.find_faces(image)

    def cover(self, image: ImageArray, face: Face) -> CoverMap:
        """See `OcclusionNet.cover`."""
        return self._occlusion.cover(image, face)

    def present_look(self, image: ImageArray, face: Face, cover: CoverMap) -> PresentLook:
        """See `transforms.present.estimate`."""
        return estimate(image, face, cover)

    def close(self) -> None:
        """Release native graphs."""
        self._landmarker.close()
