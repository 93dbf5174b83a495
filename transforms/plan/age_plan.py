"""Strengths by age: the dial, over the years to go and the ages themselves, and a child as its fixed point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from transforms.picture.ramp import ramp
from transforms.plan.edit_plan import EditPlan
from transforms.plan.table import CHILD, KID, MOST_REJUVENATED, OLD, YOUNG

_OLDER_YEARS, _OLDER = (0.0, 6.0, 10.0, 20.0, 30.0, 45.0, 60.0), (0.0, 0.55, 0.92, 1.6, 2.1, 2.5, 2.7)
_YOUNGER_YEARS, _YOUNGER = (0.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0), (0.0, 0.25, 0.55, 1.1, 1.4, 1.65, 1.8)
"""The dial's strength over the years to go. By measure: judged age follows strength up to 65 and down to 20 years."""
_LAGGING_YEARS, _LAG, _LAGS_AFTER = (50.0, 62.0, 80.0), (0.0, 12.0, 16.0), 30.0
"""Old faces come only two thirds of the way: so many years more are asked of them, all of them where they go back
by so many. By measure."""
_MOST_SHAPED = 1.7
"""Beyond it a change of shape costs more identity than it gives age."""
_MOST_PATCHED = 2.1
"""Beyond it spots and uneven pigment look like dirt. By eye."""
_TENDER_YEARS, _TENDER = (20.0, 43.0), (0.85, 1.0)
"""The same creases count for more on a young face, in years as in identity."""
_GROWN_YEARS, _GROWN = (15.0, 26.0, 41.0), (0.15, 0.35, 1.0)
"""How much of a change of shape a young face takes on the way to a child."""
_SMALLER_YEARS, _SMALLER = (48.0, 68.0), (1.0, 1.4)
"""How much of a child's proportions who is so old gets on the way to one: the old would be young adults."""
_LINED_YEARS, _LINED = (40.0, 53.0), (0.0, 0.2)
"""How much more of its lines an old skin loses on the way to a child."""
_PLAIN_YEARS, _PLAIN = (6.0, 13.0, 20.0, 30.0, 45.0), (1.0, 0.97, 0.92, 0.35, 0.0)
_OLD_SKIN_YEARS, _OLD_SKIN_PLAIN = (12.0, 27.0, 42.0), (0.0, 0.6, 0.9)
"""How far skin loses its hollows and pores, by the target's age, and by the years that the skin goes back."""
_GRAY_YEARS, _GRAY = (30.0, 45.0, 60.0, 75.0, 85.0), (0.0, 0.3, 0.8, 1.1, 1.3)
"""Hair is gray by age, not by the years to go."""
_GRAYS_IN_YEARS = 15.0
"""But dark hair does not turn gray in a few years. By eye."""
_GROWTH_YEARS, _CHILDHOOD = (1.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0), (1.4, 1.2, 0.92, 0.6, 0.33, 0.14, 0.0)
"""How much of a child's proportions an age has. Faces are grown at about 20 (Farkas 1994); the little that is left to
45 makes a young adult of an older one."""
_FRESH_YEARS, _FRESH = (1.0, 6.0, 13.0, 20.0, 30.0, 45.0), (1.05, 1.0, 0.95, 0.8, 0.3, 0.0)
"""How much of a child's bloom an age has: it lasts longer than the proportions."""
_BEARDED_YEARS = 26.0
"""Younger than this the dial takes beards off, and their stubble until 22."""


def age_plan(target_years: float, present_years: float) -> EditPlan:
    """Combine aging or rejuvenation of the skin, by the years to go, with growth, by the ages themselves."""
    if target_years >= present_years:
        # A child that grows up gets no wrinkles from the years before twenty-five.
        years = max(target_years - max(present_years, 25.0), 0.0)
        strength = _at(years, _OLDER_YEARS, _OLDER) * _at(present_years, _TENDER_YEARS, _TENDER)
        shape, patches = min(strength, _MOST_SHAPED), min(strength, _MOST_PATCHED)
        older = replace(
            OLD.scaled(strength),
            age_shape_decades=shape * OLD.age_shape_decades,
            sag=shape * OLD.sag,
            spots=patches * OLD.spots,
            mottling=patches * OLD.mottling,
        )
        gray = _at(target_years, _GRAY_YEARS, _GRAY) * min(years / _GRAYS_IN_YEARS, 1.0)
        growth = _childhood(target_years) - _childhood(present_years)
        # Growing up is the same change turned round, but a child's small nose and chin are guessed, so not in full.
        return replace(older, gray_hair=gray, growth=0.6 * CHILD.growth * growth)
    # Old hair grows dark again as far as it is usual at that age, not by the years that the skin goes back.
    dark = 1 - min(_at(target_years, _GRAY_YEARS, _GRAY), 1.0)
    boyish = ramp(target_years, _BEARDED_YEARS, _BEARDED_YEARS - 8)
    lag = _at(present_years, _LAGGING_YEARS, _LAG) * min((present_years - target_years) / _LAGS_AFTER, 1.0)
    growth = _childhood(target_years - 0.5 * lag) - _childhood(present_years)
    target_years -= lag
    years = present_years - target_years
    strength = _at(years, _YOUNGER_YEARS, _YOUNGER)
    mild = min(strength, MOST_REJUVENATED)
    younger = replace(
        YOUNG.scaled(strength),
        age_shape_decades=mild * YOUNG.age_shape_decades,
        sag=mild * YOUNG.sag,
        eye_contrast=mild * YOUNG.eye_contrast,
        gray_hair=dark * strength * YOUNG.gray_hair,
    )
    plain = _at(target_years, _PLAIN_YEARS, _PLAIN) * min(years / 12, 1.0)
    plain = max(plain, _at(years, _OLD_SKIN_YEARS, _OLD_SKIN_PLAIN))
    fresh = _at(target_years, _FRESH_YEARS, _FRESH) - _at(present_years, _FRESH_YEARS, _FRESH)
    child = replace(CHILD.scaled(boyish), growth=CHILD.growth * growth, bloom=CHILD.bloom * fresh)
    return replace(younger.plus(child), smooth=min(younger.smooth, 1.0) + CHILD.smooth * plain)


def kid_plan(present_years: float) -> EditPlan:
    """Make a child: who is one has its proportions, and a young face loses its identity sooner by the same change."""
    shape = _at(present_years, _GROWN_YEARS, _GROWN)
    return replace(
        KID,
        growth=KID.growth * (1 - 0.7 * _childhood(present_years)) * _at(present_years, _SMALLER_YEARS, _SMALLER),
        age_shape_decades=KID.age_shape_decades * shape,
        sag=KID.sag * shape,
        smooth=KID.smooth + _at(present_years, _LINED_YEARS, _LINED),
    )


def _at(value: float, points: Sequence[float], values: Sequence[float]) -> float:
    return float(np.interp(value, points, values))


def _childhood(years: float) -> float:
    """Return the share of a child's proportions: 1 at nine years, 0 at 45."""
    return _at(years, _GROWTH_YEARS, _CHILDHOOD)
