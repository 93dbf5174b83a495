"""Which longer hair goes with a head: by the curl of its own hair, how light that is, and how the head is held.

Limits by eye, on public-domain portraits of men.
"""

from __future__ import annotations

import numpy as np

from quality.face import Face
from transforms.head.person import head_roll_deg
from transforms.long_hair.own_strands import OwnStrands

_CURLY_COHERENCE, _WAVY_COHERENCE, _LEAST_CONTRAST = 0.45, 0.62, 0.09
_GRAY_LIGHTNESS, _GRAY_CHROMA, _WHITE_LIGHTNESS = 33.0, 8.0, 55.0
_HELD_ASLANT_DEG, _TURNED_DEG = 12.0, 15.0

BY_KIND = {
    "aslant": ("bob",),
    "turned": ("parted",),
    "gray": ("bob",),
    "curly": ("curly",),
    "wavy": ("wavy", "parted"),
    "straight": ("wavy", "parted"),
    "unseen": ("parted",),
}
"""Hairdos for each kind of head; the face's own pattern tells which of them. Hair that hangs far down would hang
aslant with a head that is held so; curls and waves are smeared where they are to cover the far back of a turned one;
parted in the middle, hair makes an old man of a gray one, and leaves the top of a bald head free. The bob turns
judges less than longer ones at more distance: it is left where those do not suit."""


def hairdo_for(own: OwnStrands | None, face: Face, pattern: int) -> str:
    """Choose a hairdo.

    Parameters
    ----------
    own : OwnStrands or None
        None where too little of the own hair is seen.
    face : Face
    pattern : int
        Of the face: `transforms.face.face_window.pattern_of`.

    Returns
    -------
    str
        The name of one of `hairdo.hairdo`.
    """
    among = BY_KIND[_kind(own, face)]
    return among[pattern // 2 % len(among)]


def is_aslant(face: Face) -> bool:
    """Tell whether a head is held so that long hair would hang aslant with it."""
    return abs(head_roll_deg(face)) > _HELD_ASLANT_DEG


def _kind(own: OwnStrands | None, face: Face) -> str:
    if is_aslant(face):
        return "aslant"
    if abs(face.pose.yaw_deg) > _TURNED_DEG:
        return "turned"
    if own is None:
        return "unseen"
    if own.lab[0] > (_GRAY_LIGHTNESS if np.hypot(*own.lab[1:]) < _GRAY_CHROMA else _WHITE_LIGHTNESS):
        return "gray"
    seen = own.contrast_log > _LEAST_CONTRAST
    if seen and own.coherence < _CURLY_COHERENCE:
        return "curly"
    return "wavy" if seen and own.coherence < _WAVY_COHERENCE else "straight"
