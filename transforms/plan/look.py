"""What a plan needs to know of a person."""

from __future__ import annotations

from typing import Protocol


class Look(Protocol):
    """What a person looks like now: `transforms.look.present.PresentLook`."""

    @property
    def age_years(self) -> float:
        """Apparent age."""

    @property
    def female_ratio(self) -> float:
        """0 looks male .. 1 looks female."""

    @property
    def bearded_ratio(self) -> float:
        """0 a shaven chin .. 1 a bearded one."""
