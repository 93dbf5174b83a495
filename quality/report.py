"""The 13 measures of one face as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from quality.blur import measure_blur
from quality.completeness import measure_completeness
from quality.face import Face, ImageArray
from quality.lighting import measure_lighting
from quality.occlusion import CoverMap, region_occlusion
from quality.thresholds import MEASURES


@dataclass(frozen=True)
class QualityReport:
    """All 13 measures of a face, in the vendor's order; left and right are those of the picture.

    Attributes
    ----------
    left_eye_occlusion .. chin_occlusion : float
        Covered share of the region, 0 (visible) .. 1 (covered).
    lighting : float
        Mean luma of the visible face, 0 (dark) .. 255.
    blur : float
        0 (sharp) .. 1.
    completeness : float
        1 when the whole face is inside the picture, 0 when it overflows the border.
    yaw_deg : float
        -90 (faces the picture's left) .. 90.
    roll_deg : float
        -180 (counterclockwise) .. 180.
    pitch_deg : float
        -90 (up) .. 90 (down).
    """

    left_eye_occlusion: float
    right_eye_occlusion: float
    nose_occlusion: float
    mouth_occlusion: float
    left_cheek_occlusion: float
    right_cheek_occlusion: float
    chin_occlusion: float
    lighting: float
    blur: float
    completeness: float
    yaw_deg: float
    roll_deg: float
    pitch_deg: float

    def value(self, name: str) -> float:
        """Return a measure by its name in `MEASURES`."""
        return self.values()[name]

    def values(self) -> dict[str, float]:
        """Return all measures by name, in the vendor's order."""
        return {measure.name: float(getattr(self, measure.name)) for measure in MEASURES}


def assess(image: ImageArray, face: Face, cover: CoverMap) -> QualityReport:
    """Measure one face.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        A face of this picture.
    cover : CoverMap
        What covers the face (`OcclusionNet.cover`).

    Returns
    -------
    QualityReport
    """
    height, width = image.shape[:2]
    occlusion = {f"{region}_occlusion": ratio for region, ratio in region_occlusion(cover).items()}
    return QualityReport(
        **occlusion,
        lighting=measure_lighting(image, face.landmarks_px, cover.ratio),
        blur=measure_blur(image, face.landmarks_px),
        completeness=measure_completeness(face.landmarks_px, width, height),
        yaw_deg=face.pose.yaw_deg,
        roll_deg=face.pose.roll_deg,
        pitch_deg=face.pose.pitch_deg,
    )
