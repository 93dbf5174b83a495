"""What to do to a face: strengths of the elementary edits, from one table over age and gender."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

import numpy as np


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
        Sagging of the old, or (negative) jowls, nose and lids lifted; craniofacial growth undone (a child's
        proportions).
    gender_shape : float
        Along the prototypes' difference of shape; positive is female, negative male.
    wrinkles, spots, mottling, age_tone : float
        Creases, pigment spots, uneven color, and the color an old skin has.
    smooth, even_tone, bloom : float
        Wrinkles and blemishes taken out; uneven color taken out; a child's light and rosy skin.
    shave, stubble : float
        Beard taken out; beard shadow put in.
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

    def beneath_long_hair(self) -> EditPlan:
        """Change the face by less: long hair turns what a face looks like, but costs a recognizer some of it too."""
        return self._shared(BENEATH_HAIR)

    def without_long_hair(self) -> EditPlan:
        """Change the face by more, since the hair that it was to get does not suit it."""
        return replace(self._shared(WITHOUT_HAIR), long_hair=0.0)

    def _shared(self, shares: Mapping[str, float]) -> EditPlan:
        return replace(self, **{name: getattr(self, name) * share for name, share in shares.items()})

    @property
    def is_identity(self) -> bool:
        """Whether the plan changes nothing."""
        return self == EditPlan()


ELEMENTARY_EDITS = tuple(field.name for field in fields(EditPlan))


class Look(Protocol):
    """What a person looks like now: `transforms.present.PresentLook`."""

    @property
    def age_years(self) -> float:
        """Apparent age."""

    @property
    def female_ratio(self) -> float:
        """0 looks male .. 1 looks female."""


AGE_RANGE = (1.0, 85.0)

OLD = EditPlan(
    age_shape_decades=3.2, sag=1.6, wrinkles=1.1, spots=0.8, mottling=0.6, age_tone=1.0, lips_pale=0.7, gray_hair=1.0
)
YOUNG = EditPlan(
    age_shape_decades=-2.4, sag=-0.7, smooth=1.0, even_tone=0.65, age_tone=-0.8, eye_contrast=0.9, gray_hair=-1.0
)
CHILD = EditPlan(age_tone=0.3, growth=0.7, smooth=0.8, shave=1.0, brows=-0.9, bloom=1.0)
FEMALE = EditPlan(
    gender_shape=0.43,
    smooth=0.24,
    even_tone=0.11,
    shave=1.0,
    gender_tone=1.13,
    makeup=0.9,
    brows=-1.19,
    long_hair=1.0,
)
MALE = EditPlan(
    gender_shape=-0.82,
    gender_tone=-1.65,
    makeup=-0.92,
    lips_pale=0.72,
    brows=1.35,
    stubble=1.15,
    wrinkles=0.28,
)
"""The table: what full strength is, over age and gender."""

BENEATH_HAIR = MappingProxyType(
    {"gender_shape": 0.15, "smooth": 0.0, "even_tone": 0.9, "gender_tone": 0.83, "makeup": 0.95, "brows": 0.5}
)
WITHOUT_HAIR = MappingProxyType({"gender_shape": 1.15, "gender_tone": 1.15, "makeup": 1.15, "brows": 1.15})
"""What is left of an edit of the face that longer hair hangs about: shape, smoothness and brows turn hardly more
there, and cost identity. And how much more of it a face needs that is to get longer hair, but cannot."""
TO_OLD_STRENGTH = 1.9
WOMANLY = EditPlan(gender_shape=0.2, gender_tone=0.45)
MANLY = EditPlan(gender_shape=-0.4, gender_tone=-0.88)
"""Creases and pale lips make women look like men, smooth skin and big eyes men like women: so much goes against it
with a full edit of age. By measure."""
_MANLY_YEARS, _MANLY_NEEDED = (40.0, 55.0), (0.7, 0.3)
ALREADY_THERE = 0.5
"""Strength of a gender edit of a face that looks that gender already."""
_MAYBE_THERE, _SURELY_THERE = 2.3, 4.0
"""Logits of the present look: some are taken for the other gender, so only who is surely there gets less."""
_USUAL_AWAY, _LEAST_AWAY, _PER_LOGIT = 6.5, 4.0, 0.035
_USUAL_YEARS, _PER_DECADE = 45.0, 0.14
_LEAST_NEEDED, _MOST_NEEDED = 0.75, 1.25
"""A face that looks its gender more turns less easily (r = 0.4 of its logit and the judgment); a young one loses its
identity sooner by the same change on the way to a woman (r = -0.5 of age and distance). By measure."""
_OLDER_YEARS, _OLDER = (0.0, 6.0, 10.0, 20.0, 30.0, 45.0, 60.0), (0.0, 0.55, 0.92, 1.55, 1.95, 2.15, 2.3)
_YOUNGER_YEARS, _YOUNGER = (0.0, 5.0, 10.0, 20.0, 30.0, 45.0), (0.0, 0.2, 0.45, 0.95, 1.3, 1.6)
"""The dial's strength over the years to go. By measure: judged age follows strength up to 65 and down to 20 years."""
_LAGGING_YEARS, _LAG, _LAGS_AFTER = (50.0, 65.0, 80.0), (0.0, 8.0, 13.0), 40.0
"""Old faces come only three quarters of the way: so many years more are asked of them, all of them where they go back
by so many. By measure."""
_MOST_SHAPED = 1.7
"""Beyond it a change of shape costs more identity than it gives age."""
_MOST_REJUVENATED = 1.2
"""Beyond it eyes and shape look drawn; skin goes on."""
_TENDER_YEARS, _TENDER = (20.0, 45.0), (0.8, 1.0)
"""The same creases count for more on a young face, in years as in identity."""
_GROWN_YEARS, _GROWN = (15.0, 26.0, 43.0), (0.15, 0.35, 1.0)
"""How much of a change of shape a young face takes on the way to a child."""
_LINED_YEARS, _LINED = (42.0, 56.0), (0.0, 0.2)
"""How much more of its lines an old skin loses on the way to a child."""
_PLAIN_YEARS, _PLAIN = (6.0, 13.0, 20.0, 30.0, 45.0), (1.0, 0.97, 0.92, 0.35, 0.0)
_OLD_SKIN_YEARS, _OLD_SKIN_PLAIN = (12.0, 27.0, 42.0), (0.0, 0.6, 0.9)
"""How far skin loses its hollows and pores, by the target's age, and by the years that the skin goes back."""
_GRAY_YEARS, _GRAY = (30.0, 45.0, 60.0, 75.0, 85.0), (0.0, 0.3, 0.8, 1.1, 1.3)
"""Hair grays by age, not by the years to go."""
_GROWTH_YEARS, _CHILDHOOD = (1.0, 6.0, 13.0, 20.0, 30.0, 45.0), (1.15, 1.0, 0.8, 0.48, 0.19, 0.0)
"""How much of a child's proportions an age has. Faces are grown at about 20 (Farkas 1994); the little that is left to
45 makes a young adult of an older one."""
_FRESH_YEARS, _FRESH = (1.0, 6.0, 13.0, 20.0, 30.0, 45.0), (1.05, 1.0, 0.95, 0.8, 0.3, 0.0)
"""How much of a child's bloom an age has: it lasts longer than the proportions."""
_BEARDED_YEARS = 26.0
"""Younger than this the dial takes beards off, by 18 altogether."""


def _scaled(plan: EditPlan, strength: float) -> EditPlan:
    return EditPlan(**{name: getattr(plan, name) * strength for name in ELEMENTARY_EDITS})


def _sum(*plans: EditPlan) -> EditPlan:
    return EditPlan(**{name: sum(getattr(plan, name) for plan in plans) for name in ELEMENTARY_EDITS})


KID = replace(
    _sum(_scaled(YOUNG, _MOST_REJUVENATED), CHILD),
    smooth=YOUNG.smooth + CHILD.smooth,
    even_tone=0.5 * YOUNG.even_tone,
    eye_contrast=1.45,
)
"""A child's features are as young as any; more of skin costs identity, evenness makes nobody younger. By measure."""


def plan_for(action: Action, target: float | None, present: Look) -> EditPlan:
    """Choose the strengths.

    Parameters
    ----------
    action : Action
    target : float or None
        Years (1..85) for V2_AGE; 0 male, 1 female for V2_GENDER; not used otherwise.
    present : Look
        What the person looks like now.

    Returns
    -------
    EditPlan
    """
    if action is Action.V2_AGE:
        if target is None or not AGE_RANGE[0] <= target <= AGE_RANGE[1]:
            raise ValueError("V2_AGE needs a target of 1 to 85 years")
        return _keeping_gender(_shaved(_age_plan(target, present.age_years), present), present)
    if action is Action.V2_GENDER:
        if target not in (0, 1):
            raise ValueError("V2_GENDER needs a target of 0 (male) or 1 (female)")
        return _gender_plan(target == 1, present)
    if action is Action.TO_OLD:
        return _keeping_gender(_scaled(OLD, TO_OLD_STRENGTH), present)
    if action is Action.TO_KID:
        # A child has its proportions already, and a young face loses its identity sooner by the same change.
        shape = _at(present.age_years, _GROWN_YEARS, _GROWN)
        kid = replace(
            KID,
            growth=KID.growth * (1 - 0.7 * _childhood(present.age_years)),
            age_shape_decades=KID.age_shape_decades * shape,
            sag=KID.sag * shape,
            smooth=KID.smooth + _at(present.age_years, _LINED_YEARS, _LINED),
        )
        return _keeping_gender(_shaved(kid, present), present)
    return _gender_plan(action is Action.TO_FEMALE, present)


def _age_plan(target_years: float, present_years: float) -> EditPlan:
    """Combine aging or rejuvenation of the skin, by the years to go, with growth, by the ages themselves."""
    if target_years >= present_years:
        # A child that grows up gets no wrinkles from the years before twenty-five.
        years = max(target_years - max(present_years, 25.0), 0.0)
        strength = _at(years, _OLDER_YEARS, _OLDER) * _at(present_years, _TENDER_YEARS, _TENDER)
        shape = min(strength, _MOST_SHAPED)
        older = replace(_scaled(OLD, strength), age_shape_decades=shape * OLD.age_shape_decades, sag=shape * OLD.sag)
        gray = _at(target_years, _GRAY_YEARS, _GRAY) * min(years / 10, 1.0)
        growth = _childhood(target_years) - _childhood(present_years)
        # Growing up is the same change turned round, but a child's small nose and chin are guessed, so not in full.
        return replace(older, gray_hair=gray, growth=0.6 * CHILD.growth * growth)
    boyish = min(max((_BEARDED_YEARS - target_years) / 8, 0.0), 1.0)
    lag = _at(present_years, _LAGGING_YEARS, _LAG) * min((present_years - target_years) / _LAGS_AFTER, 1.0)
    growth = _childhood(target_years - 0.5 * lag) - _childhood(present_years)
    target_years -= lag
    years = present_years - target_years
    strength = _at(years, _YOUNGER_YEARS, _YOUNGER)
    mild = min(strength, _MOST_REJUVENATED)
    younger = replace(
        _scaled(YOUNG, strength),
        age_shape_decades=mild * YOUNG.age_shape_decades,
        sag=mild * YOUNG.sag,
        eye_contrast=mild * YOUNG.eye_contrast,
    )
    plain = _at(target_years, _PLAIN_YEARS, _PLAIN) * min(years / 12, 1.0)
    plain = max(plain, _at(years, _OLD_SKIN_YEARS, _OLD_SKIN_PLAIN))
    fresh = _at(target_years, _FRESH_YEARS, _FRESH) - _at(present_years, _FRESH_YEARS, _FRESH)
    child = replace(_scaled(CHILD, boyish), growth=CHILD.growth * growth, bloom=CHILD.bloom * fresh)
    return replace(_sum(younger, child), smooth=min(younger.smooth, 1.0) + CHILD.smooth * plain)


def _at(value: float, points: Sequence[float], values: Sequence[float]) -> float:
    return float(np.interp(value, points, values))


def _childhood(years: float) -> float:
    """Return the share of a child's proportions: 1 at six years, 0 at 45."""
    return _at(years, _GROWTH_YEARS, _CHILDHOOD)


def _keeping_gender(plan: EditPlan, present: Look) -> EditPlan:
    """Keep women women as they grow old, and men men as they grow young."""
    woman = min(max(2 * present.female_ratio - 1, 0.0), 1.0)
    man = min(max(1 - 2 * present.female_ratio, 0.0), 1.0)
    older = plan.wrinkles / OLD.wrinkles
    younger = min(plan.smooth, 2.0) / 2
    # An old man stays a man without help, and what makes a man makes old.
    man *= _at(present.age_years, _MANLY_YEARS, _MANLY_NEEDED)
    # Dark hair at the jaw of who surely is a woman is no beard.
    plan = replace(plan, gray_beard=max(plan.gray_hair, 0.0) * (1 - _surely(_female_logit(present))))
    return _sum(plan, _scaled(WOMANLY, woman * older), _scaled(MANLY, man * younger))


def _gender_plan(to_female: bool, present: Look) -> EditPlan:
    away = -_female_logit(present) if to_female else _female_logit(present)
    needed = 1 + _PER_LOGIT * (max(away, _LEAST_AWAY) - _USUAL_AWAY)
    if to_female:
        needed += _PER_DECADE * (present.age_years - _USUAL_YEARS) / 10
    needed = min(max(needed, _LEAST_NEEDED), _MOST_NEEDED)
    strength = needed + (ALREADY_THERE - needed) * _surely(-away)
    plan = _scaled(FEMALE if to_female else MALE, strength)
    # Women keep their hair; half transparent hair is none.
    return _shaved(replace(plan, long_hair=float(to_female and not _surely(-away))), present)


def _shaved(plan: EditPlan, present: Look) -> EditPlan:
    """Shave fully who may be a man and little who surely is a woman: dark hair at a jaw is then no beard."""
    return replace(plan, shave=min(2.0 * plan.shave, 1.0) * (1 - 0.75 * _surely(_female_logit(present))))


def _female_logit(present: Look) -> float:
    ratio = min(max(present.female_ratio, 1e-6), 1 - 1e-6)
    return math.log(ratio / (1 - ratio))


def _surely(logit: float) -> float:
    return min(max((logit - _MAYBE_THERE) / (_SURELY_THERE - _MAYBE_THERE), 0.0), 1.0)
