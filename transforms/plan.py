"""What to do to a face: strengths of the elementary edits, from one table over age and gender."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    """The vendor's actions."""

    TO_KID = "TO_KID"
    TO_OLD = "TO_OLD"
    TO_FEMALE = "TO_FEMALE"
    TO_MALE = "TO_MALE"
    V2_AGE = "V2_AGE"
    V2_GENDER = "V2_GENDER"


@dataclass(frozen=True)
class EditPlan:
    """Strengths of the elementary edits; 0 leaves the face as it is, 1 is the usual full strength.

    Attributes
    ----------
    age_shape_decades : float
        Decades along the prototypes' change of shape with age; negative is younger.
    sag, growth : float
        Sagging of the old; craniofacial growth undone (a child's proportions).
    gender_shape : float
        Along the prototypes' difference of shape; positive is female, negative male.
    wrinkles, spots, age_tone : float
        Creases, pigment spots, and the color an old skin has.
    smooth, even_tone : float
        Wrinkles and blemishes taken out; uneven color taken out.
    shave, stubble : float
        Beard taken out; beard shadow put in.
    gender_tone, makeup : float
        Color difference of the gender prototypes (positive female); lips, lashes, lid shadow and blush.
    lips_pale, brows : float
        Less red lips; heavier (positive) or lighter (negative) brows.
    gray_hair : float
        Graying of hair and brows.
    """

    age_shape_decades: float = 0.0
    sag: float = 0.0
    growth: float = 0.0
    gender_shape: float = 0.0
    wrinkles: float = 0.0
    spots: float = 0.0
    age_tone: float = 0.0
    smooth: float = 0.0
    even_tone: float = 0.0
    shave: float = 0.0
    stubble: float = 0.0
    gender_tone: float = 0.0
    makeup: float = 0.0
    lips_pale: float = 0.0
    brows: float = 0.0
    gray_hair: float = 0.0

    def only(self, name: str) -> EditPlan:
        """Keep one elementary edit; raise ValueError for an unknown name."""
        if name not in ELEMENTARY_EDITS:
            raise ValueError(f"unknown elementary edit {name!r}; one of {', '.join(ELEMENTARY_EDITS)}")
        return replace(EditPlan(), **{name: getattr(self, name)})

    @property
    def is_identity(self) -> bool:
        """Whether the plan changes nothing."""
        return self == EditPlan()


ELEMENTARY_EDITS = tuple(field.name for field in fields(EditPlan))
