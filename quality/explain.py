"""Draw why a face passes or fails: where it is, what covers it, how it is turned, and the 13 values with limits.

Only draws: nothing is measured here.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.crop import upright_crop
from quality.face import Face, FloatArray, HeadPose, ImageArray
from quality.face_overlay import cover_triangles, head_axes
from quality.gate import Verdict
from quality.occlusion import CoverMap
from quality.regions import region_polygons
from quality.report import QualityReport
from quality.thresholds import Direction

HEIGHT_PX = 900
"""Height of the drawing, whatever the size of the picture."""
MAX_PICTURE_WIDTH_PX = 1400
PANEL_WIDTH_PX = 600
ZOOM_PX = 440
"""Side of the enlarged face."""

_INK, _FAINT, _PAPER = (25, 25, 25), (120, 120, 120), (252, 252, 252)
_GOOD, _BAD, _FRAME = (20, 125, 60), (195, 30, 40), (255, 210, 40)
_AXES = ((230, 60, 60), (60, 200, 80), (70, 120, 255))
_COLUMNS_PX = (14, 250, 340, 445, 510)
_ROW_PX = 30


def draw_explanation(
    image: ImageArray, face: Face, report: QualityReport, cover: CoverMap, verdicts: tuple[Verdict, ...]
) -> ImageArray:
    """Draw the picture beside the enlarged face and the table of the 13 values.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
    report : QualityReport
        Its pose is drawn, its occlusion colors the regions.
    cover : CoverMap
        Drawn as heat over the enlarged face.
    verdicts : tuple of Verdict
        Of `quality.gate.verdicts`: the rows of the table.

    Returns
    -------
    ndarray, (900, W', 3) uint8, RGB
        The given picture is left as it was.
    """
    panel = np.full((HEIGHT_PX, PANEL_WIDTH_PX, 3), _PAPER, np.uint8)
    zoom = _draw_face(image, face, report, cover)
    left = (PANEL_WIDTH_PX - ZOOM_PX) // 2
    panel[8 : 8 + ZOOM_PX, left : left + ZOOM_PX] = zoom
    _draw_table(panel, verdicts, 8 + ZOOM_PX + 24)
    return np.ascontiguousarray(np.hstack([_draw_picture(image, face), panel]))


def _draw_picture(image: ImageArray, face: Face) -> ImageArray:
    """Draw the whole picture at the drawing's height, with the box of the face."""
    height, width = image.shape[:2]
    scale = min(HEIGHT_PX / height, MAX_PICTURE_WIDTH_PX / width)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size_wh = (max(round(width * scale), 1), max(round(height * scale), 1))
    scaled = cv2.resize(image, size_wh, interpolation=interpolation)
    corner = (round(face.box.left * scale), round(face.box.top * scale))
    opposite = (round(face.box.right * scale), round(face.box.bottom * scale))
    cv2.rectangle(scaled, corner, opposite, _INK, 5, cv2.LINE_AA)
    cv2.rectangle(scaled, corner, opposite, _FRAME, 2, cv2.LINE_AA)
    page = np.full((HEIGHT_PX, size_wh[0], 3), _PAPER, np.uint8)
    top = (HEIGHT_PX - size_wh[1]) // 2
    page[top : top + size_wh[1]] = scaled
    return page


def _draw_face(image: ImageArray, face: Face, report: QualityReport, cover: CoverMap) -> ImageArray:
    """Draw the enlarged face with cover as heat, the outlines of the regions, and the axes of the head."""
    box = face.box
    center = np.array([box.left + box.width / 2, box.top + box.height / 2], np.float32)
    crop, to_crop = upright_crop(image, center, 1.35 * max(box.width, box.height), 0.0, ZOOM_PX)
    landmarks = face.landmarks_px[:, :2] @ to_crop[:, :2].T + to_crop[:, 2]
    _draw_cover(crop, landmarks, cover)
    for name, polygon in region_polygons(landmarks.astype(np.float32)).items():
        ratio = report.value(f"{name}_occlusion")
        corners = [np.round(polygon * 16).astype(np.int32)]
        cv2.polylines(crop, corners, True, _INK, 4, cv2.LINE_AA, 4)
        cv2.polylines(crop, corners, True, _heat(ratio), 2, cv2.LINE_AA, 4)
    pose = HeadPose(report.yaw_deg, report.pitch_deg, report.roll_deg)
    _draw_axes(crop, landmarks[[168, 6]].mean(axis=0), pose)
    return crop


def _draw_cover(crop: ImageArray, landmarks: FloatArray, cover: CoverMap) -> None:
    """Lay the heat of what is covered over the triangles of the mesh that face the camera."""
    heat = crop.copy()
    triangles = cover_triangles(landmarks, cover)
    for corners, ratio in zip(triangles.corners_px, triangles.ratio, strict=True):
        color = _heat(0.5 + 0.5 * float(ratio))
        cv2.fillConvexPoly(heat, np.round(corners * 16).astype(np.int32), color, cv2.LINE_8, 4)
    crop[:] = cv2.addWeighted(crop, 0.5, heat, 0.5, 0)


def _draw_axes(crop: ImageArray, origin: FloatArray, pose: HeadPose) -> None:
    """Right (red), up (green) and forward (blue) of the head from between the eyes."""
    start = (round(float(origin[0])), round(float(origin[1])))
    axes = head_axes(pose)
    for name, color in zip(("right", "up", "forward"), _AXES, strict=True):
        turned = axes[name]
        end = (round(start[0] + 95 * turned[0]), round(start[1] + 95 * turned[1]))
        cv2.arrowedLine(crop, start, end, _INK, 6, cv2.LINE_AA, tipLength=0.15)
        cv2.arrowedLine(crop, start, end, color, 3, cv2.LINE_AA, tipLength=0.15)


def _draw_table(panel: ImageArray, verdicts: tuple[Verdict, ...], top: int) -> None:
    for column, title in zip(_COLUMNS_PX, ("measure", "value", "limit", "", "up to"), strict=True):
        _write(panel, title, column, top, _FAINT)
    for row, verdict in enumerate(verdicts, start=1):
        y = top + row * _ROW_PX
        cv2.line(panel, (10, y - 20), (PANEL_WIDTH_PX - 10, y - 20), (225, 225, 225), 1)
        color = _INK if verdict.passed else _BAD
        strictest = verdict.passes_at[-1].value if verdict.passes_at else "none"
        cells = (verdict.measure.label, f"{verdict.value:.2f}", _limit_in_words(verdict))
        for column, text in zip(_COLUMNS_PX, cells, strict=False):
            _write(panel, text, column, y, color)
        if verdict.limit is not None:
            _write(panel, "ok" if verdict.passed else "FAIL", _COLUMNS_PX[3], y, _GOOD if verdict.passed else _BAD)
        _write(panel, strictest, _COLUMNS_PX[4], y, _FAINT)


def _limit_in_words(verdict: Verdict) -> str:
    if verdict.limit is None:
        return "-"
    sign = {Direction.AT_MOST: "<=", Direction.AT_LEAST: ">=", Direction.WITHIN: "within"}[verdict.measure.direction]
    return f"{sign} {verdict.limit:g}"


def _write(panel: ImageArray, text: str, x: int, y: int, color: tuple[int, int, int]) -> None:
    cv2.putText(panel, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.52, color, 1, cv2.LINE_AA)


def _heat(ratio: float) -> tuple[int, int, int]:
    """From green (visible) over yellow to red (covered)."""
    ratio = min(max(ratio, 0.0), 1.0)
    return (round(255 * min(1.0, 2 * ratio)), round(220 * min(1.0, 2 - 2 * ratio)), 60)
