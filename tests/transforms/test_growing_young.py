"""What growing young does beyond the mean faces: folds, light, eyes, neck, and the plan of strengths."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.face.geometry import fit_frontal
from transforms.face.landmark_ids import LIPS
from transforms.face.layer_frame import layer_points_px
from transforms.face.rim_search import find_rims
from transforms.face.rims import Rims
from transforms.features.eyes import raise_eye_contrast
from transforms.plan.action import Action
from transforms.plan.edit_plan import ELEMENTARY_EDITS, EditPlan
from transforms.plan.plan import plan_for
from transforms.plan.table import CHILD
from transforms.shape.offsets import shape_offsets_cm
from transforms.skin.bloom import add_bloom
from transforms.skin.plain_surroundings import unfolded, unspotted
from transforms.skin.smoothing import smooth_skin
from transforms.skin.soft_light import soften_light
from transforms.skin.tone import add_age_tone
from transforms.skin.young_form import form_layers, young_form


@dataclass(frozen=True)
class Look:
    age_years: float
    female_ratio: float = 0.5
    bearded_ratio: float = 0.5


def near(view, point, radius_px=5.0):
    """Mask the pixels next to a mesh point."""
    away = np.linalg.norm(view.window.layer_xy - layer_points_px()[point], axis=2)
    return away < radius_px


def with_fold(seen, points):
    """Draw a fold, much too dark for skin, between two mesh points."""
    lab, view = seen
    ends = [np.argwhere(near(view, point, 3.0)).mean(axis=0)[::-1] for point in points]
    line = np.zeros(lab.shape[:2], np.uint8)
    cv2.line(line, *(tuple(int(x) for x in end) for end in ends), 1, max(round(0.04 * view.eyes_px), 1))
    fold = line > 0
    folded = lab.copy()
    folded[fold] = (18, 8, 8)
    return folded, fold, view_face(folded, view.window, exposure(view.window, None))


def test_a_deep_fold_from_nose_to_mouth_is_filled_for_a_child(seen):
    folded, fold, view = with_fold(seen, (203, 216))
    child = smooth_skin(folded, view, 2.0, shaven=1.0)
    around = cv2.dilate(fold.astype(np.uint8), np.ones((9, 9))) > 0
    skin = float(np.median(folded[around & ~fold][:, 0]))
    assert np.median(child[fold][:, 0]) > 18 + 0.6 * (skin - 18)


def test_a_childs_skin_has_the_pores_of_its_cheeks_and_no_coarser_ones(seen):
    lab, view = seen
    cheek = (view.cheeks > 0.6) & (view.skin_like > 0.8)

    def deviation(picture, finer_px, coarser_px):
        lightness = picture[..., 0]
        fine = cv2.GaussianBlur(lightness, (0, 0), finer_px) if finer_px else lightness
        return float((fine - cv2.GaussianBlur(lightness, (0, 0), coarser_px))[cheek].std())

    child = smooth_skin(lab, view, 2.0)
    assert 0.3 < deviation(child, 0, 1.0) / deviation(lab, 0, 1.0) < 1
    assert deviation(child, 1.5, 4.0) < 0.7 * deviation(lab, 1.5, 4.0)


def test_a_face_without_relief_gets_that_of_a_young_one(seen):
    lab, view = seen
    flat = np.broadcast_to(np.float32([65, 14, 16]), lab.shape).copy()
    young = young_form(flat, view.skin, view.window.sample(form_layers()), view.eyes_px)
    beside_nose, cheek = (young[near(view, point)][:, 0].mean() for point in (198, 50))
    assert beside_nose < cheek - 0.5
    assert np.allclose(young[..., 1:], flat[..., 1:], atol=0.01)


def test_shine_does_not_gray_the_skin_around(seen):
    lab, view = seen
    skin = np.broadcast_to(np.float32([45, 18, 20]), lab.shape).copy()
    shining = skin.copy()
    shining[near(view, 50, 6.0)] = (85, 3, 3)
    layers = view.window.sample(form_layers())
    beside = near(view, 50, 12.0) & ~near(view, 50, 9.0)
    before, after = (
        young_form(part, view.skin, layers, view.eyes_px)[beside].mean(axis=0) for part in (skin, shining)
    )
    assert np.abs(after - before)[1:].max() < 1.0


def test_grooves_about_the_wings_of_the_nose_are_softened_and_stay(seen):
    folded, fold, view = with_fold(seen, (129, 49))
    child = smooth_skin(folded, view, 2.0)
    around = cv2.dilate(fold.astype(np.uint8), np.ones((9, 9))) > 0
    skin, groove = float(np.median(folded[around & ~fold][:, 0])), float(np.median(child[fold][:, 0]))
    assert 18 + 0.1 * (skin - 18) < groove < skin - 2


def test_a_young_mouth_is_no_grayer(seen):
    lab, view = seen
    change = add_age_tone(lab, view, -1.0) - lab
    assert np.abs(np.median(change[near(view, 199)], axis=0)[1:]).max() < 1.5


def test_a_beard_that_stays_is_not_taken_for_folds(seen):
    lab, view = seen
    hairs = np.random.default_rng(0).random(lab.shape[:2]) < 0.5
    bearded = lab.copy()
    bearded[hairs & (view.beard > 0.3)] = (15, 5, 5)
    there = view_face(bearded, view.window, exposure(view.window, None))
    hairy = (there.beard > 0.6) & hairs
    stays, goes = (smooth_skin(bearded, there, 2.0, shaven=shaven)[hairy][:, 0].mean() for shaven in (0.0, 1.0))
    assert stays < goes


@pytest.fixture
def rims(seen):
    """Draw the curves of a pair of glasses around both eyes of a face."""
    _, view = seen
    curves = []
    for eye in ((33, 133), (263, 362)):
        center = np.mean([np.argwhere(near(view, point, 3.0)).mean(axis=0)[::-1] for point in eye], axis=0)
        angles = np.deg2rad(np.linspace(-25, 205, 64))[:, None]
        around = np.hstack([1.5 * np.cos(angles), np.sin(angles)]) * 0.18 * view.eyes_px
        curves.append((center + around).astype(np.float32))
    return Rims(tuple(curves), (), 1.0, view.eyes_px)


def drawn(lab, view, rims, color, breadth_px):
    """Draw rims into a picture; return it, its view and where they are."""
    line = np.zeros(lab.shape[:2], np.uint8)
    for outline in rims.outlines_px:
        cv2.polylines(line, [outline.round().astype(np.int32)], False, 1, breadth_px)
    worn = np.where(line[..., None] > 0, np.float32(color), lab).astype(np.float32)
    return worn, view_face(worn, view.window, exposure(view.window, None)), line > 0


def test_a_fold_seen_through_a_lens_goes_and_its_thick_frame_stays(seen, rims):
    folded, fold, view = with_fold(seen, (230, 231))
    worn, view, frame = drawn(folded, view, rims, (12, 0, 0), 3)
    child = smooth_skin(worn, view, 2.0, rims)
    assert np.median(child[fold & ~frame][:, 0]) > 18 + 0.5 * (np.median(view.local_skin[fold][:, 0]) - 18)
    assert np.median(np.abs(child - worn)[frame].max(axis=-1)) < 1


@pytest.mark.parametrize("step", [-15.0, 15.0])
def test_wire_of_glasses_on_the_cheek_is_no_wrinkle(seen, rims, step):
    lab, view = seen
    skin = view.reference + np.float32([step, 0, 0])
    worn, view, wire = drawn(lab, view, rims, skin, 1)
    wire &= view.skin > 0.9
    bare, behind = (np.abs(smooth_skin(worn, view, 2.0, worn_rims) - worn)[wire, 0] for worn_rims in (None, rims))
    assert behind.mean() < 0.5 * bare.mean()


def test_rims_are_found_where_they_run_and_not_on_a_bare_face(seen, rims, astronaut_face):
    lab, view = seen
    corner = np.array([view.window.columns.start, view.window.rows.start], np.float32)
    points = astronaut_face.landmarks_px[:, :2] - corner
    assert find_rims(lab, points).likelihood < 0.5
    worn, _, line = drawn(lab, view, rims, (12, 0, 0), 2)
    found = find_rims(worn, points)
    assert found.likelihood > 0.9
    away = cv2.distanceTransform((~line).astype(np.uint8), cv2.DIST_L2, 5)
    for outline in found.outlines_px:
        x, y = outline.round().astype(int)[8:-8].T
        assert np.median(away[y, x]) <= 1.5


def test_a_bright_point_on_the_nose_is_softened(seen):
    lab, view = seen
    tip = near(view, 4, 1.5)
    shining = lab.copy()
    shining[tip] = (98, 2, 2)
    there = view_face(shining, view.window, exposure(view.window, None))
    assert smooth_skin(shining, there, 2.0)[tip][:, 0].mean() < 94


def test_a_childs_bloom_keeps_dark_skin_as_colorful_as_it_is_light(seen):
    lab, view = seen
    dark = lab * np.array([0.5, 1, 1], np.float32)
    there = view_face(dark, view.window, exposure(view.window, None))
    cheek = near(there, 50) & (there.skin_like > 0.9)
    bloomed = add_bloom(dark, there, 1.0)
    richness = [np.hypot(one[cheek][:, 1], one[cheek][:, 2]) / (one[cheek][:, 0] + 16) for one in (dark, bloomed)]
    assert bloomed[cheek][:, 0].mean() > dark[cheek][:, 0].mean() + 1.5
    assert (richness[1] > 0.99 * richness[0]).all()


def test_softer_light_evens_shade_and_keeps_grain(seen):
    lab, view = seen
    assert np.array_equal(soften_light(lab, view, 0.0), lab)
    soft = soften_light(lab, view, 1.0)
    cheek = view.cheeks > 0.5

    def broad(picture):
        return cv2.GaussianBlur(picture[..., 0], (0, 0), 4)

    def grain(picture):
        return (picture[..., 0] - cv2.GaussianBlur(picture[..., 0], (0, 0), 1))[cheek].std()

    skin = view.skin > 0.8
    assert broad(soft)[skin].std() < 0.97 * broad(lab)[skin].std()
    assert grain(soft) > 0.85 * grain(lab)
    assert np.array_equal(soft[..., 1:], lab[..., 1:])


def test_eyes_gain_contrast_and_the_cheeks_stay(seen):
    lab, view = seen
    assert raise_eye_contrast(lab, view, 0.0) is lab
    clear = raise_eye_contrast(lab, view, 1.0)
    eye = near(view, 159, 12) & (view.eyes > 0.5)
    assert clear[eye][:, 0].std() > 1.05 * lab[eye][:, 0].std()
    low = near(view, 200) | near(view, 10)
    assert np.array_equal(clear[low], lab[low])


def test_a_fold_of_the_neck_rises_to_the_skin_around_it():
    lightness = np.full((80, 80), 60, np.float32)
    lightness[40:42] = 48
    skin = np.ones_like(lightness)
    lift = unfolded(lightness, skin, 80.0)
    assert lift[40, 40] > 5
    assert lift[10, 40] == pytest.approx(0, abs=0.3)
    assert not unfolded(lightness, np.zeros_like(skin), 80.0).any()


def test_a_wattle_as_broad_as_what_it_is_compared_with_is_not_compared_with_itself():
    lightness = np.full((80, 80), 60, np.float32)
    lightness[36:46, 34:46] = 35
    lift = unfolded(lightness, np.ones_like(lightness), 80.0)
    assert 15 < lift[41, 40] < 25
    shaded = unfolded(lightness, np.ones_like(lightness), 80.0, np.float32(0.6))
    assert abs(shaded[41, 40]) < 1, "what is no darker than the shade of a jaw is none"


def test_spots_beyond_the_mesh_go_where_asked():
    picture = np.full((200, 200, 3), 180, np.uint8)
    for x in (50, 150):
        cv2.circle(picture, (x, 100), 2, (160, 152, 145), -1)
    picture[150:156, 40:60] = 40
    amount = np.zeros((80, 80), np.float32)
    amount[:, :40] = 1
    clear = unspotted(picture, amount, 200.0)
    assert (clear[100, 50] > picture[100, 50] + 8).all()
    assert clear[152, 44:56].max() < 60, "the print of a dress"
    assert np.array_equal(clear[:, 120:], picture[:, 120:])


def test_grain_beyond_the_mesh_goes_and_edges_stay():
    picture = np.random.default_rng(0).integers(176, 184, (300, 300, 1), np.uint8).repeat(3, axis=2)
    picture[:, 200:] = 60
    clear = unspotted(picture, np.ones((80, 80), np.float32), 300.0)
    assert clear[20:280, 20:180].std() < 0.5 * picture[20:280, 20:180].std()
    assert clear[20:280, 190:197].mean() > 170
    assert clear[20:280, 203:210].mean() < 70


def test_lifting_brings_jowls_up_and_in_and_opens_the_lids(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    lifted = shape_offsets_cm(fit, EditPlan(sag=-1.0))
    assert lifted[136, 1] < -0.1
    assert lifted[136, 0] > 0 > lifted[365, 0]
    assert lifted[159, 1] < lifted[145, 1]
    assert shape_offsets_cm(fit, EditPlan(sag=1.0))[136, 1] > 0.1


def test_eyes_that_are_wide_open_grow_less(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)

    def opened(gain):
        shape = fit.shape_cm.copy()
        for eye in ((159, 158, 160, 145, 144, 153), (386, 385, 387, 374, 373, 380)):
            center = shape[list(eye), 1].mean()
            shape[list(eye), 1] = center + gain * (shape[list(eye), 1] - center)
        moved = shape_offsets_cm(replace(fit, shape_cm=shape), CHILD)
        # Across, where the other edits of a child do next to nothing.
        return float(moved[133, 0] - moved[33, 0]) / float(shape[133, 0] - shape[33, 0])

    assert opened(2.0) < opened(0.5)


@pytest.mark.parametrize("present", [30.0, 50.0, 70.0])
@pytest.mark.parametrize("female_ratio", [0.0, 1.0])
def test_neighboring_targets_of_the_dial_differ_little(present, female_ratio):
    plans = [
        plan_for(Action.V2_AGE, float(target), Look(present, female_ratio)) for target in range(1, int(present) + 1)
    ]
    for name in ELEMENTARY_EDITS:
        strengths = np.array([getattr(plan, name) for plan in plans])
        whole = float(strengths.max() - strengths.min())
        # A beard goes as a whole, and its color with it.
        most = 1 if name in ("shave", "beard_off", "stubble", "gray_beard") else 0.34
        assert np.abs(np.diff(strengths)).max() <= max(most * whole, 0.02), name


def test_a_beard_goes_as_a_whole_and_leaves_stubble_until_it_is_a_boys():
    plans = [plan_for(Action.V2_AGE, float(target), Look(40.0, 0.0)) for target in (27, 25, 24, 21)]
    assert [plan.beard_off for plan in plans] == [0, 1, 1, 1]
    stubble = [plan.stubble for plan in plans]
    assert stubble[0] == 0
    assert stubble[1] > stubble[2] > stubble[3] == 0
    shaven = plan_for(Action.V2_AGE, 25.0, replace(Look(40.0, 0.0), bearded_ratio=0.0))
    assert 0 < shaven.shave < 0.5
    assert shaven.stubble == 0


def test_a_boy_keeps_more_of_a_mans_look_than_a_girl(astronaut_face):
    boy, girl = (plan_for(Action.TO_KID, None, Look(50.0, ratio, 0.0)) for ratio in (0.0, 1.0))
    assert boy.gender_tone < 0 <= girl.gender_tone
    assert boy.gender_shape < 0 <= girl.gender_shape
    assert boy.growth == girl.growth


def test_the_old_get_more_of_a_childs_proportions():
    young, grown, old = (plan_for(Action.TO_KID, None, Look(age, 0.0)).growth for age in (36.0, 47.0, 70.0))
    assert young < grown < old


def test_a_childs_chin_is_round_not_pointed(astronaut_face):
    fit = fit_frontal(astronaut_face.landmarks_px)
    offsets = shape_offsets_cm(fit, EditPlan(growth=1.0))

    def narrower(right, left):
        across = fit.shape_cm[left] - fit.shape_cm[right]
        return 1 - np.linalg.norm((across + offsets[left] - offsets[right])[:2]) / np.linalg.norm(across[:2])

    assert narrower(149, 378) < narrower(234, 454) + 0.03


def test_between_closed_lips_no_pixel_lies_elsewhere(astronaut, astronaut_face):
    shut = astronaut_face.landmarks_px.copy()
    for upper, lower in (
        (13, 14),
        (82, 87),
        (81, 178),
        (80, 88),
        (191, 95),
        (312, 317),
        (311, 402),
        (310, 318),
        (415, 324),
    ):
        # A line rather than an opening, in front of the lips' own triangles.
        shut[[upper, lower], :2] = shut[[upper, lower], :2].mean(axis=0) + [[0.01, 0.02], [0, -0.02]]
        shut[[upper, lower], 2] -= 20
    window = face_window(shut, *astronaut.shape[:2])
    lips = np.zeros(window.visible.shape, np.uint8)
    corner = np.array([window.columns.start, window.rows.start])
    cv2.fillPoly(lips, [np.round(shut[list(LIPS), :2] - corner).astype(np.int32)], 1)
    low, high = layer_points_px()[list(LIPS)].min(axis=0), layer_points_px()[list(LIPS)].max(axis=0)
    seen = window.layer_xy[cv2.erode(lips, np.ones((3, 3))) > 0]
    assert (seen > low - 6).all()
    assert (seen < high + 6).all()
