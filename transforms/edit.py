"""The edits composed: shape first, then color on the moved face; big faces are edited small and brought up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from quality.regions import region_masks
from transforms.beard.beard_matte import beard_matte
from transforms.beard.neck import shave_neck
from transforms.drawing import drawn_ratio, plan_for_drawing
from transforms.enlargement import Enlargement
from transforms.face.face_window import pattern_of
from transforms.face.geometry import eye_corners_px, fit_frontal
from transforms.face.glasses import glasses_likelihood
from transforms.face_color import Surroundings, color_face
from transforms.hair.hair_edit import recolor_hair
from transforms.hair.hair_matte import hair_matte
from transforms.head.head_region import head_region, placed_face, to_head
from transforms.head.other_faces import free_of_others, only_where
from transforms.long_hair.long_hair import add_long_hair, takes_long_hair
from transforms.models import EditModels
from transforms.picture.defocus import edge_sigma_px, finest_px, no_sharper
from transforms.picture.veil import Veil
from transforms.plan.edit_plan import EditPlan
from transforms.plan.table import BENEATH_HAIR, WITHOUT_HAIR
from transforms.shape.displacement import displacement_px
from transforms.shape.offsets import shape_offsets_cm
from transforms.shape.stiffened import stiffened
from transforms.shape.still_background import still_background
from transforms.shape.warp import warp_image, warp_landmarks, warp_ratio
from transforms.skin.surrounding_skin import follow_face

_MASKED_RATIO, _HELD_RATIO = 0.85, 0.5
"""Masks cover more of mouth or chin, hands less of both: beside a hand each pixel of the face tells for itself, but
below a chin it cannot be told what is beard and what the chin rests on."""
_BEARD_GRAY = 0.6
"""Dark hairs stay between the gray ones of a beard: all gray, a short one would be a film. By eye."""
_LEAST_SHAVED = 0.4
"""Who is shaved by less is surely a woman: below her chin no beard is looked for."""


class Cover(Protocol):
    """What covers a face: `quality.occlusion.CoverMap`."""

    @property
    def ratio(self) -> FloatArray:
        """(S, S) float32 in `canonical_frame(S)`, 1 = covered."""


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
    landmarks = to_head(face.landmarks_px, columns, rows, scale)
    neighbors = [placed_face(other, to_head(other.landmarks_px, columns, rows, scale)) for other in others]
    here = placed_face(face, landmarks)
    free = free_of_others(here, neighbors, small.shape[0], small.shape[1])
    person = short_hair = None
    if plan.shave or plan.gray_hair or plan.gray_beard or plan.growth or plan.long_hair:
        person = models.person.person_near(small, here)
    if plan.long_hair and person is not None:
        # The cheap reasons first: who gets no longer hair needs no matte here.
        if _uncovered(cover, ("left_cheek", "right_cheek"), _HELD_RATIO) == 1 and not drawn_ratio(small, landmarks):
            short_hair = hair_matte(small, here, person, models.hair, neighbors)
        if short_hair is not None and takes_long_hair(small, here, person, short_hair):
            plan = plan.shared(BENEATH_HAIR)
        else:
            plan, short_hair = replace(plan.shared(WITHOUT_HAIR), long_hair=0.0), None
    field, moved_landmarks = _moved(small, landmarks, plan)
    moved = small
    if field is not None:
        if free is not None:
            field *= free[..., None]
        if person is not None:
            field = still_background(field, small, person, landmarks)
            person = warp_ratio(person, field)
            short_hair = warp_ratio(short_hair, field) if short_hair is not None else None
        moved = warp_image(small, field, sharp=scale == 1)
    placed = placed_face(face, moved_landmarks)
    shaved = plan.shave * _uncovered(cover, ("mouth", "chin"), _MASKED_RATIO)
    below = plan.shave * _uncovered(cover, ("chin",), _HELD_RATIO)
    bare = moved
    if person is not None and below > _LEAST_SHAVED:
        bare = shave_neck(moved, placed, person, below, _neck_grain(plan))
    pattern = pattern_of(face.landmarks_px)
    drawn = drawn_ratio(moved, moved_landmarks) if plan.wrinkles > 0 else 0.0
    plan = plan_for_drawing(plan, drawn)
    hair = (
        hair_matte(moved, placed, person, models.hair, neighbors) if person is not None and plan.gray_hair else None
    )
    beard = None
    chin_seen = _uncovered(cover, ("mouth", "chin"), _HELD_RATIO)
    if person is not None and plan.gray_beard > 0 and chin_seen:
        beard = beard_matte(moved, placed, person)
        if beard is not None:
            beard *= np.float32(chin_seen) * (1 - hair if hair is not None else 1)
    cover_ratio = cover.ratio if cover is not None else None
    around = Surroundings(cover_ratio, person, hair, beard, _changed(bare, moved), pattern, shaved, drawn)
    edited = color_face(bare, moved_landmarks, plan, around)
    if person is not None and hair is not None:
        plain = replace(plan, wrinkles=plan.wrinkles * (1 - drawn))
        edited = follow_face(edited, bare, placed, plain, person, hair, pattern)
    if hair is not None or beard is not None:
        veil = Veil.over_face(moved, placed)
        if hair is not None:
            edited = recolor_hair(edited, hair, placed, plan.gray_hair, veil)
        if beard is not None:
            edited = recolor_hair(edited, beard, placed, _BEARD_GRAY * plan.gray_beard, veil, parted=0.0)
    hung = None
    if person is not None and short_hair is not None:
        edited, hung = add_long_hair(edited, placed, person, short_hair, plan.long_hair, pattern)
    sigma_px = edge_sigma_px(small, here.box)
    edited = no_sharper(edited, moved, sigma_px)
    if hung is not None:
        hung = hung.no_sharper(sigma_px, finest_px(head, to_head(face.landmarks_px, columns, rows, 1.0)))
    if free is not None:
        edited = only_where(free, moved, edited)
        hung = hung.only_where(free) if hung is not None else None
    # Not before: it is as large as all that was worked with.
    result = image.copy()
    enlargement.bring_up(result[rows, columns], head, moved, edited, field, hung)
    if _is_gray(small):
        # Lab's neutral axis is off by a level here and there.
        result[rows, columns] = result[rows, columns, 1:2]
    return result


def _is_gray(image: ImageArray) -> bool:
    red, green, blue = cv2.split(image)
    return not cv2.absdiff(red, green).any() and not cv2.absdiff(green, blue).any()


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


def _uncovered(cover: Cover | None, regions: Sequence[str], most_ratio: float) -> float:
    """Return 0 where more than a ratio of one of these regions is covered .. 1."""
    if cover is None:
        return 1.0
    masks = region_masks(cover.ratio.shape[0])
    covered = max(float(cover.ratio[masks[name]].mean()) for name in regions)
    return min(max((most_ratio - covered) / 0.15, 0.0), 1.0)


def _moved(image: ImageArray, landmarks: FloatArray, plan: EditPlan) -> tuple[FloatArray | None, FloatArray]:
    """Find the warp's field, or None where the plan has no change of shape, and the moved landmarks."""
    if not (plan.age_shape_decades or plan.sag or plan.growth or plan.gender_shape):
        return None, landmarks
    fit = fit_frontal(landmarks)
    offsets = fit.to_picture_px(shape_offsets_cm(fit, plan))
    offsets = stiffened(offsets, landmarks[:MESH_VERTICES, :2], glasses_likelihood(image, landmarks))
    return displacement_px(landmarks, offsets, (image.shape[1], image.shape[0])), warp_landmarks(landmarks, offsets)
