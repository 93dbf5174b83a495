"""Native models that the edits need: one instance a thread, and tables drawn before the first request."""

from __future__ import annotations

from transforms.beard import stubble_layer
from transforms.face_window import PATTERNS
from transforms.person import PersonSegmenter
from transforms.spots import mottle_layer, spot_layer
from transforms.wrinkles import crease_layer, line_layer


class EditModels:
    """Holds the person segmenter. Not safe to share between threads: one instance a thread."""

    def __init__(self) -> None:
        self.person = PersonSegmenter()
        # Drawn once a process and kept: the first edit shall not be slower than the others.
        for layer in (crease_layer, line_layer, stubble_layer):
            layer()
        for pattern in range(PATTERNS):
            mottle_layer(pattern)
            spot_layer(pattern)
