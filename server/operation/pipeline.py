"""One request, one straight line: bytes -> picture -> faces -> face -> report -> gate -> edit -> bytes.

The server and the command line both come through here; there is no second path.
"""

from __future__ import annotations

from dataclasses import dataclass

from quality.explanation import Explanation, explain
from quality.face import BoundingBox, Face, ImageArray
from quality.gate import LEVELS
from quality.occlusion import CoverMap
from quality.report import QualityReport, assess
from quality.thresholds import QualityControl
from server.call.trace import Trace
from server.contract.errors import CONTENT_REFUSALS, ApiError, content_refusal
from server.operation.face_choice import choose_face
from server.operation.form import EditRequest, impossible_face_box
from server.operation.image_codec import (
    PictureHeader,
    check_file_size,
    check_resolution,
    check_type,
    decode,
    encode_jpeg,
    read_header,
)
from server.pixels.analyzer import Analyzer
from transforms.edit import apply_edit
from transforms.plan.plan import plan_for


def open_picture(content: bytes, location: BoundingBox | None = None) -> PictureHeader:
    """Check what the file's header tells: rows 6d to 10. Cheap: no pixel is decoded.

    Raises
    ------
    ApiError
    """
    check_type(content)
    try:
        header = read_header(content)
    except ApiError:
        check_file_size(content)
        raise
    _check_inside(location, header.size_wh)
    check_file_size(content)
    check_resolution(header.size_wh)
    return header


def edit_picture(request: EditRequest, header: PictureHeader, trace: Trace, analyzer: Analyzer) -> bytes:
    """Answer a valid request: rows 9 to 14.

    Parameters
    ----------
    request : EditRequest
    header : PictureHeader
        From `open_picture`.
    trace : Trace
        Filled with the time of each step and the quality checks.
    analyzer : Analyzer
        The calling thread's models.

    Returns
    -------
    bytes
        The edited picture: JPEG, as large as the upright input.

    Raises
    ------
    ApiError
    """
    with trace.step("decode"):
        image = decode(header)
    edited = edit_pixels(request, image, trace, analyzer)
    with trace.step("encode"):
        return encode_jpeg(edited)


@dataclass(frozen=True)
class Edited:
    """The outcome of one edit, as it comes back from a thread or a process.

    Attributes
    ----------
    result : bytes
        The edited picture; empty when it was refused.
    refusal : ApiError or None
    trace : Trace
    """

    result: bytes
    refusal: ApiError | None
    trace: Trace

    def picture(self) -> bytes:
        """Return the edited picture.

        Raises
        ------
        ApiError
            It was refused.
        """
        if self.refusal is not None:
            # A kept one may be raised more than once, and would gather the tracebacks of all.
            raise self.refusal.with_traceback(None)
        return self.result


def try_edit(request: EditRequest, header: PictureHeader, analyzer: Analyzer) -> Edited:
    """Answer a valid request as a value: see `edit_picture`."""
    trace = Trace()
    try:
        return Edited(edit_picture(request, header, trace, analyzer), None, trace)
    except ApiError as error:
        return Edited(b"", error, trace)


def edit_pixels(
    request: EditRequest, image: ImageArray, trace: Trace, analyzer: Analyzer, only: str = ""
) -> ImageArray:
    """Edit a decoded picture: rows 11 to 14; (H, W, 3) uint8 RGB in and out.

    `only` names the one elementary edit of the plan to make; empty for all.

    Raises
    ------
    ApiError
    """
    with trace.step("detect"):
        faces = analyzer.find_faces(image)
        face = choose_face(faces, request.face_location)
    with trace.step("occlusion"):
        cover = analyzer.cover(image, face)
    if request.quality_control is not QualityControl.NONE:
        with trace.step("assess"):
            trace.explanation = explain(assess(image, face, cover), request.quality_control)
        refuse_violation(trace.explanation)
    with trace.step("plan"):
        plan = plan_for(request.action, request.target, analyzer.present_look(image, face, cover))
    others = [other for other in faces if other is not face]
    with trace.step("edit"):
        return apply_edit(image, face, plan.only(only) if only else plan, cover, analyzer.edit_models, others)


@dataclass(frozen=True, eq=False)
class Measured:
    """A picture with its chosen face measured: `image` (H, W, 3) uint8 RGB, `face`, `cover`, `report`."""

    image: ImageArray
    face: Face
    cover: CoverMap
    report: QualityReport


def measure_picture(content: bytes, analyzer: Analyzer) -> Measured:
    """Measure the largest face of a file, by the same steps; nothing is edited.

    Raises
    ------
    ApiError
    """
    image = decode(open_picture(content))
    face = choose_face(analyzer.find_faces(image), None)
    cover = analyzer.cover(image, face)
    return Measured(image, face, cover, assess(image, face, cover))


def refuse_violation(explanation: Explanation) -> None:
    """Refuse a face that misses a limit of the level asked for (row 13).

    Raises
    ------
    ApiError
        For the first measure, in the documented order, that fails.
    """
    violation = explanation.first_violation
    if violation is not None:
        why = f"{violation.measure.label} is {violation.value:.3g}, "
        why += f"the limit at {explanation.control} is {violation.limit:g}"
        raise content_refusal(violation.measure.short_name, why)


def codes_by_level(explanation: Explanation) -> dict[str, str]:
    """Return the error code that a face would be refused with at each level; empty where it passes."""
    violations = {str(level): explanation.first_violation_at(level) for level in LEVELS}
    return {
        level: CONTENT_REFUSALS[violation.measure.short_name][0] if violation else ""
        for level, violation in violations.items()
    }


def _check_inside(location: BoundingBox | None, size_wh: tuple[int, int]) -> None:
    if location is None:
        return
    picture = BoundingBox(0, 0, *size_wh)
    if location.overlap_px(picture) <= 0:
        raise impossible_face_box("the box lies outside the picture of {}x{} px".format(*size_wh))
