from __future__ import annotations

import cv2
import numpy as np

from transforms.face.skin_texture import skin_texture

EYES_PX = 90.0


def cheeks(deviation, blur_px=0.0, fold=False):
    """Two patches of skin with noise, lit from one side."""
    noise = np.random.default_rng(3).standard_normal((60, 160)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), blur_px) if blur_px else noise
    lab = np.dstack(
        [
            70 + np.linspace(-15, 15, 160) + deviation * noise / noise.std(),
            np.full((60, 160), 12),
            np.full((60, 160), 16),
        ]
    )
    if fold:
        lab[28:31, :, 0] -= 25
    weight = np.zeros((60, 160), np.float32)
    weight[10:50, 10:60] = weight[10:50, 100:150] = 1
    return lab.astype(np.float32), weight


def fineness(plane):
    return np.abs(np.diff(plane, axis=1)).mean() / plane.std()


def test_texture_is_as_strong_and_as_fine_as_the_cheeks_own():
    for deviation, blur_px in ((2.0, 0.0), (1.0, 1.2)):
        lab, weight = cheeks(deviation, blur_px)
        texture = skin_texture(lab, weight, EYES_PX, (300, 280))
        assert texture.shape == (280, 300, 3)
        assert abs(texture[..., 0].mean()) < 0.1
        assert 0.6 * deviation < texture[..., 0].std() < 1.3 * deviation
        own = lab[10:50, 10:60, 0] - cv2.GaussianBlur(lab[10:50, 10:60, 0], (0, 0), 5)
        assert 0.7 < fineness(texture[..., 0]) / fineness(own) < 1.4


def test_colors_follow_only_where_the_cheeks_do():
    lab, weight = cheeks(2.0)
    assert np.abs(skin_texture(lab, weight, EYES_PX, (64, 64))[..., 1:]).max() < 0.05
    lab[..., 1] += 0.5 * (lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 5))
    texture = skin_texture(lab, weight, EYES_PX, (256, 256))
    assert np.corrcoef(texture[..., 0].ravel(), texture[..., 1].ravel())[0, 1] > 0.8


def test_a_fold_in_the_cheek_leaves_no_stripes():
    lab, weight = cheeks(1.0, fold=True)
    texture = skin_texture(lab, weight, EYES_PX, (256, 256))[..., 0]
    down, across = np.abs(np.diff(texture, axis=0)).mean(), np.abs(np.diff(texture, axis=1)).mean()
    assert 0.85 < down / across < 1.18


def test_without_a_cheek_there_is_none():
    lab, weight = cheeks(2.0)
    assert not skin_texture(lab, 0 * weight, EYES_PX, (20, 10)).any()
