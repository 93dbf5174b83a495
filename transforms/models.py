"""Native models that the edits need: one instance a thread."""

from __future__ import annotations

from transforms.person import PersonSegmenter


class EditModels:
    """Holds the person segmenter. Not safe to share between threads: one instance a thread."""

    def __init__(self) -> None:
        self.person = PersonSegmenter()
