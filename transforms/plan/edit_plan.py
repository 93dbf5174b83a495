"""The strengths of the elementary edits of one face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class EditPlan:
    """Strengths of the elementary edits; 0 leaves the face as it is, 1 is the usual full strength.

    Attributes
    ----------
    age_shape_decades : float
        Decades along the prototypes' change of shape with age; negative is younger.
    sag, growth : float
        Sagging of the old, or (negative) jowls, nose and lids lifted; craniofacial growth undone (a child's
        proportions).
    gender_shape : float
        Along the prototypes' difference of shape; positive is female, negative male.
    wrinkles, spots, mottling, age_tone : float
        Creases, pigment spots, uneven color, and the color an old skin has.
    smooth, even_tone, bloom : float
        Wrinkles and blemishes taken out; uneven color taken out; a child's light and rosy skin.
    shave, stubble : float
        Beard shadow taken out of the face, and put in.
    beard_off : float
        A beard taken off, up to `shave`: with it the neck and jaw that it hides.
    gender_tone, makeup : float
        Color difference of the gender prototypes (positive female); lips, lashes, lid shadow and blush,
        or (negative) lighter lash lines and lids.
    eye_contrast : float
        Darker lashes and irises, clearer whites.
    lips_pale, brows : float
        Less red lips; heavier (positive) or lighter (negative) brows.
    gray_hair : float
        Graying of hair, brows and short beards; negative gives gray hair its color back.
    gray_beard : float
        Graying of a beard that hides the skin.
    long_hair : float
        Longer hair about the head.
    """

    age_shape_decades: float = 0.0
    sag: float = 0.0
    growth: float = 0.0
    gender_shape: float = 0.0
    wrinkles: float = 0.0
    spots: float = 0.0
    mottling: float = 0.0
    age_tone: float = 0.0
    smooth: float = 0.0
    even_tone: float = 0.0
    bloom: float = 0.0
    shave: float = 0.0
    stubble: float = 0.0
    beard_off: float = 0.0
    gender_tone: float = 0.0
    makeup: float = 0.0
    eye_contrast: float = 0.0
    lips_pale: float = 0.0
    brows: float = 0.0
    gray_hair: float = 0.0
    gray_beard: float = 0.0
    long_hair: float = 0.0

    def only(self, name: str) -> EditPlan:
        """Keep one elementary edit; raise ValueError for an unknown name."""
        if name not in ELEMENTARY_EDITS:
            raise ValueError(f"unknown elementary edit {name!r}; one of {', '.join(ELEMENTARY_EDITS)}")
        return replace(EditPlan(), **{name: getattr(self, name)})

    def scaled(self, strength: float) -> EditPlan:
        """Multiply every strength."""
        return EditPlan(**{name: getattr(self, name) * strength for name in ELEMENTARY_EDITS})

    def plus(self, *others: EditPlan) -> EditPlan:
        """Add the strengths of other plans."""
        return EditPlan(**{name: sum(getattr(plan, name) for plan in (self, *others)) for name in ELEMENTARY_EDITS})

    def shared(self, shares: Mapping[str, float]) -> EditPlan:
        """Multiply each strength that is named by its share."""
        return replace(self, **{name: getattr(self, name) * share for name, share in shares.items()})

    @property
    def is_identity(self) -> bool:
        """Whether the plan changes nothing."""
        return self == EditPlan()

    @property
    def beard_kept(self) -> float:
        """How much of a beard stays as the hair changes color, 0..1; 0 where none is or the hair keeps its color."""
        return min(max(self.gray_beard / self.gray_hair, 0.0), 1.0) if self.gray_hair else 0.0

    @property
    def reaches_beyond_face(self) -> bool:
        """Whether it must be known where somebody is around the face."""
        return bool(self.shave or self.gray_hair or self.gray_beard or self.growth or self.long_hair)


ELEMENTARY_EDITS = tuple(field.name for field in fields(EditPlan))
