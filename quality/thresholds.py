"""The 13 measures in the vendor's order with their limits: the one table of the quality control.

Source: AILabTools, "Age & Gender swap API", section `quality_control`: the page's own order, limits and scopes
(https://ailabtools.com/doc/ai-portrait/effects/face-attribute-editing/api). "A threshold of 30 indicates that the
absolute value of the angle must be within 30": equality passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class QualityControl(StrEnum):
    """How strict the gate is, named as on the wire."""

    NONE = "NONE"
    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"


class Direction(Enum):
    """Which values are within the limit; equality always is."""

    AT_MOST = "at most"
    AT_LEAST = "at least"
    WITHIN = "within"
    """The absolute value is at most the limit."""


@dataclass(frozen=True)
class Measure:
    """One row of the vendor's table.

    Attributes
    ----------
    name : str
        Attribute of `QualityReport`.
    label : str
        The measure in words, with its unit.
    scope : tuple of float
        Least and greatest value.
    low, normal, high : float
        Limits at the three levels.
    direction : Direction
    """

    name: str
    label: str
    scope: tuple[float, float]
    low: float
    normal: float
    high: float
    direction: Direction

    @property
    def short_name(self) -> str:
        """The name in tables and files: "left_eye", "yaw"."""
        return self.name.removesuffix("_occlusion").removesuffix("_deg")

    def limit(self, control: QualityControl) -> float | None:
        """Return the limit at a level; None where nothing is checked."""
        limits = {QualityControl.LOW: self.low, QualityControl.NORMAL: self.normal, QualityControl.HIGH: self.high}
        return limits.get(control)


_RATIO = (0.0, 1.0)

MEASURES = (
    Measure("left_eye_occlusion", "left eye covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("right_eye_occlusion", "right eye covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("nose_occlusion", "nose covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("mouth_occlusion", "mouth covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("left_cheek_occlusion", "left cheek covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("right_cheek_occlusion", "right cheek covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("chin_occlusion", "chin covered", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("lighting", "lighting", (0.0, 255.0), 20.0, 40.0, 100.0, Direction.AT_LEAST),
    Measure("blur", "blur", _RATIO, 0.8, 0.6, 0.2, Direction.AT_MOST),
    Measure("completeness", "completeness", _RATIO, 0.0, 0.0, 1.0, Direction.AT_LEAST),
    Measure("yaw_deg", "yaw (degrees)", (-90.0, 90.0), 45.0, 30.0, 20.0, Direction.WITHIN),
    Measure("roll_deg", "roll (degrees)", (-180.0, 180.0), 45.0, 30.0, 20.0, Direction.WITHIN),
    Measure("pitch_deg", "pitch (degrees)", (-90.0, 90.0), 45.0, 30.0, 20.0, Direction.WITHIN),
)
"""All rows in the order in which they are checked."""
