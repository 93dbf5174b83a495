"""What is known of one face in a picture: frozen values, no detector and no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.typing import NDArray

# OpenCV's stubs return arrays of any dtype, so a checked dtype would need a cast at every call: these names say it.
FloatArray: TypeAlias = NDArray[Any]
"""An array of float32."""
ImageArray: TypeAlias = NDArray[Any]
"""A picture: (H, W, 3) uint8, RGB, contiguous, unless the docstring says otherwise."""

MESH_VERTICES = 468
"""Vertices of MediaPipe's canonical face mesh; landmarks 468..477 are the irises."""


@dataclass(frozen=True)
class BoundingBox:
    """An upright rectangle in pixels of the picture, x to the right and y down."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge, px."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge, px."""
        return self.top + self.height

    @property
    def area_px(self) -> float:
        """Area, px squared; never negative."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    def overlap_px(self, other: BoundingBox) -> float:
        """Area shared with another box, px squared."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


@dataclass(frozen=True)
class HeadPose:
    """Head angles in degrees, with the vendor's signs.

    Attributes
    ----------
    yaw_deg : float
        -90 faces the picture's left edge, +90 its right edge.
    pitch_deg : float
        -90 looks up, +90 looks down.
    roll_deg : float
        Rotation in the plane, -180 counterclockwise to +180 clockwise.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, eq=False)
class Face:
    """One detected face.

    Attributes
    ----------
    landmarks_px : ndarray, (478, 3) float32, read-only
        MediaPipe's mesh (468) and irises (10) in pixels of the whole picture: x right, y down, z away from
        the camera in the same unit. Points may lie outside the picture: the mesh is extrapolated.
    box : BoundingBox
        Bounding box of the 468 mesh points; may reach over the border.
    pose : HeadPose
        Angles of the head.
    score : float
        Detector's confidence, 0..1.
    """

    landmarks_px: FloatArray
    box: BoundingBox
    pose: HeadPose
    score: float
