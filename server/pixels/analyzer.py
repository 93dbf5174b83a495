"""The models of one worker thread, behind plain calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from quality.detector import FaceDetector
from quality.face import Face, ImageArray
from quality.face_mesh import FaceMesh
from quality.landmarker import FaceLandmarker
from quality.occlusion import CoverMap, OcclusionNet
from transforms.look.present import PresentLook, estimate
from transforms.models import EditModels


@dataclass(frozen=True, eq=False)
class SharedNets:
    """Nets that all threads use in turn: each is busy for a small part of an edit and takes many megabytes."""

    mesh: FaceMesh = field(default_factory=FaceMesh)
    occlusion: OcclusionNet = field(default_factory=OcclusionNet)
    edit_models: EditModels = field(default_factory=EditModels)


class Analyzer:
    """Everything that looks at pixels with a model. One instance a thread.

    Parameters
    ----------
    nets : SharedNets, optional
        Those of the other threads; by default its own.
    detector : FaceDetector, optional
        That of a neighboring thread; by default its own.
    """

    def __init__(self, nets: SharedNets | None = None, detector: FaceDetector | None = None) -> None:
        self._nets = nets or SharedNets()
        self._landmarker = FaceLandmarker(self._nets.mesh, detector)

    @property
    def edit_models(self) -> EditModels:
        """The models of the edits."""
        return self._nets.edit_models

    def rehearse(self) -> None:
        """See `FaceLandmarker.rehearse`."""
        self._landmarker.rehearse()

    def find_faces(self, image: ImageArray) -> tuple[Face, ...]:
        """See `FaceLandmarker.find_faces`."""
        return self._landmarker.find_faces(image)

    def cover(self, image: ImageArray, face: Face) -> CoverMap:
        """See `OcclusionNet.cover`."""
        return self._nets.occlusion.cover(image, face)

    def present_look(self, image: ImageArray, face: Face, cover: CoverMap) -> PresentLook:
        """See `transforms.look.present.estimate`."""
        return estimate(image, face, self._nets.mesh, cover)

    def rest(self) -> None:
        """Let go of the nets until they are used again, which takes the first edit 50 ms: 30 to 60 MiB less."""
        self._landmarker.rest()
        self._nets.occlusion.rest()
        self._nets.edit_models.rest()

    def close(self) -> None:
        """Let go of the models."""
        self._landmarker.close()
