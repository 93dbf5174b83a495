"""The first step of an edit: the head with another shape, and what is known of it moved along."""

from __future__ import annotations

from dataclasses import dataclass

from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from transforms.face.geometry import fit_frontal
from transforms.face.glasses import glasses_likelihood
from transforms.head.head_region import placed_face
from transforms.plan.edit_plan import EditPlan
from transforms.shape.displacement import displacement_px
from transforms.shape.offsets import shape_offsets_cm
from transforms.shape.stiffened import stiffened
from transforms.shape.still_background import still_background
from transforms.shape.warp import warp_image, warp_landmarks, warp_ratio


@dataclass(frozen=True, eq=False)
class MovedHead:
    """A head after the change of its shape; (h, w) are those of the working picture.

    Attributes
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    field_px : ndarray, (h, w, 2) float32, or None
        Source minus result; None where no shape was changed, or where no larger picture is to be moved as well.
    person, own_hair : ndarray, (h, w) float32, 0..1, or None
        Where somebody is, and the hair that longer hair hides; None where nobody asked.
    """

    image: ImageArray
    face: Face
    field_px: FloatArray | None
    person: FloatArray | None
    own_hair: FloatArray | None


def move_head(
    image: ImageArray,
    face: Face,
    plan: EditPlan,
    person: FloatArray | None,
    own_hair: FloatArray | None,
    free: FloatArray | None,
    sharp: bool,
) -> MovedHead:
    """Change the shape of a head.

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    plan : EditPlan
    person, own_hair : ndarray, (h, w) float32, 0..1, or None
    free : ndarray, (h, w) float32, 0..1, or None
        0 where other faces' heads are, which stay; None where there are none.
    sharp : bool
        Whether the moved picture itself is to be shown (`warp_image`).

    Returns
    -------
    MovedHead
    """
    if not (plan.age_shape_decades or plan.sag or plan.growth or plan.gender_shape):
        return MovedHead(image, face, None, person, own_hair)
    landmarks = face.landmarks_px
    fit = fit_frontal(landmarks)
    offsets_px = fit.to_picture_px(shape_offsets_cm(fit, plan))
    offsets_px = stiffened(offsets_px, landmarks[:MESH_VERTICES, :2], glasses_likelihood(image, landmarks))
    field_px = displacement_px(landmarks, offsets_px, (image.shape[1], image.shape[0]))
    if free is not None:
        field_px *= free[..., None]
    if person is not None:
        field_px = still_background(field_px, image, person, landmarks)
        person = warp_ratio(person, field_px)
        own_hair = warp_ratio(own_hair, field_px) if own_hair is not None else None
    moved = placed_face(face, warp_landmarks(landmarks, offsets_px))
    # Only a larger picture is to be moved once more.
    return MovedHead(warp_image(image, field_px, sharp), moved, None if sharp else field_px, person, own_hair)
