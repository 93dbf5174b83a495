"""A face that nobody has goes through every step once, so that the first request is as quick as the next.

Afterwards every net has run and every table is drawn, but for the four patterns of old skin's pigment: 8 MiB that may
never be needed, and 15 ms each when they are.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.canonical import canonical_mesh
from quality.face import BoundingBox, Face, ImageArray
from quality.pose import head_pose
from quality.report import assess
from server.pixels.analyzer import Analyzer
from transforms.edit import apply_edit
from transforms.plan.edit_plan import ELEMENTARY_EDITS, EditPlan
from transforms.wrinkles.furrows import forehead_pages, neck_page
from transforms.wrinkles.skin_lines import line_layer

_SIDE_PX = 256
_PX_PER_CM = 6.0
_IRIS_CM = 0.58
_DRAWN_LATER = {"spots", "mottling"}


def draw_ahead() -> None:
    """Draw what needs no model and is slow, beside a thread that loads its models."""
    # The first conversion builds OpenCV's own tables, in a tenth of a second.
    cv2.cvtColor(np.zeros((1, 1, 3), np.float32), cv2.COLOR_RGB2LAB)
    line_layer()
    forehead_pages()
    neck_page()


def rehearse(analyzer: Analyzer) -> None:
    """Find no face, then measure and edit the mesh's own in every way; with `draw_ahead` this is everything."""
    blank = np.full((_SIDE_PX, _SIDE_PX, 3), 128, np.uint8)
    analyzer.rehearse()
    image, face = _gray_face(blank), _mesh_face()
    cover = analyzer.cover(image, face)
    assess(image, face, cover)
    analyzer.present_look(image, face, cover)
    # Beyond 1 too: a child's skin takes steps that full strength alone does not, and younger color and shape have
    # tables of their own. No cover: this face's chin passes for covered, and covered chins are not shaved. Longer
    # hair by itself: beneath it the face is changed by less.
    everything = EditPlan(**dict.fromkeys(set(ELEMENTARY_EDITS) - _DRAWN_LATER - {"long_hair"}, 2.0))
    for plan in (everything, EditPlan(age_tone=-1.0, sag=-1.0, long_hair=1.0)):
        apply_edit(image, face, plan, None, analyzer.edit_models)


def rehearse_alone(analyzer: Analyzer) -> None:
    """Do both, in a process with one thread."""
    draw_ahead()
    rehearse(analyzer)


def _gray_face(blank: ImageArray) -> ImageArray:
    """Return a picture with a darker upper third, which passes for hair, and grain, without which it is a drawing."""
    grain = np.random.default_rng(0).integers(-6, 7, blank.shape[:2])
    image = (blank + grain[..., None]).astype(np.uint8)
    image[: _SIDE_PX // 3] = 40
    return image


def _mesh_face() -> Face:
    """Return the canonical mesh with irises as a face in the middle of the picture."""
    mesh = canonical_mesh().vertices_cm.astype(np.float64) * (1, -1, -1)
    ring = np.array([[0, 0, 0], [1, 0, 0], [0, -1, 0], [-1, 0, 0], [0, 1, 0]]) * _IRIS_CM
    irises = [mesh[[inner, outer]].mean(axis=0) + ring for inner, outer in ((133, 33), (362, 263))]
    landmarks = (np.concatenate([mesh, *irises]) * _PX_PER_CM + (_SIDE_PX / 2, _SIDE_PX / 2, 0)).astype(np.float32)
    low, high = (landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0))
    box = BoundingBox(float(low[0]), float(low[1]), *(float(side) for side in high - low))
    return Face(landmarks, box, head_pose(landmarks), 1.0)
