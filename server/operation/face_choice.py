"""Which of the faces is edited: the one `face_location` points at, else the largest."""

from __future__ import annotations

from collections.abc import Sequence

from quality.face import BoundingBox, Face
from server.contract.errors import content_refusal

MIN_FACE_SIDE_PX = 64
"""Vendor's page: "The face area must be 64x64px or more"; equality passes."""


def choose_face(faces: Sequence[Face], location: BoundingBox | None) -> Face:
    """Return the face to edit (rows 11 and 12 of the order of checks).

    Parameters
    ----------
    faces : sequence of Face
    location : BoundingBox or None
        The client's `face_location`; the face that shares the largest area with it is meant.

    Raises
    ------
    ApiError
        `ERROR_NO_FACE_IN_FILE` or `ERROR_SMALL_FACE_SIZE`.
    """
    if not faces:
        raise content_refusal("face", "no face found")
    if location is None:
        chosen = max(faces, key=lambda face: face.box.area_px)
    else:
        chosen = max(faces, key=lambda face: face.box.overlap_px(location))
        if chosen.box.overlap_px(location) <= 0:
            raise content_refusal("face", f"face_location meets none of the {len(faces)} faces found")
    if min(chosen.box.width, chosen.box.height) < MIN_FACE_SIDE_PX:
        size = f"{chosen.box.width:.0f}x{chosen.box.height:.0f}"
        raise content_refusal("face_size", f"the face is {size} px, at least {MIN_FACE_SIDE_PX}x{MIN_FACE_SIDE_PX}")
    return chosen
