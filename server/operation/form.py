"""Form parts -> `EditRequest`: rows 6a to 6d of the contract's order of checks.

The reasons after "<field>: " other than "Cannot be empty." are ours: the vendor's texts are not known.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from enum import StrEnum

from quality.face import BoundingBox
from quality.thresholds import QualityControl
from server.contract.errors import ApiError, invalid_parameter
from server.wire.multipart_form import MalformedFormError, Part, parse_multipart
from transforms.plan.action import Action

EMPTY = "Cannot be empty."
TARGET_RANGES: dict[Action, tuple[int, int]] = {Action.V2_AGE: (1, 85), Action.V2_GENDER: (0, 1)}
"""Actions that need a `target`, and its inclusive range (vendor's page). Elsewhere `target` is ignored."""

IMPOSSIBLE_BOX_CODE = "ERROR_INVALID_FACE_BOX_PARAMETER"
"""Named by the vendor's error page; that it is meant for row 6d is inferred."""

_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class EditRequest:
    """A valid form.

    Attributes
    ----------
    picture_file : bytes
        The uploaded file, not yet looked into.
    action : Action
    target : int or None
        None for TO_* actions.
    quality_control : QualityControl
    face_location : BoundingBox or None
        Pixels of the upright picture.
    """

    picture_file: bytes
    action: Action
    target: int | None
    quality_control: QualityControl
    face_location: BoundingBox | None


def read_parts(content_type: str, body: bytes) -> tuple[list[Part], str]:
    """Split the body; what is no complete form has no parts.

    Returns
    -------
    list of Part, str
        The second says what is malformed, for people; empty when nothing is.
    """
    try:
        return parse_multipart(content_type, body), ""
    except MalformedFormError as error:
        return [], str(error)


def parse_form(parts: list[Part], malformed: str = "") -> EditRequest:
    """Check the form, field by field in the contract's order.

    Parameters
    ----------
    parts, malformed
        From `read_parts`. Of a malformed body the gateway sees an empty form, whose first missing field is the image.

    Raises
    ------
    ApiError
        The first field that is missing or wrong.
    """
    files = {part.name: part for part in parts if part.is_file}
    texts = {part.name: part.text for part in parts if not part.is_file}
    image = files.get("image")
    try:
        if image is None or not image.content:
            raise invalid_parameter("image", EMPTY)
        return edit_request(image.content, texts)
    except ApiError as refusal:
        field, _, reason = refusal.detail.partition(": ")
        if reason == EMPTY:
            refusal.why = malformed or f"{field}: {_what_came(field, parts)}"
        raise


def _what_came(field: str, parts: list[Part]) -> str:
    """Say what the form holds in place of a field, for people: `curl -F image=photo.jpg` sends a text."""
    last = next((part for part in reversed(parts) if part.name == field), None)
    if last is None:
        names = ", ".join(dict.fromkeys(part.name for part in parts))
        return f"missing; the form has {names or 'no fields'}"
    if last.is_file and field != "image":
        return "came as a file, must be text"
    if not last.is_file and field == "image":
        return "came as text, must be a file (curl: -F image=@FILE)"
    return "came empty"


def edit_request(picture_file: bytes, fields: dict[str, str]) -> EditRequest:
    """Check the text fields; the command line comes in here.

    Raises
    ------
    ApiError
        The first field that is missing or wrong.
    """
    action_text = fields.get("action_type", "")
    if not action_text:
        raise invalid_parameter("action_type", EMPTY)
    action = Action(_choice("action_type", action_text, Action))
    control_text = fields.get("quality_control", "") or QualityControl.NONE
    control = QualityControl(_choice("quality_control", control_text, QualityControl))
    target = _target(action, fields.get("target", ""))
    location_text = fields.get("face_location", "")
    location = parse_face_location(location_text) if location_text else None
    return EditRequest(picture_file, action, target, control, location)


def _choice(field: str, value: str, choices: type[StrEnum]) -> str:
    if value not in list(choices):
        raise invalid_parameter(field, f"Must be one of {', '.join(choices)}.")
    return value


def _target(action: Action, text: str) -> int | None:
    if action not in TARGET_RANGES:
        return None
    low, high = TARGET_RANGES[action]
    if not text:
        raise invalid_parameter("target", EMPTY)
    if not _INTEGER.fullmatch(text):
        raise invalid_parameter("target", "Must be an integer.")
    if not low <= int(text) <= high:
        raise invalid_parameter("target", f"Must be between {low} and {high}.")
    return int(text)


def parse_face_location(text: str) -> BoundingBox:
    """Read a `face_location`.

    Raises
    ------
    ApiError
        It is no JSON object with four numbers, or an impossible box.
    """
    try:
        members = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid_parameter("face_location", "Must be a JSON object.") from error
    if not isinstance(members, dict):
        raise invalid_parameter("face_location", "Must be a JSON object.")
    left, top, width, height = (_number(members, name) for name in ("left", "top", "width", "height"))
    if not all(map(math.isfinite, (left, top, width, height))) or width <= 0 or height <= 0:
        raise impossible_face_box("its size is not positive or not finite")
    return BoundingBox(left, top, width, height)


def _number(members: dict[str, object], name: str) -> float:
    value = members.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_parameter("face_location", f"{name} must be a number.")
    try:
        return float(value)
    except OverflowError:
        return math.inf


def impossible_face_box(why: str) -> ApiError:
    """Return the refusal of row 6d."""
    return ApiError(IMPOSSIBLE_BOX_CODE, why=f"face_location: {why}")
