"""Native models that the edits need."""

from __future__ import annotations

from transforms.person import PersonSegmenter


class EditModels:
    """Holds the person segmenter; for all threads."""

    def __init__(self) -> None:
        self.person = PersonSegmenter()
