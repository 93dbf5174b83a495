"""The color edits of a face, one after the other, within the face's window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from transforms.beard.facial_hair import full_beard
from transforms.beard.gray_beard import gray_beard
from transforms.beard.hung_stubble import HungStubble
from transforms.beard.shaving import shave
from transforms.beard.stubble import add_stubble
from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.face.glasses import glasses_likelihood
from transforms.face.rim_search import find_rims
from transforms.face.skin_light import colorfulness
from transforms.features.brows import change_brows, gray_brows
from transforms.features.eyes import raise_eye_contrast
from transforms.features.makeup import add_makeup
from transforms.features.pale_lips import pale_lips
from transforms.features.teeth import age_teeth
from transforms.picture.lab import bytes_of, lab_of, planar, unit_rgb_of
from transforms.picture.veil import Veil
from transforms.plan.edit_plan import EditPlan
from transforms.skin.bloom import add_bloom
from transforms.skin.smoothing import even_tone, smooth_skin
from transforms.skin.soft_light import soften_light
from transforms.skin.spots import add_mottling, add_spots
from transforms.skin.tone import add_age_tone, add_gender_tone, no_more_colorful
from transforms.wrinkles.wrinkles import add_wrinkles


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What is known around a face whose colors change; arrays (H, W) float32 of the whole part, 0..1.

    Attributes
    ----------
    cover_ratio : ndarray, (S, S) float32, or None
        What covers the face, in `canonical_frame(S)`.
    person_ratio, hair_ratio : ndarray or None
        Where somebody is, and where hair is; None where nobody asked.
    beard_ratio : ndarray or None
        A beard that is grayed as hair is, afterwards; None for none.
    shaved_ratio : ndarray
        1 where the neck has been shaved.
    pattern : int
        Seed of grain and spots.
    shave : float
        How far the face is to be shaved, 0..
    drawn_ratio : float
        How far the picture is a drawing, 0..1.
    scale : float
        Pixels of the part in a pixel of the full picture, at most 1.
    """

    cover_ratio: FloatArray | None
    person_ratio: FloatArray | None
    hair_ratio: FloatArray | None
    beard_ratio: FloatArray | None
    shaved_ratio: FloatArray
    pattern: int
    shave: float
    drawn_ratio: float
    scale: float


def color_face(
    image: ImageArray, landmarks_px: FloatArray, plan: EditPlan, around: Surroundings
) -> tuple[ImageArray, HungStubble | None]:
    """Change a face's colors: beard, skin, tone, lines, spots, teeth, lips, eyes and brows, in this order.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
        The head, its shape changed already.
    landmarks_px : ndarray, (478, 3) float32
    plan : EditPlan
    around : Surroundings

    Returns
    -------
    edited : ndarray, (H, W, 3) uint8, RGB
        Bit-equal to `image` where no edit reaches.
    hung : HungStubble or None
        Stubble that is to hang before the full picture.
    """
    window = face_window(landmarks_px, image.shape[0], image.shape[1], around.pattern)
    part = image[window.rows, window.columns]
    veil = Veil.over(part)
    lab = lab_of(veil.lifted(part))
    source = lab
    view = view_face(lab, window, exposure(window, around.cover_ratio))
    unhaired = None
    if around.person_ratio is not None:
        person = around.person_ratio[window.rows, window.columns]
        done = around.shaved_ratio[window.rows, window.columns]
        bearded = max(min(plan.beard_off / plan.shave, 1.0), float(done.max())) if plan.shave > 0 else 0.0
        lab = shave(lab, view, around.shave, person, done, bearded)
        if around.hair_ratio is not None:
            unhaired = np.minimum(2 * person, 1) * (1 - around.hair_ratio[window.rows, window.columns])
    if plan.smooth > 1 and around.shave:
        # What was a beard is skin now, and grows young with it.
        view = replace(view, skin_like=np.maximum(view.skin_like, view.beard * np.float32(min(around.shave, 1.0))))
    if plan.smooth > 0 and plan.beard_kept > 0:
        # Gray hairs in the light have the skin's color, and were smeared with it.
        view = replace(view, skin_like=view.skin_like * (1 - full_beard(lab, view, plan.beard_kept)))
    glasses = glasses_likelihood(image, landmarks_px) if plan.smooth > 1 else 0.0
    rims = None
    if glasses:
        corner = np.array([window.columns.start, window.rows.start], np.float32)
        rims = replace(find_rims(source, landmarks_px[:, :2] - corner), likelihood=glasses)
    lab = smooth_skin(lab, view, plan.smooth, rims, plan.shave)
    lab = soften_light(lab, view, plan.smooth - 1)
    lab = even_tone(lab, view, plan.even_tone)
    lab, source, view = planar(lab), planar(source), replace(view, local_skin=planar(view.local_skin))
    lab = add_bloom(lab, view, plan.bloom)
    lab = add_age_tone(lab, view, plan.age_tone)
    lab = add_gender_tone(lab, view, plan.gender_tone, plan.shave)
    lab = add_wrinkles(lab, view, plan.wrinkles, unhaired, around.drawn_ratio)
    lab = add_mottling(lab, view, plan.mottling)
    lab = add_spots(lab, view, plan.spots)
    if plan.age_tone > 0:
        lab = no_more_colorful(lab, source, view)
    lab = age_teeth(lab, view, plan.age_tone)
    lab = pale_lips(lab, source, view, plan.lips_pale)
    lab = raise_eye_contrast(lab, view, plan.eye_contrast)
    lab = add_makeup(lab, view, plan.makeup)
    lab = change_brows(lab, view, plan.brows)
    lab = gray_brows(lab, view, plan.gray_hair)
    if around.beard_ratio is None:
        lab = gray_beard(lab, source, view, plan.gray_hair)
    lab, stubble = add_stubble(lab, view, plan.stubble, around.scale)
    lab = _as_colorful(lab, source, view.reference)
    painted = bytes_of(veil.laid(unit_rgb_of(lab)))
    away = np.abs(lab - source)
    changed = (away[..., 0] + away[..., 1] + away[..., 2] > 0.05).view(np.uint8)
    result = image.copy()
    result[window.rows, window.columns] = cv2.copyTo(painted, changed, part.copy())
    if stubble is None:
        return result, None
    rgb, alpha = np.zeros_like(image), np.zeros(image.shape[:2], np.uint8)
    hairs = _as_colorful(stubble.lab, source, view.reference)
    rgb[window.rows, window.columns] = bytes_of(veil.laid(unit_rgb_of(hairs)))
    alpha[window.rows, window.columns] = np.round(255 * stubble.cover)
    return result, HungStubble(
        rgb,
        alpha,
        stubble.hairs.moved(window.columns.start / around.scale, window.rows.start / around.scale),
        around.scale,
    )


def _as_colorful(lab: FloatArray, source: FloatArray, skin_lab: FloatArray) -> FloatArray:
    """Keep gray pictures gray: color changes only as far as the skin has color."""
    share = colorfulness(skin_lab)
    if share == 1.0:
        return lab
    result = lab.copy(order="K")
    result[..., 1:] = source[..., 1:] + (lab[..., 1:] - source[..., 1:]) * np.float32(share)
    return result
