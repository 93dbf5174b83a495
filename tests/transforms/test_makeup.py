from __future__ import annotations

from dataclasses import replace

import numpy as np

from transforms.features.makeup import add_makeup


def made_up_lips(seen, skin_lab, lips_lab):
    """Lips of one color in skin of another, made up: their mean."""
    lab, view = seen
    picture, skin = np.empty_like(lab), np.array(skin_lab, np.float32)
    picture[:] = skin
    picture[view.lips > 0] = lips_lab
    view = replace(view, local_skin=np.broadcast_to(skin, lab.shape), reference=skin, color_need=1.0)
    return add_makeup(picture, view, 1.0)[view.lips > 0.9].mean(axis=0)


def test_lips_of_dark_skin_are_hardly_darker_than_it_and_of_fair_skin_are(seen):
    dark, _, _ = made_up_lips(seen, (46, 18, 20), (36, 20, 16))
    fair, _, _ = made_up_lips(seen, (76, 16, 16), (60, 22, 14))
    assert dark > 0.85 * 46
    assert 0.66 * 76 < fair < 0.74 * 76


def test_lips_that_are_red_get_little_redder(seen):
    skin = (70.0, 15.0, 16.0)
    pale, red = (made_up_lips(seen, skin, (60, 15 + above, 14))[1] - skin[1] for above in (5, 20))
    assert pale > 15
    assert 20 <= red < 22


def test_dark_lips_are_not_purple(seen):
    _, red, yellow = made_up_lips(seen, (55, 18, 20), (38, 30, 6))
    assert yellow > 0.35 * red
    _, red, yellow = made_up_lips(seen, (55, 14, -2), (38, 26, -4))
    assert yellow < -1, "the light is blue"


def test_lash_lines_lose_their_color_as_they_darken(seen):
    lab, view = seen
    skin = np.array((65, 18, 20), np.float32)
    plain = np.empty_like(lab)
    plain[:] = skin
    view = replace(
        view, local_skin=np.broadcast_to(skin, lab.shape), reference=skin, skin_like=np.zeros_like(view.face)
    )
    made_up = add_makeup(plain, view, 1.0)
    lashes = (plain[..., 0] - made_up[..., 0] > 10) & (view.lips == 0)
    assert lashes.sum() > 50
    share = (made_up[lashes] / skin).T
    assert (share[1] < 0.92).all()
    np.testing.assert_allclose(share[1], share[2], atol=1e-3)


def test_paint_is_taken_off_lips_and_lips_without_it_stay(seen):
    lab, view = seen
    skin = np.array((70, 15, 16), np.float32)
    view = replace(view, local_skin=np.broadcast_to(skin, lab.shape), reference=skin)
    lips = view.lips > 0.9
    for own, least, most in (((52, 38, 2), (22, 7), (27, 10)), ((60, 20, 13), (20, 13), (20, 13))):
        picture = np.empty_like(lab)
        picture[:] = skin
        picture[view.lips > 0] = own
        bare = add_makeup(picture, view, -1.0)[lips].mean(axis=0)
        assert (np.array(least) - 0.1 <= bare[1:]).all()
        assert (bare[1:] <= np.array(most) + 0.1).all()
