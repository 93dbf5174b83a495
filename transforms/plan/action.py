"""The vendor's actions."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """The vendor's actions."""

    TO_KID = "TO_KID"
    TO_OLD = "TO_OLD"
    TO_FEMALE = "TO_FEMALE"
    TO_MALE = "TO_MALE"
    V2_AGE = "V2_AGE"
    V2_GENDER = "V2_GENDER"
