from __future__ import annotations

import cv2
import numpy as np
import pytest

from transforms.beard.hung_stubble import HungStubble
from transforms.beard.stubble import add_stubble
from transforms.beard.stubble_hairs import face_axes, grow_hairs
from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.picture.lab import lab_of


def seen(picture, landmarks, cover=None):
    window = face_window(landmarks, *picture.shape[:2])
    lab = lab_of(picture[window.rows, window.columns])
    return lab, view_face(lab, window, exposure(window, cover))


def drawn(hairs, shape):
    """Return the share of a pixel that lies under a hair, in a picture of the hairs' own pixels."""
    return hairs.drawn((0, 0), (shape[1], shape[0]), 0.5) / np.float32(255)


def grown(lab, view, strength):
    """Return the window with the shadow and the hairs before it."""
    shaded, stubble = add_stubble(lab, view, strength, 1.0)
    share = stubble.cover * drawn(stubble.hairs, stubble.cover.shape)
    return shaded + (stubble.lab - shaded) * share[..., None]


@pytest.fixture(scope="module")
def large(astronaut, astronaut_face):
    """The face twice as large: hairs are wider than a pixel."""
    landmarks = astronaut_face.landmarks_px.copy() * 2
    return cv2.resize(astronaut, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), landmarks


def at(plane, view, landmarks, vertex, reach=5):
    x, y = landmarks[vertex, :2] - (view.window.columns.start, view.window.rows.start)
    return plane[round(y) - reach : round(y) + reach + 1, round(x) - reach : round(x) + reach + 1]


def test_stubble_is_made_of_hairs_on_chin_and_lip_and_thins_out_up_the_cheeks(large):
    picture, landmarks = large
    lab, view = seen(picture, landmarks)
    change = (grown(lab, view, 1.0) - lab)[..., 0]
    chin, lip, low_cheek, high_cheek, brow = (at(change, view, landmarks, k) for k in (199, 164, 207, 50, 9))
    assert chin.mean() < -4
    assert lip.mean() < -2
    assert chin.mean() < low_cheek.mean() < high_cheek.mean() + 1e-6
    assert abs(high_cheek.mean()) < 0.5
    assert abs(brow).max() == 0
    # Dark hairs beside skin that is hardly touched, not a veil.
    assert np.percentile(chin, 5) < 2 * np.percentile(chin, 90) < 0


def test_stubble_goes_over_the_jaw_onto_a_shaded_neck_but_not_onto_a_hand_in_the_light(large):
    picture, landmarks = large
    lab, view = seen(picture, landmarks)
    neck = (view.throat > 0.5) & (view.skin_like > 0.5)
    assert neck.sum() > 100
    for light, share in ((0.85, 0.2), (1.1, 0.0)):
        lit = lab.copy()
        below = view.throat > 0.05
        lit[below] = view.local_skin[below] * np.array([light, 1, 1], np.float32)
        changed = np.abs(grown(lit, view, 1.0) - lit)[..., 0] > 0.5
        # The jaw's own stubble fades out over its rim, and the tip of a hair may lie beyond.
        beyond = neck & (view.stubble < 0.02)
        assert beyond.sum() > 50
        assert changed[beyond].mean() >= share
        if not share:
            assert changed[beyond].mean() < 0.01


def test_nothing_grows_on_and_beside_what_covers_the_chin(large):
    picture, landmarks = large
    cover = np.zeros((96, 96), np.float32)
    cover[60:, 48:] = 1
    lab, view = seen(picture, landmarks, cover)
    changed = np.abs(grown(lab, view, 1.5) - lab).sum(axis=2) > 0.05
    assert not at(changed, view, landmarks, 430).any()
    assert at(changed, view, landmarks, 210).any()


def test_hairs_hang_down_the_face_however_it_is_turned(large):
    picture, landmarks = large
    lengths = []
    for angle in (0.0, 90.0):
        turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), angle, 1.0)
        turned = landmarks.copy()
        turned[:, :2] = landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
        rotated = cv2.warpAffine(picture, turn, (picture.shape[1], picture.shape[0]), borderMode=cv2.BORDER_REPLICATE)
        _, view = seen(rotated, turned)
        hairs = grow_hairs((view.stubble > 0.3).astype(np.float32), view, face_axes(view), 1.0)
        assert 0.1 < hairs.covered < 0.6
        along = hairs.lines[:, 1] - hairs.lines[:, 0]
        lengths.append(np.abs(along).mean(axis=0))
        seen_lengths = drawn(hairs, view.stubble.shape)
        down, across = (np.abs(np.diff(seen_lengths, axis=axis)).mean() for axis in (0, 1))
        assert (across > 1.05 * down) == (angle == 0)
    assert lengths[0][1] > 1.5 * lengths[0][0]
    assert lengths[1][0] > 1.5 * lengths[1][1]


def test_small_faces_keep_a_fainter_shadow_without_coarse_hairs(astronaut, astronaut_face, large):
    spreads, means = [], []
    small = cv2.resize(astronaut, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    for picture, landmarks in (large, (small, astronaut_face.landmarks_px * 0.5)):
        lab, view = seen(picture, landmarks)
        change = (grown(lab, view, 1.0) - lab)[..., 0]
        hairs = change - cv2.GaussianBlur(change, (0, 0), 2)
        spreads.append(hairs[view.stubble > 0.6].std())
        means.append(change[view.stubble > 0.6].mean())
    assert spreads[1] < 0.75 * spreads[0]
    assert 0.4 * means[0] > means[1] > 0.75 * means[0]


def test_hairs_keep_apart(large):
    picture, landmarks = large
    _, view = seen(picture, landmarks)
    full = np.ones(view.stubble.shape, np.float32)
    hairs = grow_hairs(full, view, face_axes(view), 1.0)
    inner = cv2.resize(drawn(hairs, full.shape), None, fx=1 / 12, fy=1 / 12, interpolation=cv2.INTER_AREA)[1:-1, 1:-1]
    assert inner.mean() == pytest.approx(hairs.covered, rel=0.35)
    # Thrown at random they gave 0.15.
    assert inner.std() < 0.1 * inner.mean()


def test_hairs_of_a_reduced_face_are_as_fine_as_the_full_picture_and_as_many(large):
    _, view = seen(*large)
    full = np.ones(view.stubble.shape, np.float32)
    height, width = (4 * side for side in full.shape)
    here, there = (grow_hairs(full, view, face_axes(view), scale) for scale in (1.0, 0.25))
    fine = there.drawn((0, 0), (width, height), 0.5)
    coarse = cv2.resize(here.drawn((0, 0), full.shape[::-1], 0.5), (width, height))
    assert there.px_per_mm == 4 * here.px_per_mm
    assert len(there.lines) >= len(here.lines)
    blurred = [cv2.GaussianBlur(layer, (0, 0), 1.5).std() / layer.std() for layer in (fine, coarse)]
    assert blurred[0] < 0.7 < 0.8 < blurred[1]


def test_pieces_show_what_the_whole_shows(large):
    lab, view = seen(*large)
    _, stubble = add_stubble(lab, view, 1.0, 0.5)
    height, width = (2 * side for side in view.stubble.shape)
    behind, hair = np.full((height, width, 3), 200, np.uint8), np.full((height, width, 3), 30, np.uint8)
    alpha = np.full((height, width), 255, np.uint8)
    hung = HungStubble(hair, alpha, stubble.hairs, 0.5).no_sharper(2.0, 1.0)
    whole = hung.over(behind, hair, alpha, (0, 0), 0.5)
    assert whole.min() < 150
    y, x, side = height // 2, width // 3, 90
    piece = (slice(y, y + side), slice(x, x + side))
    shown = hung.over(behind[piece], hair[piece], alpha[piece], (x, y), 0.5)
    assert np.abs(shown.astype(int) - whole[piece]).max() <= 2
