"""Lips that lose their red."""

from __future__ import annotations

import numpy as np

from quality.face import FloatArray
from transforms.face.face_view import FaceView
from transforms.picture.bounds import bounds

_LEAST_RED, _LEAST_DARK = 5.0, 7.0
"""Steps of a* above and of L below the skin that lips keep."""


def pale_lips(lab: FloatArray, unpainted: FloatArray, view: FaceView, strength: float) -> FloatArray:
    """Bring lips closer to the color of the skin; 1 takes most of their red, but lips remain lips.

    What other edits took from the lips of `unpainted` counts as taken: no lips grow as pale as the skin.
    """
    part = bounds(view.lips > 0)
    if strength <= 0 or part is None:
        return lab
    result = lab.copy(order="K")
    view, own, pale, unpainted = view.within(part), lab[part], result[part], unpainted[part]
    amount = view.lips * min(strength, 1.2)
    red = np.maximum(own[..., 1] - view.reference[1], 0)
    dark = np.clip(view.local_skin[..., 0] - 7 - own[..., 0], 0, 20)
    pale[..., 1] -= 0.6 * red * amount
    pale[..., 0] += 0.3 * dark * amount
    # The limits hold for the lips' own red and shade; lips paler than that keep what they have.
    least_red = np.minimum(unpainted[..., 1], view.reference[1] + _LEAST_RED)
    most_light = np.maximum(unpainted[..., 0], view.local_skin[..., 0] - _LEAST_DARK)
    pale[..., 1] += np.maximum(least_red - pale[..., 1], 0) * view.lips
    pale[..., 0] -= np.maximum(pale[..., 0] - most_light, 0) * view.lips
    return result
