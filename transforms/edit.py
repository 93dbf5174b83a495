"""The edits composed: shape first, then color on the moved face, then longer hair.

Big faces are edited small and brought up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2

from quality.face import Face, FloatArray, ImageArray
from transforms.cover import HELD_RATIO, Cover, uncovered_ratio
from transforms.drawing import drawn_ratio
from transforms.enlargement import Enlargement, Hung
from transforms.face.face_window import pattern_of
from transforms.face.geometry import eye_corners_px
from transforms.hair.hair_matte import hair_matte
from transforms.head.head_region import head_region, placed_face, to_head
from transforms.head.other_faces import free_of_others, only_where
from transforms.head_color import color_head
from transforms.long_hair.long_hair import add_long_hair, takes_long_hair
from transforms.models import EditModels
from transforms.moved_head import move_head
from transforms.picture.defocus import edge_sigma_px, finest_px, no_sharper
from transforms.plan.edit_plan import EditPlan
from transforms.plan.table import BENEATH_HAIR, WITHOUT_HAIR


def apply_edit(
    image: ImageArray,
    face: Face,
    plan: EditPlan,
    cover: Cover | None,
    models: EditModels,
    others: Sequence[Face] = (),
) -> ImageArray:
    """Edit one face.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
        Not changed.
    face : Face
        In pixels of `image`.
    plan : EditPlan
    cover : Cover or None
        What covers the face and must stay; None for nothing.
    models : EditModels
    others : sequence of Face
        The other faces of the picture; their hair stays.

    Returns
    -------
    ndarray, (H, W, 3) uint8, RGB
        Bit-equal to `image` beyond the head.
    """
    enlargement = Enlargement.for_eyes(eye_corners_px(face.landmarks_px))
    region = head_region(face, image.shape[0], image.shape[1], enlargement.block_px)
    if plan.is_identity or region is None:
        return image.copy()
    rows, columns = region
    head = image[rows, columns]
    scale = enlargement.scale
    small = enlargement.reduced(head)
    here, *neighbors = (placed_face(one, to_head(one.landmarks_px, columns, rows, scale)) for one in (face, *others))
    free = free_of_others(here, neighbors, small.shape[0], small.shape[1])
    person = models.person.person_near(small, here) if plan.reaches_beyond_face else None
    plan, own_hair = _hair_to_lengthen(small, here, neighbors, plan, cover, person, models)
    sigma_px, is_gray = edge_sigma_px(small, here.box), _is_gray(small)
    moved = move_head(small, here, plan, person, own_hair, free, sharp=scale == 1)
    # As large as the picture itself each, and not needed any more: what is left is moved.
    del small, person, own_hair
    pattern = pattern_of(face.landmarks_px)
    edited, stubble = color_head(moved, plan, cover, models, neighbors, pattern, scale)
    hung: Hung | None = stubble
    if moved.person is not None and moved.own_hair is not None:
        edited, hung = add_long_hair(edited, moved.face, moved.person, moved.own_hair, plan.long_hair, pattern)
    before, field_px = moved.image, moved.field_px
    del moved
    edited = no_sharper(edited, before, sigma_px)
    if hung is not None:
        hung = hung.no_sharper(sigma_px, finest_px(head, to_head(face.landmarks_px, columns, rows, 1.0)))
    if free is not None:
        edited = only_where(free, before, edited)
        hung = hung.only_where(free) if hung is not None else None
    # Not before: it is as large as all that was worked with.
    result = image.copy()
    enlargement.bring_up(result[rows, columns], head, before, edited, field_px, hung)
    if is_gray:
        # Lab's neutral axis is off by a level here and there.
        result[rows, columns] = result[rows, columns, 1:2]
    return result


def _hair_to_lengthen(
    image: ImageArray,
    face: Face,
    neighbors: Sequence[Face],
    plan: EditPlan,
    cover: Cover | None,
    person: FloatArray | None,
    models: EditModels,
) -> tuple[EditPlan, FloatArray | None]:
    """Tell whether longer hair can hang here: the plan with or without it, and the matte of the own hair or None."""
    if not plan.long_hair or person is None:
        return plan, None
    # The cheap reasons first: who gets no longer hair needs no matte here.
    if uncovered_ratio(cover, ("left_cheek", "right_cheek"), HELD_RATIO) == 1 and not drawn_ratio(
        image, face.landmarks_px
    ):
        own_hair = hair_matte(image, face, person, models.hair, neighbors)
        if takes_long_hair(image, face, person, own_hair):
            return plan.shared(BENEATH_HAIR), own_hair
    return replace(plan.shared(WITHOUT_HAIR), long_hair=0.0), None


def _is_gray(image: ImageArray) -> bool:
    red, green, blue = cv2.split(image)
    return not cv2.absdiff(red, green).any() and not cv2.absdiff(green, blue).any()
