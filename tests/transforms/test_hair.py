from __future__ import annotations

import dataclasses
import itertools

import cv2
import numpy as np
import pytest

from transforms.hair.hair_color import gray_hair
from transforms.hair.hair_matte import hair_matte
from transforms.hair.hair_net import HairNet
from transforms.hair.hair_pigment import hair_beside_skin, hair_grayness, pigment_hair
from transforms.hair.hair_share import hair_share
from transforms.hair.strands import strand_directions
from transforms.hair.thin_hair import changed_as_sure_hair
from transforms.head.person import PersonSegmenter
from transforms.picture.guided import apply_guided, guided_coefficients
from transforms.picture.streaks import streak_noise


@pytest.fixture(scope="module")
def person(astronaut, astronaut_face):
    return PersonSegmenter().person_near(astronaut, astronaut_face)


@pytest.fixture(scope="module")
def net():
    return HairNet()


@pytest.fixture(scope="module")
def matte(astronaut, astronaut_face, person, net):
    return hair_matte(astronaut, astronaut_face, person, net)


@pytest.fixture(scope="module")
def lab(astronaut):
    return cv2.cvtColor(astronaut.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def test_the_astronauts_hair_is_found_and_nothing_else(astronaut, astronaut_face, matte):
    assert matte.shape == astronaut.shape[:2]
    assert matte.dtype == np.float32
    assert matte.min() >= 0
    assert matte.max() <= 1
    assert matte[30:50, 205:240].mean() > 0.65, "the hair above the forehead"
    points = astronaut_face.landmarks_px[[1, 50, 280, 152, 13, 9], :2].astype(int)
    assert matte[points[:, 1], points[:, 0]].max() < 0.05, "nose, cheeks, chin, mouth, between the brows"
    assert matte[:, 330:].max() == 0, "the rocket"
    assert matte[220:, :].max() < 0.1, "the suit"
    assert matte[:, :80].max() == 0, "the flag"


def test_the_matte_fades_without_steps(matte):
    inner = (matte > 0.05) & (matte < 0.95)
    assert inner.sum() > 0.1 * (matte >= 0.95).sum()


def test_a_bald_head_has_no_hair(astronaut, astronaut_face, person, matte, net):
    # Paint the hair in the face's own skin, with a little shading.
    skin = np.median(astronaut[110:130, 200:245].reshape(-1, 3), axis=0)
    shade = np.linspace(1.05, 0.9, astronaut.shape[1])[None, :, None]
    cover = cv2.GaussianBlur(cv2.dilate(matte, np.ones((9, 9), np.uint8)), (0, 0), 2)[..., None]
    bald = np.clip(astronaut * (1 - cover) + skin * shade * cover, 0, 255).astype(np.uint8)
    assert hair_matte(bald, astronaut_face, person, net).sum() < 0.1 * matte.sum()


def test_a_bright_cap_is_no_hair(astronaut, astronaut_face, person, matte, net):
    cover = np.clip(2 * matte, 0, 1)[..., None]
    capped = (astronaut * (1 - cover) + np.array([30, 90, 200]) * cover).astype(np.uint8)
    assert hair_matte(capped, astronaut_face, person, net).sum() < 0.1 * matte.sum()


def _cloth(astronaut, cover, color, ribs=0.0):
    """Paint cloth over a matte, knitted in ribs."""
    columns = np.arange(astronaut.shape[1])[None, :, None]
    cloth = np.array(color) * (1 + ribs * np.sin(columns * 0.9))
    return np.clip(astronaut * (1 - cover) + cloth * cover, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("color", "ribs"),
    [((96, 70, 52), 0.25), ((70, 72, 78), 0.25), ((40, 42, 60), 0.0)],
    ids=["brown", "gray", "navy"],
)
def test_a_knitted_or_dark_cap_is_no_hair(astronaut, astronaut_face, person, matte, net, color, ribs):
    rows = np.arange(astronaut.shape[0])[:, None, None]
    cover = np.clip(2 * matte, 0, 1)[..., None] * np.clip((88 - rows) / 4, 0, 1)
    above = matte * (rows[..., 0] < 84)
    found = hair_matte(_cloth(astronaut, cover, color, ribs), astronaut_face, person, net)
    assert found[above > 0.9].mean() < 0.3


def test_a_fist_beside_the_hair_stays_skin(astronaut, astronaut_face, person, net):
    skin = np.median(astronaut[150:170, 190:205].reshape(-1, 3), axis=0)
    fist = astronaut.astype(np.float32)
    shape = np.zeros(astronaut.shape[:2], np.uint8)
    for k in range(4):
        cv2.ellipse(shape, (150, 90 + 14 * k), (22, 8), 0, 0, 360, 255, -1, cv2.LINE_AA)
    knuckles = 1 - 0.25 * np.cos((np.arange(astronaut.shape[0])[:, None, None] - 90) / 14 * np.pi) ** 8
    cover = cv2.GaussianBlur(shape.astype(np.float32) / 255, (0, 0), 1)[..., None]
    fist = np.clip(fist * (1 - cover) + skin * knuckles * cover, 0, 255).astype(np.uint8)
    found = hair_matte(fist, astronaut_face, np.maximum(person, cover[..., 0]), net)
    assert found[cover[..., 0] > 0.9].mean() < 0.25


@pytest.mark.parametrize("tint_lab", [(0, 18, 22), (22, 4, 20)], ids=["auburn", "blond"])
def test_auburn_and_fair_hair_is_found_as_well_as_brown(astronaut, astronaut_face, person, matte, net, tint_lab):
    lab = cv2.cvtColor(astronaut.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    gray = lab * np.array([1, 0, 0], np.float32) + np.array(tint_lab, np.float32)
    dyed = cv2.cvtColor((lab + (gray - lab) * matte[..., None]).astype(np.float32), cv2.COLOR_LAB2RGB)
    found = hair_matte(np.clip(dyed * 255, 0, 255).astype(np.uint8), astronaut_face, person, net)
    assert found[matte > 0.8].mean() > 0.8


def test_the_fringe_over_the_forehead_is_hair(matte):
    assert matte[68:76, 215:255].mean() > 0.8


def test_hair_nearer_to_another_face_is_not_taken(astronaut, astronaut_face, person, matte, net):
    moved = astronaut_face.landmarks_px + np.array([0, -30, 0], np.float32)
    other = dataclasses.replace(astronaut_face, landmarks_px=moved)
    shared = hair_matte(astronaut, astronaut_face, person, net, (astronaut_face, other))
    assert shared.sum() < 0.7 * matte.sum()
    assert np.array_equal(hair_matte(astronaut, astronaut_face, person, net, (astronaut_face,)), matte)


def test_a_larger_picture_gives_the_same_matte(astronaut, astronaut_face, matte, net):
    large = cv2.resize(astronaut, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    face = dataclasses.replace(astronaut_face, landmarks_px=astronaut_face.landmarks_px * np.float32(2))
    found = hair_matte(large, face, PersonSegmenter().person_near(large, face), net)
    shrunk = cv2.resize(found, (512, 512), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk - matte).sum() < 0.15 * matte.sum()


def test_without_a_person_there_is_no_hair(astronaut, astronaut_face, net):
    assert hair_matte(astronaut, astronaut_face, np.zeros((512, 512), np.float32), net).max() == 0


def test_a_face_at_the_border_does_not_fail(astronaut, astronaut_face, person, net):
    for shift in ((-150, 0), (0, -90), (-900, -900)):
        face = dataclasses.replace(
            astronaut_face, landmarks_px=astronaut_face.landmarks_px + np.array([*shift, 0], np.float32)
        )
        assert hair_matte(astronaut, face, person, net).shape == (512, 512)


def test_gray_grows_with_the_amount_and_loses_color(lab, matte, astronaut_face):
    hair = matte > 0.8
    chroma = [
        np.hypot(*gray_hair(lab, matte, amount, astronaut_face)[hair][:, 1:].T).mean()
        for amount in (0, 0.2, 0.4, 0.7, 1)
    ]
    assert all(after < before for before, after in itertools.pairwise(chroma))
    assert chroma[-1] < 0.4 * chroma[0]


def test_graying_keeps_light_and_shade_and_casts_no_blue(lab, matte, astronaut_face):
    hair = matte > 0.8
    grayed = gray_hair(lab, matte, 1, astronaut_face)
    smooth = [cv2.GaussianBlur(picture[..., 0], (0, 0), 2)[hair] for picture in (lab, grayed)]
    assert np.corrcoef(*smooth)[0, 1] > 0.85
    assert grayed[hair][:, 2].mean() > -0.5


def test_graying_leaves_the_rest_bit_equal_and_is_repeatable(lab, matte, astronaut_face):
    before = lab.copy()
    grayed = gray_hair(lab, matte, 0.6, astronaut_face)
    assert np.array_equal(lab, before)
    assert grayed.dtype == np.float32
    assert np.array_equal(grayed[matte == 0], lab[matte == 0])
    assert np.array_equal(gray_hair(lab, matte, 0.6, astronaut_face), grayed)
    assert np.array_equal(gray_hair(lab, matte, 0, astronaut_face), lab)


def test_auburn_hair_before_a_blue_wall_turns_gray_not_mauve(lab, matte, astronaut_face):
    auburn = lab.copy()
    auburn[..., 1:] += ((20, 24) - lab[..., 1:]) * matte[..., None]
    auburn[matte == 0] = (55, 22, -50)
    a, b = gray_hair(auburn, matte, 0.95, astronaut_face)[matte > 0.9][:, 1:].mean(axis=0)
    assert a < 4.5
    assert b > a


def test_thin_black_hair_on_light_skin_gets_no_bright_rim(lab, matte, astronaut_face):
    skin, black = np.array([70, 15, 18], np.float32), np.array([10, 1, 1], np.float32)
    mixed = lab + (skin + (black - skin) * matte[..., None] - lab) * np.float32(matte > 0)[..., None]
    grayed = gray_hair(mixed, matte, 1, astronaut_face)
    rim, hair = (matte > 0.3) & (matte < 0.7), matte > 0.95
    gray = grayed[hair][:, 0].mean()
    assert (grayed[rim][:, 0] < max(gray, 70) + 6).mean() > 0.95
    lift = (grayed - mixed)[..., 0]
    assert lift[rim].mean() < 0.7 * lift[hair].mean(), "only the hair in it"


def test_the_change_of_sure_hair_is_carried_to_thin_hair_and_no_further(astronaut_face):
    matte = np.zeros((120, 120), np.float32)
    matte[:, :60], matte[:, 60:64] = 1, 0.5
    change = np.full((120, 120, 3), 40, np.float32)
    change[:, 60:] = 90
    carried = changed_as_sure_hair(change, matte, astronaut_face)
    assert np.array_equal(carried[:, :60], change[:, :60])
    assert carried[:, 60].max() < 55
    assert carried[:, 100:].min() == pytest.approx(90, abs=0.1)


def test_skin_beneath_thin_hair_gets_no_film_and_the_strands_over_it_gray(lab, matte, astronaut_face):
    """Where the matte says half everywhere, the pixel's own color says which."""
    x, y = astronaut_face.landmarks_px[10, :2]
    rows, columns = np.mgrid[: lab.shape[0], : lab.shape[1]]
    hair = (matte > 0) & (rows < y - 12)
    taken = np.where(hair, 1, 0).astype(np.float32)
    thin = (rows >= y - 12) & (rows < y) & (np.abs(columns - x) < 12)
    taken[thin] = 0.5
    strands = hair | (thin & (columns % 4 == 0))
    dark = np.where(strands[..., None], np.float32([12, 2, 2]), np.float32([38, 14, 15]))
    share = hair_share(dark, taken, astronaut_face)
    assert share[thin & strands].min() > 0.9
    assert share[thin & ~strands].mean() < 0.2
    assert (share[~thin] == 1).mean() > 0.95
    grayed = gray_hair(dark, taken, 1, astronaut_face)
    assert np.abs(grayed - dark)[thin & ~strands].mean() < 0.1 * np.abs(grayed - dark)[thin & strands].mean()


def test_an_ear_between_strands_of_brown_hair_keeps_its_color(lab, matte, astronaut_face):
    """Brown hair has the color of skin by lightness, but less of it."""
    brown, skin = np.array([27, 8, 8], np.float32), np.array([68, 16, 24], np.float32)
    top, eye, cheek = (astronaut_face.landmarks_px[vertex, :2] for vertex in (10, 33, 234))
    above = (matte > 0) & (np.arange(len(matte))[:, None] < top[1] - 6)
    head = np.where(above[..., None], brown, skin)
    ear = np.s_[int(eye[1]) : int(eye[1]) + 30, int(cheek[0]) - 22 : int(cheek[0]) - 4]
    head[ear] = (42, 15, 18)
    taken = np.where(above, matte, np.float32(0))
    taken[ear] = 1
    grayed = gray_hair(head, taken, 1, astronaut_face)
    assert np.abs(grayed - head)[ear].mean() < 0.2 * np.abs(grayed - head)[above & (matte > 0.9)].mean()


def test_a_brown_beard_in_the_sun_grays_wholly(lab, matte, astronaut_face):
    """As colorful for its lightness as skin is: of a head's hair it would be an ear in shade."""
    top, eye, cheek = (astronaut_face.landmarks_px[vertex, :2] for vertex in (10, 33, 234))
    above = (matte > 0) & (np.arange(len(matte))[:, None] < top[1] - 6)
    beard = np.where(above[..., None], np.float32([27, 6, 2]), np.float32([44, 20, 9]))
    sunny = np.s_[int(eye[1]) : int(eye[1]) + 30, int(cheek[0]) - 25 : int(cheek[0]) - 2]
    beard[sunny] = (27, 14, 7)
    taken = np.where(above, matte, np.float32(0))
    taken[sunny] = 1
    left = [gray_hair(beard, taken, 1, astronaut_face, parted=parted)[sunny][..., 1].mean() for parted in (0.0, 1.0)]
    assert left[0] < 0.5 * left[1]


def test_dark_hair_keeps_its_own_strands(lab, matte, astronaut_face):
    """What is faint in black hair is seen in white hair; other strands would be a wig's."""
    own = np.random.default_rng(3).standard_normal(lab.shape[:2]).astype(np.float32)
    own = cv2.GaussianBlur(own, (0, 0), 1.2)
    dark = np.where(matte[..., None] > 0, np.float32([14, 2, 2]), np.float32([68, 16, 18]))
    dark[..., 0] += np.where(matte > 0, 1.5 * own / own.std(), 0)
    grayed, hair = gray_hair(dark, matte, 1, astronaut_face)[..., 0], matte > 0.98
    grayed = grayed - cv2.blur(grayed, (15, 15))
    assert np.corrcoef(grayed[hair], own[hair])[0, 1] > 0.6


def test_hair_in_shade_stays_in_shade(lab, matte, astronaut_face):
    half = lab.copy()
    left = np.arange(lab.shape[1])[None, :] < astronaut_face.landmarks_px[10, 0]
    half[..., 0] *= np.where(left, 0.35, 1.0)
    grayed = gray_hair(half, matte, 1, astronaut_face)[..., 0]
    hair = matte > 0.9
    dark, lit = grayed[hair & left].mean(), grayed[hair & ~left].mean()
    assert 0.6 * lit < dark < 0.75 * lit, "and is no black patch beside the white"


def test_dark_hair_may_mirror_the_sky(astronaut, astronaut_face, person, matte, net):
    lab = cv2.cvtColor(astronaut.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab += (lab * np.array([0.6, 0, 0], np.float32) - lab) * matte[..., None]
    shine = np.zeros(matte.shape, np.float32)
    shine[32:50, 200:245] = 1
    lab += np.array([14, -2, -18], np.float32) * (cv2.GaussianBlur(shine, (0, 0), 5) * matte)[..., None]
    image = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255, 0, 255).astype(np.uint8)
    assert hair_matte(image, astronaut_face, person, net)[38:46, 208:238].mean() > 0.7


def test_a_dark_ear_in_shade_that_passes_for_black_hair_keeps_its_color(lab, matte, astronaut_face):
    skin = np.array([55, 20, 22], np.float32)
    dark = lab.copy()
    dark[:] = skin
    points = astronaut_face.landmarks_px[:, :2]
    above = (matte > 0) & (np.arange(len(matte))[:, None] < points[10, 1] - 6)
    dark[above] = (8, 1, 1)
    eye, cheek = points[33], points[234]
    ear = np.s_[int(eye[1]) : int(eye[1]) + 30, int(cheek[0]) - 25 : int(cheek[0]) - 2]
    # As much color for its lightness as the face: (L + 16) is 24 for 71.
    dark[ear] = (8, 20 * 24 / 71, 22 * 24 / 71)
    taken = np.where(above, matte, np.float32(0))
    taken[ear] = 1
    grayed = gray_hair(dark, taken, 1, astronaut_face)
    assert np.abs(grayed - dark)[ear].mean() < 0.2 * np.abs(grayed - dark)[above & (matte > 0.9)].mean()


def test_thin_hair_is_parted_into_strands(lab, matte, astronaut_face):
    x, y = astronaut_face.landmarks_px[10, :2]
    right = np.arange(lab.shape[1]) > x
    half = np.where(right, 0.5 * matte, matte)
    above = (matte > 0.3) & (np.arange(lab.shape[0])[:, None] < y - 6)
    hair = (matte > 0.9) & right & above
    black = np.where(above[..., None], np.float32([20, 1, 1]), np.float32([65, 15, 18]))
    deviations = [gray_hair(black, half, 1, astronaut_face, parted=parted)[hair][:, 0].std() for parted in (0.0, 1.0)]
    assert deviations[1] > 1.5 * deviations[0]


def test_black_hair_turns_gray_without_going_flat(lab, matte, astronaut_face):
    black = lab.copy()
    black[..., 0] *= 1 - 0.75 * matte
    grayed = gray_hair(black, matte, 1, astronaut_face)[matte > 0.8][:, 0]
    assert 35 < np.median(grayed) < 70
    assert grayed.std() > 4


def test_temples_gray_first(lab, matte, astronaut_face):
    change = np.abs(gray_hair(lab, matte, 0.3, astronaut_face) - lab).sum(axis=-1) / np.maximum(matte, 0.3)
    sides = change[60:110, 160:180][matte[60:110, 160:180] > 0.7].mean()
    crown = change[12:30, 205:240][matte[12:30, 205:240] > 0.7].mean()
    assert sides > 1.2 * crown


def test_gray_hair_gets_a_color_and_brown_hair_hardly(lab, matte, astronaut_face):
    silver = gray_hair(lab, matte, 1, astronaut_face)
    assert hair_grayness(silver, matte, astronaut_face) > 0.5
    assert hair_grayness(lab, matte, astronaut_face) < 0.3
    before = silver.copy()
    colored = pigment_hair(silver, matte, 1, astronaut_face)
    assert np.array_equal(silver, before)
    hair = matte > 0.8
    assert colored[hair][:, 0].mean() < silver[hair][:, 0].mean() - 8
    assert colored[hair][:, 2].mean() > silver[hair][:, 2].mean() + 4, "brown, not black"
    assert np.array_equal(colored[matte == 0], silver[matte == 0])
    brown = np.abs(pigment_hair(lab, matte, 1, astronaut_face) - lab)[hair].mean()
    assert brown < np.abs(colored - silver)[hair].mean() / 2
    assert np.array_equal(pigment_hair(silver, matte, 0, astronaut_face), silver)
    # Half of the color is strands that have it beside strands that have none.
    half, whole = (pigment_hair(silver, matte, amount, astronaut_face) - silver for amount in (0.5, 1))
    share = half[hair].sum(axis=1) / np.where(np.abs(whole[hair].sum(axis=1)) > 5, whole[hair].sum(axis=1), np.nan)
    assert 0.4 < np.nanmedian(share) < 0.6
    assert np.nanstd(share) > 0.08


def test_burnt_out_white_hair_gets_strands_and_no_bright_rim(lab, matte, astronaut_face):
    white = lab.copy()
    white[...] += (np.array([92, 0, 3], np.float32) - lab) * matte[..., None]
    # Light from behind: the rim is brighter still.
    rim = (matte > 0.3) & (matte < 0.95)
    white[rim, 0] = 97
    colored = pigment_hair(white, matte, 1, astronaut_face)
    assert colored[matte > 0.95][:, 0].std() > white[matte > 0.95][:, 0].std() + 1
    assert colored[(matte > 0.85) & rim][:, 0].mean() < 60
    assert (colored[..., 0] <= white[..., 0] + 0.01).all()


def test_beside_brown_skin_white_hair_turns_nearly_black(lab, matte, astronaut_face):
    points = np.round(astronaut_face.landmarks_px[:468, :2]).astype(np.int32)
    mesh = cv2.fillConvexPoly(np.zeros(matte.shape, np.uint8), cv2.convexHull(points), 1) > 0
    white = lab + (np.array([85, 0, 3], np.float32) - lab) * matte[..., None]
    hair = (matte > 0.95) & ~mesh
    fair, brown = white.copy(), white.copy()
    fair[mesh] = (75, 14, 16)
    brown[mesh] = (53, 14, 18)
    for x, y in points[[0, 17]]:
        # Teeth tell that the light is full.
        fair[y - 5 : y + 6, x - 8 : x + 9] = brown[y - 5 : y + 6, x - 8 : x + 9] = (90, 0, 5)
    after = [np.median(pigment_hair(one, matte, 1, astronaut_face)[hair][:, 0]) for one in (fair, brown)]
    assert after[1] < min(after[0] - 5, 22)


def test_faint_locks_of_white_hair_are_seen_once_it_is_dark(lab, matte, astronaut_face):
    locks = np.sin(np.arange(lab.shape[1], dtype=np.float32) / 1.5)[None, :] * matte
    white = lab + (np.array([85, 0, 3], np.float32) - lab) * matte[..., None]
    locked = white.copy()
    locked[..., 0] += 5 * locks
    hair = matte > 0.95
    plain, seen = (pigment_hair(one, matte, 1, astronaut_face)[..., 0] for one in (white, locked))
    ahead = np.corrcoef((seen - plain)[hair], locks[hair])[0, 1]
    assert ahead > 0.5
    assert (seen - plain)[hair].std() / plain[hair].mean() > 2 * (5 * locks)[hair].std() / 85


def test_color_reaches_the_skin_that_gray_hair_ends_at(lab, matte, astronaut_face):
    points = np.round(astronaut_face.landmarks_px[:468, :2]).astype(np.int32)
    mesh = cv2.fillConvexPoly(np.zeros(matte.shape, np.uint8), cv2.convexHull(points), 1) > 0
    # White hair brushed back from the forehead, but for a lock that the matte misses, and a white spot on the chin.
    combed = np.where(mesh, 0, matte).astype(np.float32)
    white = lab + (np.array([90, 0, 3], np.float32) - lab) * combed[..., None]
    white[mesh] = (62, 15, 18)
    x, top = points[10]
    lock, chin = np.s_[top + 2 : top + 9, x - 4 : x + 5], np.s_[158:164, 218:224]
    white[lock] = white[chin] = (90, 0, 3)
    grown = hair_beside_skin(white, combed, astronaut_face)
    assert grown.dtype == np.float32
    assert grown[lock][2:5, 2:7].mean() > 0.6
    assert grown[chin].max() < 0.1
    cheeks = points[[50, 280]]
    assert grown[cheeks[:, 1], cheeks[:, 0]].max() < 0.05
    # Beside darker gray hair the same spot is skin in the sun.
    gray = lab + (np.array([60, 0, 3], np.float32) - lab) * combed[..., None]
    gray[mesh] = (40, 15, 18)
    gray[lock] = (96, 0, 3)
    assert hair_beside_skin(gray, combed, astronaut_face)[lock][2:5, 2:7].max() < 0.1


def test_dark_hair_in_the_sun_is_not_gray(lab, matte, astronaut_face):
    black = lab.copy()
    hair = matte > 0.3
    black[hair] = (12, 1, 1)
    black[::3][hair[::3]] = (85, 1, 2)
    black[1::3][hair[1::3]] = (45, 1, 2)
    assert np.median(black[matte > 0.6][:, 0]) > 40
    assert hair_grayness(black, matte, astronaut_face) < 0.1


def test_in_yellow_light_gray_hair_is_yellow_too(lab, matte, astronaut_face):
    yellow = lab.copy()
    yellow[..., 1] = 0.05 * lab[..., 0]
    yellow[..., 2] = 0.3 * lab[..., 0] + 0.2 * np.maximum(lab[..., 2], 0)
    hair = matte > 0.8
    plain = gray_hair(lab, matte, 1, astronaut_face)[hair]
    lit = gray_hair(yellow, matte, 1, astronaut_face)[hair]
    assert (lit[:, 2] / lit[:, 0]).mean() > (plain[:, 2] / plain[:, 0]).mean() + 0.1


def test_a_bright_wall_beside_the_face_is_no_light_on_it(lab, matte, astronaut_face):
    dim = lab * np.array([0.4, 1, 1], np.float32)
    points = np.round(astronaut_face.landmarks_px[:468, :2]).astype(np.int32)
    walled = dim.copy()
    beside = cv2.fillConvexPoly(np.ones(matte.shape, np.uint8), cv2.convexHull(points), 0) > 0
    walled[beside & (matte == 0)] = (95, 0, 0)
    hair = matte > 0.95
    grays = [gray_hair(picture, matte, 1, astronaut_face)[hair][:, 0].mean() for picture in (dim, walled)]
    assert grays[1] == pytest.approx(grays[0], abs=1.5)


def test_the_guided_filter_keeps_a_constant_and_follows_an_edge():
    guide = np.zeros((40, 40, 3), np.float32)
    guide[:, 20:] = 1
    constant = apply_guided(guided_coefficients(np.full((40, 40), 0.4, np.float32), guide, 4, 1e-3), guide)
    assert np.allclose(constant, 0.4, atol=1e-3)
    soft = np.tile(np.clip((np.arange(40, dtype=np.float32) - 14) / 12, 0, 1), (40, 1))
    sharp = apply_guided(guided_coefficients(soft, guide, 4, 1e-3), guide)
    assert sharp[20, 20] - sharp[20, 19] > 0.3


def test_strands_run_with_the_stripes_and_noise_runs_with_the_strands():
    stripes = 50 + 20 * np.sin(np.arange(96, dtype=np.float32) * 1.2)[None, :].repeat(96, axis=0)
    directions = strand_directions(stripes, np.ones((96, 96), np.float32), 1.5, (48, -400))
    assert np.abs(directions[40:60, 40:60, 1]).mean() > 0.95
    noise = streak_noise(directions, 1.5, 3)
    assert noise.std() == pytest.approx(1, abs=0.01)
    along, across = np.abs(np.diff(noise, axis=0)).mean(), np.abs(np.diff(noise, axis=1)).mean()
    assert across > 2 * along
    assert np.array_equal(streak_noise(directions, 1.5, 3), noise)


def test_directions_have_unit_length_however_flat_or_straight_the_hair():
    rng = np.random.default_rng(5)
    for lightness in (np.zeros((64, 64)), np.tile(rng.uniform(0, 90, 64), (64, 1)), rng.uniform(0, 90, (64, 64))):
        directions = strand_directions(lightness.astype(np.float32), np.ones((64, 64), np.float32), 1.5, (32.0, 8.0))
        np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1, atol=1e-5)


def test_strands_are_even_along_their_length():
    down = np.dstack([np.zeros((160, 160)), np.ones((160, 160))]).astype(np.float32)
    noise = streak_noise(down, 1.0, 1)[20:-20]
    alike = [float((noise[lag:] * noise[: len(noise) - lag]).mean()) for lag in range(1, 10)]
    assert all(near > far for near, far in itertools.pairwise(alike)), "no ladder"
