from __future__ import annotations

import cv2
import numpy as np

from transforms.beard.facial_hair import find_facial_hair
from transforms.beard.hairiness import blond_hair
from transforms.beard.neck_light import NECK_LIGHT, beneath_rim, chin_shade, jaw_light
from transforms.face.exposure import exposure
from transforms.face.face_view import view_face
from transforms.face.face_window import face_window
from transforms.picture.lab import lab_of


def haired(picture, points, brightness):
    """Rough hairs of a brightness, and hardly any color, in the polygon of these points."""
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1.0)
    hairs = np.random.default_rng(0).normal(0, 40, picture.shape[:2]).astype(np.float32)
    hairs = np.clip(brightness + cv2.GaussianBlur(hairs, (0, 0), 0.6), 0, 255)[..., None].repeat(3, axis=2)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)[..., None]
    return (picture * (1 - soft) + hairs * soft).astype(np.uint8)


def amount_at(picture, face, vertices):
    """How much is taken for hairs at each of these vertices, and how full a beard it is."""
    window = face_window(face.landmarks_px, *picture.shape[:2])
    lab = lab_of(picture[window.rows, window.columns])
    found = find_facial_hair(lab, view_face(lab, window, exposure(window, None)), np.zeros(lab.shape[:2], np.float32))
    amount = cv2.resize(found.amount, lab.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    at = face.landmarks_px[list(vertices), :2] - (window.columns.start, window.rows.start)
    return amount[tuple(np.round(at[:, ::-1]).astype(int).T)], found.fullness


def test_a_moustache_goes_with_its_ends_beside_the_nose(astronaut, astronaut_face):
    points = astronaut_face.landmarks_px[:, :2]
    outline = points[[203, 98, 2, 327, 423, 426, 410, 291, 0, 61, 186, 206]]
    ends = (206, 426)
    before, _ = amount_at(astronaut, astronaut_face, ends)
    after, fullness = amount_at(haired(astronaut, outline, 60), astronaut_face, ends)
    assert fullness < 0.5
    assert (after > before + 0.3).all()


def test_light_hairs_amid_a_full_beard_go_as_well(astronaut, astronaut_face):
    points = astronaut_face.landmarks_px[:, :2]
    jaw = points[[205, 132, 172, 150, 152, 379, 397, 361, 425]]
    bearded = haired(astronaut, jaw, 60)
    x, y = points[18].round().astype(int)
    gap = np.s_[y : y + 13, x - 15 : x + 16]
    bearded[gap] = cv2.GaussianBlur(astronaut, (0, 0), 2)[gap] + np.uint8(12)
    amount, fullness = amount_at(bearded, astronaut_face, (200,))
    assert fullness == 1
    assert (amount > 0.9).all()


def test_the_rim_of_a_shaven_chin_keeps_its_shade(astronaut, astronaut_face):
    shaded = astronaut.astype(np.float32)
    points = astronaut_face.landmarks_px[:, :2]
    height = float(np.linalg.norm(points[10] - points[152]))
    rows = np.arange(len(shaded))[:, None, None]
    shaded *= 1 - 0.5 / (1 + np.exp((points[152, 1] - 0.04 * height - rows) / 1.5))
    amount, fullness = amount_at(shaded.astype(np.uint8), astronaut_face, (175, 396))
    assert fullness < 0.5
    assert (amount < 0.6).all()


def test_light_falls_below_the_rim_of_a_chin_and_rises_down_the_neck():
    beyond = np.linspace(-0.1, 0.3, 41, dtype=np.float32)[None]
    light = jaw_light(NECK_LIGHT * chin_shade(beyond), beneath_rim(beyond))[0]
    darkest = int(light.argmin())
    assert -0.02 <= beyond[0, darkest] <= 0.02
    assert light[darkest] < 0.65 * light[0]
    assert (np.diff(light[: darkest + 1]) <= 0).all()
    assert (np.diff(light[darkest:]) >= 0).all()
    assert light[-1] > 0.95 * NECK_LIGHT


def test_blond_hair_is_yellower_than_skin_in_any_light():
    skin, hair = np.array([62.0, 20, 20], np.float32), np.array([62.0, 14, 36], np.float32)
    blush = skin + np.array([-4, 8, 2], np.float32)

    def found(color):
        return float(blond_hair(np.full((9, 9, 3), color, np.float32), skin)[4, 4])

    for light in (1.0, 0.6):
        assert found(light * hair) == 1
        assert found(light * skin) == found(light * blush) == 0
