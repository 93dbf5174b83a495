"""What the emulator sees in a picture, as data to draw over it: faces, regions, cover, pose and the 13 measures.

By the same steps as an edit, but nothing is edited, paid or written into the journal.
"""

from __future__ import annotations

from typing import Any

from quality.explanation import explain
from quality.face import BoundingBox, Face, FloatArray, ImageArray
from quality.face_overlay import cover_triangles, face_outline, head_axes
from quality.gate import LEVELS
from quality.occlusion import CoverMap
from quality.regions import region_polygons
from quality.report import QualityReport, assess
from quality.thresholds import MEASURES, QualityControl
from server.contract.errors import ApiError
from server.operation.face_choice import choose_face
from server.operation.image_codec import decode
from server.operation.pipeline import codes_by_level, open_picture
from server.pixels.analyzer import Analyzer

_BETWEEN_THE_EYES = (168, 6)


def inspect_picture(content: bytes, location: BoundingBox | None, analyzer: Analyzer) -> dict[str, Any]:
    """Look at a file as the edit would.

    Parameters
    ----------
    content : bytes
        The picture file.
    location : BoundingBox or None
        Which face is meant; None: the largest.
    analyzer : Analyzer
        The calling thread's models.

    Returns
    -------
    dict
        `size_wh`; `faces`, each with `box` and `outline`; `chosen`, the index of the face meant; `measured`, what is
        known of it; `refusal`, what an edit at NONE would answer. Lengths are pixels of the upright picture.
    """
    seen: dict[str, Any] = {"size_wh": None, "faces": [], "chosen": None, "measured": None, "refusal": None}
    try:
        header = open_picture(content, location)
        seen["size_wh"] = header.size_wh
        image = decode(header)
        faces = analyzer.find_faces(image)
        seen["faces"] = [
            {"box": box_data(face.box), "outline": _points(face_outline(face.landmarks_px))} for face in faces
        ]
        face = choose_face(faces, location)
    except ApiError as error:
        seen["refusal"] = refusal_data(error)
        return seen
    seen["chosen"] = next(index for index, candidate in enumerate(faces) if candidate is face)
    seen["measured"] = _measured(image, face, analyzer)
    return seen


def box_data(box: BoundingBox) -> dict[str, float]:
    """Return a box as `face_location` writes it."""
    return {name: round(getattr(box, name), 2) for name in ("left", "top", "width", "height")}


def refusal_data(error: ApiError) -> dict[str, Any]:
    """Return a refusal as plain data."""
    return {"code": error.code, "http_status": error.http_status, "message": error.message, "why": error.why}


def _measured(image: ImageArray, face: Face, analyzer: Analyzer) -> dict[str, Any]:
    cover = analyzer.cover(image, face)
    report = assess(image, face, cover)
    explanation = explain(report, QualityControl.HIGH)
    decided_by = {level: explanation.first_violation_at(level) for level in LEVELS}
    names = {level: verdict.measure.short_name if verdict else None for level, verdict in decided_by.items()}
    return {
        "checks": [_check(check) for check in explanation.as_data()["checks"]],
        "passes_at": [str(level) for level in explanation.passes_at],
        "decided_by": {str(level): name for level, name in names.items()},
        "codes": codes_by_level(explanation),
        "regions": _regions(face, report),
        "cover": _cover(face, cover),
        "axes": {
            "origin": _points(face.landmarks_px[list(_BETWEEN_THE_EYES), :2].mean(axis=0, keepdims=True))[0],
            **{name: [round(x, 4), round(y, 4)] for name, (x, y) in head_axes(face.pose).items()},
        },
    }


def _check(check: dict[str, Any]) -> dict[str, Any]:
    """Return a check without what depends on one level, and with its words and scope."""
    measure = next(measure for measure in MEASURES if measure.short_name == check["measure"])
    kept = {name: check[name] for name in ("measure", "value", "limits", "direction", "passes_at")}
    return {**kept, "label": measure.label, "scope": measure.scope}


def _regions(face: Face, report: QualityReport) -> list[dict[str, Any]]:
    return [
        {"name": name, "outline": _points(outline), "occlusion": round(report.value(f"{name}_occlusion"), 4)}
        for name, outline in region_polygons(face.landmarks_px).items()
    ]


def _cover(face: Face, cover: CoverMap) -> list[dict[str, Any]]:
    triangles = cover_triangles(face.landmarks_px, cover)
    return [
        {"corners": _points(corners), "ratio": round(float(ratio), 2)}
        for corners, ratio in zip(triangles.corners_px, triangles.ratio, strict=True)
    ]


def _points(points_px: FloatArray) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points_px]
