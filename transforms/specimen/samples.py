"""A handful of generated faces as JPEG files, for demonstrations."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from transforms.specimen.identity import identity
from transforms.specimen.mean_portraits import NAMES
from transforms.specimen.photograph import photograph
from transforms.specimen.scene import draw_scene

TITLES = {
    "woman_30": "A young woman",
    "man_30": "A young man",
    "woman_52": "A woman",
    "man_52": "A man",
    "woman_70": "An old woman",
    "man_70": "An old man",
    "woman_dark": "A woman with dark skin",
    "man_dark": "A man with dark skin",
}
"""Who is drawn, by the name of the portrait."""


@dataclass(frozen=True)
class SampleFace:
    """A generated face: `name` for files and addresses, `title` for people, `jpeg` of 480x600 px."""

    name: str
    title: str
    jpeg: bytes


def sample_faces(seed: int = 0) -> tuple[SampleFace, ...]:
    """Draw eight faces, nobody's: young and old, female and male, of several skin tones.

    Takes some tenths of a second for each face; the caller keeps the result. Deterministic by `seed`.
    """
    faces = []
    for portrait in NAMES:
        person = identity(seed, portrait)
        image = photograph(draw_scene(person)).image
        name = portrait.replace("_", "-")
        encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
        faces.append(SampleFace(name, TITLES[portrait], encoded.tobytes()))
    return tuple(faces)
