"""The second step of an edit: the colors of a moved head - neck, face, the skin around it, hair and beard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from quality.face import Face, FloatArray, ImageArray
from transforms.beard.beard_matte import beard_matte
from transforms.beard.hung_stubble import HungStubble
from transforms.beard.neck import shave_neck
from transforms.cover import HELD_RATIO, MASKED_RATIO, Cover, uncovered_ratio
from transforms.drawing import drawn_ratio, plan_for_drawing
from transforms.face_color import Surroundings, color_face
from transforms.hair.hair_edit import recolor_hair
from transforms.hair.hair_matte import hair_matte
from transforms.models import EditModels
from transforms.moved_head import MovedHead
from transforms.picture.veil import Veil
from transforms.plan.edit_plan import EditPlan
from transforms.skin.surrounding_skin import follow_face

_BEARD_GRAY = 0.6
"""Dark hairs stay between the gray ones of a beard: all gray, a short one would be a film. By eye."""
_LEAST_SHAVED = 0.4
"""Who is shaved by less is surely a woman: below her chin no beard is looked for."""


def color_head(
    moved: MovedHead,
    plan: EditPlan,
    cover: Cover | None,
    models: EditModels,
    neighbors: Sequence[Face],
    pattern: int,
    scale: float,
) -> tuple[ImageArray, HungStubble | None]:
    """Change the colors of a head.

    Parameters
    ----------
    moved : MovedHead
    plan : EditPlan
    cover : Cover or None
        What covers the face and must stay; None for nothing.
    models : EditModels
    neighbors : sequence of Face
        Other faces in pixels of `moved.image`; their hair stays.
    pattern : int
        Seed of grain and spots.
    scale : float
        Pixels of `moved.image` in a full one, at most 1.

    Returns
    -------
    edited : ndarray, (h, w, 3) uint8, RGB
        Bit-equal to `moved.image` where no edit reaches.
    hung : HungStubble or None
        Stubble that is to hang before the full picture.
    """
    image, face, person = moved.image, moved.face, moved.person
    drawn = drawn_ratio(image, face.landmarks_px) if plan.wrinkles > 0 or plan.smooth > 1 else 0.0
    plan = plan_for_drawing(plan, drawn)
    below = plan.shave * uncovered_ratio(cover, ("chin",), HELD_RATIO)
    bare = image
    if person is not None and below > _LEAST_SHAVED:
        bare = shave_neck(image, face, person, below, _neck_grain(plan), plan.beard_off / plan.shave)
    hair = beard = None
    if person is not None and plan.gray_hair:
        hair = hair_matte(image, face, person, models.hair, neighbors)
    if person is not None and plan.gray_beard:
        beard = _grayed_beard(moved, person, hair, uncovered_ratio(cover, ("mouth", "chin"), HELD_RATIO))
    around = Surroundings(
        cover_ratio=cover.ratio if cover is not None else None,
        person_ratio=person,
        hair_ratio=hair,
        beard_ratio=beard,
        shaved_ratio=_changed(bare, image),
        pattern=pattern,
        shave=plan.shave * uncovered_ratio(cover, ("mouth", "chin"), MASKED_RATIO),
        drawn_ratio=drawn,
        scale=scale,
    )
    edited, stubble = color_face(bare, face.landmarks_px, plan, around)
    if person is not None and hair is not None:
        plain = replace(plan, wrinkles=plan.wrinkles * (1 - drawn))
        edited = follow_face(edited, bare, face, plain, person, hair, pattern, around.cover_ratio)
    if hair is None and beard is None:
        return edited, stubble
    veil = Veil.over_face(image, face)
    if hair is not None:
        edited = recolor_hair(edited, hair, face, plan.gray_hair, veil)
    if beard is not None:
        gray = plan.gray_beard * (_BEARD_GRAY if plan.gray_beard > 0 else 1)
        edited = recolor_hair(edited, beard, face, gray, veil, parted=0.0)
    return edited, stubble


def _grayed_beard(
    moved: MovedHead, person: FloatArray, hair: FloatArray | None, seen_ratio: float
) -> FloatArray | None:
    """Return where a beard hides the skin and is grayed as hair is, (h, w) float32, 0..1; None for none."""
    beard = beard_matte(moved.image, moved.face, person) if seen_ratio else None
    if beard is not None:
        beard *= np.float32(seen_ratio) * (1 - hair if hair is not None else 1)
    return beard


def _neck_grain(plan: EditPlan) -> float:
    """Tell how grainy a neck is: less than cheeks, and hardly where the face is smoothed."""
    return 0.7 * (1 - 0.45 * min(max(plan.smooth, 0.0), 2.0))


def _changed(edited: ImageArray, image: ImageArray) -> FloatArray:
    """1 where they differ, softly."""
    if edited is image:
        return np.broadcast_to(np.float32(0), image.shape[:2])
    mask = (cv2.cvtColor(cv2.absdiff(edited, image), cv2.COLOR_RGB2GRAY) > 0).view(np.uint8)
    changed: FloatArray = cv2.blur(mask * np.uint8(255), (7, 7)).astype(np.float32) / 255
    return changed
