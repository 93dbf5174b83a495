"""Native models that the edits need."""

from __future__ import annotations

from transforms.hair.hair_net import HairNet
from transforms.head.person import PersonSegmenter


class EditModels:
    """Holds the person segmenter and the hair net; for all threads."""

    def __init__(self) -> None:
        self.person = PersonSegmenter()
        self.hair = HairNet()

    def rest(self) -> None:
        """Let go of the nets until they are used again."""
        self.person.rest()
        self.hair.rest()
