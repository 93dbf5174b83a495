from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from transforms.beard.shaving import shave
from transforms.edit import apply_edit
from transforms.face.exposure import exposure
from transforms.face.face_masks import face_masks
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.face.layer_frame import layer_points_px
from transforms.models import EditModels
from transforms.picture.lab import lab_of
from transforms.plan.action import Action
from transforms.plan.edit_plan import ELEMENTARY_EDITS, EditPlan
from transforms.plan.plan import plan_for
from transforms.plan.table import FEMALE, KID, MALE, OLD


@dataclass(frozen=True)
class Look:
    age_years: float = 35.0
    female_ratio: float = 0.5
    bearded_ratio: float = 0.5


@dataclass(frozen=True, eq=False)
class Cover:
    ratio: np.ndarray


@pytest.fixture(scope="module")
def models():
    return EditModels()


def change(before, after):
    return np.abs(before.astype(int) - after.astype(int))


PLANS = {"kid": KID, "old": OLD, "female": FEMALE, "male": MALE}


@pytest.mark.parametrize("name", PLANS)
def test_the_face_changes_and_the_rest_stays(astronaut, astronaut_face, models, name):
    before = astronaut.copy()
    after = apply_edit(astronaut, astronaut_face, PLANS[name], None, models)
    assert np.array_equal(astronaut, before), "the input was touched"
    assert after.shape == astronaut.shape
    assert after.dtype == np.uint8
    box = astronaut_face.box
    inside = change(astronaut, after)[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    assert inside.mean() > 2
    away = np.ones(astronaut.shape[:2], bool)
    reach = int(0.8 * box.height)
    away[max(int(box.top) - reach, 0) : int(box.bottom) + reach, int(box.left) - reach : int(box.right) + reach] = (
        False
    )
    assert np.array_equal(after[away], astronaut[away])


def test_a_plan_of_zeros_is_the_identity(astronaut, astronaut_face, models):
    assert np.array_equal(apply_edit(astronaut, astronaut_face, EditPlan(), None, models), astronaut)


@pytest.mark.parametrize("name", PLANS)
def test_the_same_input_gives_the_same_bytes_on_any_thread_count(astronaut, astronaut_face, models, name):
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        one = apply_edit(astronaut, astronaut_face, PLANS[name], None, models)
        cv2.setNumThreads(4)
        four = apply_edit(astronaut, astronaut_face, PLANS[name], None, EditModels())
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(one, four)


@pytest.mark.parametrize("name", PLANS)
def test_a_gray_picture_stays_gray(astronaut, astronaut_face, models, name):
    gray = np.repeat(cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    edited = apply_edit(gray, astronaut_face, PLANS[name], None, models)
    assert change(gray, edited).max() > 20
    assert (edited == edited[..., :1]).all()


# She has no beard: see test_beard_matte and test_bearded.
@pytest.mark.parametrize("edit", [edit for edit in ELEMENTARY_EDITS if edit not in ("gray_beard", "beard_off")])
def test_each_elementary_edit_grows_with_its_strength(astronaut, astronaut_face, models, edit):
    found = []
    for strength in (0.3, 0.6, 1.0):
        plan = replace(EditPlan(), **{edit: strength})
        found.append(change(astronaut, apply_edit(astronaut, astronaut_face, plan, None, models)).mean())
    assert 0 < found[0] < found[1] < found[2]


@pytest.mark.parametrize(
    "plan", [replace(plan, growth=0, sag=0, age_shape_decades=0, gender_shape=0) for plan in PLANS.values()]
)
def test_what_is_covered_is_not_painted(astronaut, astronaut_face, models, plan):
    covered = Cover(np.ones((64, 64), np.float32))
    plan = replace(plan, gray_hair=0)
    assert np.array_equal(apply_edit(astronaut, astronaut_face, plan, covered, models), astronaut)


@pytest.mark.parametrize("factor", [0.35, 3.0])
def test_small_and_big_faces_are_edited_alike(astronaut, astronaut_face, models, factor):
    image = cv2.resize(astronaut, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    box = astronaut_face.box
    face = replace(
        astronaut_face,
        landmarks_px=(astronaut_face.landmarks_px * factor).astype(np.float32),
        box=replace(
            box, left=box.left * factor, top=box.top * factor, width=box.width * factor, height=box.height * factor
        ),
    )
    here = change(astronaut, apply_edit(astronaut, astronaut_face, OLD, None, models)).mean()
    there = change(image, apply_edit(image, face, OLD, None, models)).mean()
    assert there == pytest.approx(here, rel=0.35)


@pytest.mark.parametrize("target", [1, 10, 20, 30, 35, 40, 60, 85])
def test_the_age_dial_is_monotone(target):
    lower = plan_for(Action.V2_AGE, max(target - 4, 1), Look())
    upper = plan_for(Action.V2_AGE, target, Look())
    assert upper.wrinkles >= lower.wrinkles
    assert upper.growth <= lower.growth
    assert upper.smooth <= lower.smooth


def test_the_present_age_changes_nothing():
    assert plan_for(Action.V2_AGE, 20, Look(age_years=20)).growth == pytest.approx(0)
    assert plan_for(Action.V2_AGE, 75, Look(age_years=75)).is_identity


def test_old_faces_are_asked_for_more_years_back():
    def back(present, years):
        return plan_for(Action.V2_AGE, present - years, Look(age_years=present))

    for years in (6, 10, 15):
        assert back(70.0, years).age_shape_decades < back(50.0, years).age_shape_decades
    # Beards come off by the age asked for.
    assert plan_for(Action.V2_AGE, 27, Look(age_years=75.0)).shave == 0


@pytest.mark.parametrize(("action", "woman", "man"), [(Action.TO_OLD, 1, 0), (Action.TO_KID, 0, -1)])
def test_an_edit_of_age_leans_against_its_change_of_gender(action, woman, man):
    assert np.sign(plan_for(action, None, Look(female_ratio=1.0)).gender_tone) == woman
    assert np.sign(plan_for(action, None, Look(female_ratio=0.0)).gender_tone) == man
    assert plan_for(action, None, Look()).gender_tone == 0


def test_hair_grays_by_the_age_asked_for():
    grays = [plan_for(Action.V2_AGE, years, Look(age_years=30)).gray_hair for years in (20, 40, 60, 80)]
    assert grays[0] < 0 < grays[1] < grays[2] < grays[3]


def test_old_hair_grows_dark_as_far_as_it_is_usual_at_the_age_asked_for():
    back = [plan_for(Action.V2_AGE, years, Look(age_years=78)).gray_hair for years in (74, 62, 50, 35)]
    assert back[0] == 0
    assert 0 > back[1] > back[2] > back[3]
    # Skin goes back sooner than hair.
    assert -back[1] < 0.3 < plan_for(Action.V2_AGE, 62, Look(age_years=78)).smooth


def test_dark_hair_does_not_turn_gray_in_a_few_years():
    soon, late = (plan_for(Action.V2_AGE, 62, Look(age_years=years)).gray_hair for years in (57, 40))
    assert 0 < soon < 0.5 * late


def test_a_childs_skin_is_plainer_than_a_smooth_one(astronaut, astronaut_face, models):
    box = astronaut_face.box
    cheeks = (
        slice(int(box.top + 0.5 * box.height), int(box.top + 0.75 * box.height)),
        slice(int(box.left + 0.2 * box.width), int(box.left + 0.8 * box.width)),
    )
    spread = []
    for smooth in (0.0, 1.0, 2.0):
        edited = apply_edit(astronaut, astronaut_face, EditPlan(smooth=smooth), None, models)[cheeks].astype(
            np.float32
        )
        spread.append(np.abs(edited - cv2.GaussianBlur(edited, (0, 0), 4)).mean())
    assert spread[0] > spread[1] > spread[2]


def test_a_gender_that_is_there_is_strengthened_by_less():
    woman = plan_for(Action.TO_FEMALE, None, Look(female_ratio=0.98))
    man = plan_for(Action.TO_FEMALE, None, Look(female_ratio=0.1))
    assert 0 < woman.makeup < man.makeup
    assert plan_for(Action.V2_GENDER, 1, Look(female_ratio=0.1)) == man


def test_a_marked_face_is_changed_more_and_a_young_man_less():
    def tone(action, years, ratio):
        return abs(plan_for(action, None, Look(years, ratio)).gender_tone)

    assert tone(Action.TO_FEMALE, 45, 0.001) > tone(Action.TO_FEMALE, 45, 0.2) > tone(Action.TO_FEMALE, 25, 0.2)
    assert tone(Action.TO_MALE, 45, 0.999) > tone(Action.TO_MALE, 45, 0.8)
    # Who may be taken for the wrong gender is not held to be there already.
    assert tone(Action.TO_FEMALE, 45, 0.6) == tone(Action.TO_FEMALE, 45, 0.2)


@pytest.mark.parametrize("action", [Action.TO_FEMALE, Action.TO_MALE])
def test_a_child_gets_no_beard_and_hardly_any_make_up(action):
    child, youth, grown = (plan_for(action, None, Look(years, 0.5)) for years in (8, 14, 20))
    assert child.stubble == child.wrinkles == 0
    assert abs(child.makeup) < 0.4 * abs(grown.makeup)
    assert abs(child.gender_tone) < abs(youth.gender_tone) < abs(grown.gender_tone)


def test_a_beard_grows_on_chin_and_lip_and_leaves_the_rest_bare():
    density, points = face_masks().stubbly, layer_points_px()
    at = {
        name: density[tuple(np.round(points[point]).astype(int)[::-1])]
        for name, point in {"chin": 175, "lip": 164, "cheek": 50, "brow": 9, "nose": 4, "mouth": 13}.items()
    }
    assert min(at["chin"], at["lip"]) > 0.4
    assert max(at["cheek"], at["brow"], at["nose"], at["mouth"]) < 0.05


@pytest.mark.parametrize(("action", "target"), [(Action.V2_AGE, None), (Action.V2_AGE, 0), (Action.V2_GENDER, 2)])
def test_a_target_out_of_range_is_refused(action, target):
    with pytest.raises(ValueError, match="needs a target"):
        plan_for(action, target, Look())


def test_only_keeps_one_edit():
    assert OLD.only("wrinkles") == EditPlan(wrinkles=OLD.wrinkles)
    with pytest.raises(ValueError, match="unknown elementary edit"):
        OLD.only("nonsense")


def test_painted_skin_is_not_taken_for_hair_to_gray(astronaut, astronaut_face, models):
    """Creases and pigment of a full age on a woman's cheeks once looked like a beard, and turned blue."""
    plan = plan_for(Action.V2_AGE, 85, Look(38.0, 1.0))
    grayed = apply_edit(astronaut, astronaut_face, plan, None, models)
    plain = apply_edit(astronaut, astronaut_face, replace(plan, gray_hair=0.0), None, models)
    for x, y, _ in astronaut_face.landmarks_px[[187, 411, 213, 416, 433]]:
        at = (slice(int(y) - 3, int(y) + 4), slice(int(x) - 3, int(x) + 4))
        red, _, blue = (grayed[at].astype(int) - plain[at]).mean(axis=(0, 1))
        assert blue - red < 2
        assert change(grayed, plain)[at].mean() < 8


def lightness(image, face, points, radius=3):
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    places = np.round(face.landmarks_px[list(points), :2]).astype(int)
    return float(np.mean([lab[y - radius : y + radius + 1, x - radius : x + radius + 1].mean() for x, y in places]))


def test_growing_young_leaves_no_shade_about_the_mouth(astronaut, astronaut_face, models):
    """The younger men's beards in the mean faces once darkened the lip and chin of whoever was made young."""
    about_mouth = (164, 167, 393, 18, 200)
    edited = apply_edit(astronaut, astronaut_face, EditPlan(age_tone=-1.0), None, models)
    assert lightness(edited, astronaut_face, about_mouth) > lightness(astronaut, astronaut_face, about_mouth) - 0.5


def test_a_childs_nose_keeps_its_form(astronaut, astronaut_face, models):
    edited = apply_edit(astronaut, astronaut_face, replace(KID, growth=0, age_shape_decades=0), None, models)

    def relief(image):
        return lightness(image, astronaut_face, (4, 195), 1) - lightness(image, astronaut_face, (98, 327), 1)

    assert relief(edited) > 0.4 * relief(astronaut) > 0


def test_a_fold_in_deep_shade_is_deepened_less(astronaut, astronaut_face, models):
    """A laugh's own folds once turned black."""
    folded = astronaut.copy()
    points = np.round(astronaut_face.landmarks_px[[129, 206, 216], :2] * 8).astype(np.int32)
    cv2.polylines(folded, [points], False, (85, 45, 35), 3, cv2.LINE_AA, 3)
    plan = EditPlan(wrinkles=1.5)
    deepened = []
    for image in (astronaut, folded):
        edited = apply_edit(image, astronaut_face, plan, None, models)
        deepened.append(lightness(image, astronaut_face, (206,), 1) - lightness(edited, astronaut_face, (206,), 1))
    assert 0 <= deepened[1] < 0.6 * deepened[0]


def test_a_man_made_a_boy_gets_little_beard_shadow_back(astronaut, astronaut_face, models):
    about_mouth = (164, 167, 393, 18, 200)
    shaven = apply_edit(astronaut, astronaut_face, EditPlan(shave=1.0), None, models)
    boy = apply_edit(astronaut, astronaut_face, EditPlan(shave=1.0, gender_tone=-0.5), None, models)
    man = apply_edit(astronaut, astronaut_face, EditPlan(gender_tone=-0.5), None, models)
    shadows = [
        lightness(before, astronaut_face, about_mouth) - lightness(after, astronaut_face, about_mouth)
        for before, after in ((shaven, boy), (astronaut, man))
    ]
    assert shadows[0] < 0.8 * shadows[1]
    assert not np.array_equal(boy, shaven)


def test_nothing_is_shaved_where_nobody_is(astronaut, astronaut_face):
    window = face_window(astronaut_face.landmarks_px, *astronaut.shape[:2])
    lab = lab_of(astronaut[window.rows, window.columns])
    # A shadow on the chin that passes for a beard.
    rows = int(astronaut_face.landmarks_px[17, 1]) - window.rows.start
    lab[rows:] *= np.array([0.4, 1, 1], np.float32)
    view = view_face(lab, window, exposure(window, None))
    nobody, somebody = np.zeros(lab.shape[:2], np.float32), np.ones(lab.shape[:2], np.float32)
    assert not np.array_equal(shave(lab, view, 1.0, somebody, nobody), lab)
    assert np.array_equal(shave(lab, view, 1.0, nobody, nobody), lab)


def test_a_covered_chin_is_not_shaved(astronaut, astronaut_face, models):
    masked = astronaut.copy()
    points = astronaut_face.landmarks_px[:, :2]
    cv2.fillConvexPoly(masked, cv2.convexHull(points[[205, 425, 397, 152, 172]].astype(np.int32)), (20, 40, 160))
    ratio = np.zeros((96, 96), np.float32)
    ratio[50:] = 1
    plan = EditPlan(shave=1.0)
    assert np.array_equal(apply_edit(masked, astronaut_face, plan, Cover(ratio), models), masked)


def test_beside_a_hand_on_the_chin_a_beard_comes_off(astronaut, astronaut_face, models):
    bearded = astronaut.copy()
    points = astronaut_face.landmarks_px[:, :2]
    cv2.fillConvexPoly(bearded, cv2.convexHull(points[[207, 427, 397, 152, 172]].astype(np.int32)), (60, 40, 30))
    ratio = np.zeros((96, 96), np.float32)
    ratio[62:, 48:] = 1
    edited = apply_edit(bearded, astronaut_face, EditPlan(shave=1.0), Cover(ratio), models)
    changed = (edited != bearded).any(axis=2)
    (free_x, free_y), (held_x, held_y) = points[[204, 430]].round().astype(int)
    assert changed[free_y, free_x]
    assert not changed[held_y, held_x]


def test_lips_made_a_mans_stay_redder_than_the_skin(astronaut, astronaut_face, models):
    edited = apply_edit(astronaut, astronaut_face, replace(MALE, gender_shape=0.0, lips_pale=1.2), None, models)
    points = astronaut_face.landmarks_px[:, :2]
    lower_lip, cheek = (points[14] + points[17]) / 2, points[280]

    def redness(picture, at):
        x, y = at.round().astype(int)
        part = picture[y - 1 : y + 2, x - 1 : x + 2].astype(np.float32) / 255
        return cv2.cvtColor(part, cv2.COLOR_RGB2LAB)[..., 1].mean()

    assert redness(edited, cheek) + 1.5 < redness(edited, lower_lip) < redness(astronaut, lower_lip) - 5


def test_old_lips_are_browner_not_purple(astronaut, astronaut_face, models):
    edited = apply_edit(astronaut, astronaut_face, EditPlan(age_tone=1.5, lips_pale=1.0), None, models)
    x, y = ((astronaut_face.landmarks_px[14, :2] + astronaut_face.landmarks_px[17, :2]) / 2).round().astype(int)
    lip = np.s_[y - 1 : y + 2, x - 3 : x + 4]
    before, after = (lab_of(np.ascontiguousarray(picture[lip])).mean(axis=(0, 1)) for picture in (astronaut, edited))
    assert after[1] < before[1] - 3
    assert np.arctan2(after[2], after[1]) > np.arctan2(before[2], before[1]) + 0.1


def test_white_shine_on_skin_does_not_turn_gray(astronaut, astronaut_face, models):
    shiny = astronaut.copy()
    x, y = astronaut_face.landmarks_px[151, :2].round().astype(int)
    cv2.circle(shiny, (x, y), 4, (255, 253, 250), -1, cv2.LINE_AA)
    plan = EditPlan(wrinkles=1.65, spots=1.2, mottling=0.9, age_tone=1.5)
    edited = apply_edit(shiny, astronaut_face, plan, None, models)
    part = np.s_[y - 2 : y + 3, x - 2 : x + 3]
    assert change(shiny, edited)[part].max() < 12
    assert change(shiny, edited).max() > 30


def test_negative_make_up_lightens_the_lids_and_leaves_the_cheeks(astronaut, astronaut_face, models):
    edited = apply_edit(astronaut, astronaut_face, EditPlan(makeup=-1.0), None, models).astype(int)
    x, y = astronaut_face.landmarks_px[27, :2].round().astype(int)
    assert (edited - astronaut)[y - 3 : y + 8, x - 6 : x + 7].sum() > 0
    x, y = astronaut_face.landmarks_px[50, :2].round().astype(int)
    assert np.array_equal(edited[y - 4 : y + 5, x - 4 : x + 5], astronaut[y - 4 : y + 5, x - 4 : x + 5])


def test_make_up_darkens_the_lower_lashes_and_the_hollows_of_the_cheeks(astronaut, astronaut_face, models):
    edited = apply_edit(astronaut, astronaut_face, EditPlan(makeup=1.0), None, models).astype(int)
    change_there = (edited - astronaut).sum(axis=2)
    points = astronaut_face.landmarks_px[:, :2]

    def mean_at(at, reach):
        x, y = at.round().astype(int)
        return change_there[y - reach : y + reach + 1, x - reach : x + reach + 1].mean()

    # Outside on the lower lid; a third of the way from the ear to the middle of the cheek.
    for lid, outer, inner in ((144, 93, 207), (373, 323, 427)):
        assert mean_at(points[lid], 1) < -6
        assert mean_at(points[outer] + 0.35 * (points[inner] - points[outer]), 1) < -3
