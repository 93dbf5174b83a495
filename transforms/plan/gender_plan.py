"""Strengths by gender: changed as far as the face needs it, or kept while its age changes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from transforms.picture.ramp import ramp
from transforms.plan.edit_plan import EditPlan
from transforms.plan.look import Look
from transforms.plan.table import FEMALE, MALE, MANLY, OF_A_CHILD, OLD, WOMANLY

_MANLY_YEARS, _MANLY_NEEDED = (38.5, 52.0), (0.7, 0.3)
ALREADY_THERE = 0.5
"""Strength of a gender edit of a face that looks that gender already."""
_MAYBE_THERE, _SURELY_THERE = 2.3, 4.0
"""Logits of the present look: some are taken for the other gender, so only who is surely there gets less."""
_USUAL_AWAY, _LEAST_AWAY, _PER_LOGIT = 6.5, 4.0, 0.035
_USUAL_YEARS, _PER_DECADE = 43.0, 0.14
_LEAST_NEEDED, _MOST_NEEDED = 0.75, 1.25
"""A face that looks its gender more turns less easily (r = 0.4 of its logit and the judgment); a young one loses its
identity sooner by the same change on the way to a woman (r = -0.5 of age and distance). By measure."""

_GROWN_YEARS = 11.0, 17.0
"""From a child to who may wear a beard or make-up. Adults are hardly ever taken for younger."""

_LEAST_BEARDED, _MAYBE_BEARDED = 0.1, 0.35
"""Read by weights of other people, of 55 bearded training men 52 pass 0.12 and 49 a half; of 431 shaven men and women
15 and 3."""


def gender_plan(to_female: bool, present: Look) -> EditPlan:
    """Make a woman or a man, by what the face needs for it; who is one already is strengthened only."""
    away = -_female_logit(present) if to_female else _female_logit(present)
    needed = 1 + _PER_LOGIT * (max(away, _LEAST_AWAY) - _USUAL_AWAY)
    if to_female:
        needed += _PER_DECADE * (present.age_years - _USUAL_YEARS) / 10
    needed = min(max(needed, _LEAST_NEEDED), _MOST_NEEDED)
    strength = needed + (ALREADY_THERE - needed) * _surely(-away)
    grown = ramp(present.age_years, *_GROWN_YEARS)
    left = {name: share + (1 - share) * grown for name, share in OF_A_CHILD.items()}
    plan = (FEMALE if to_female else MALE).scaled(strength).shared(left)
    # Women keep their hair; half transparent hair is none.
    return shaved(replace(plan, long_hair=float(to_female and not _surely(-away))), present)


def keeping_gender(plan: EditPlan, present: Look, manly: EditPlan = MANLY) -> EditPlan:
    """Keep women women as they grow old, and men men, by `manly`, as they grow young."""
    woman = ramp(present.female_ratio, 0.5, 1)
    man = ramp(present.female_ratio, 0.5, 0)
    older = plan.wrinkles / OLD.wrinkles
    younger = min(plan.smooth, 2.0) / 2
    # An old man stays a man without help, and what makes a man makes old.
    man *= float(np.interp(present.age_years, _MANLY_YEARS, _MANLY_NEEDED))
    # Dark hair at the jaw of who surely is a woman is no beard.
    bearded = _bearded(present) * (1 - _surely(_female_logit(present)))
    plan = replace(plan, gray_beard=plan.gray_hair * bearded * (1 - min(plan.shave, 1.0)))
    return plan.plus(WOMANLY.scaled(woman * older), manly.scaled(man * younger))


def shaved(plan: EditPlan, present: Look) -> EditPlan:
    """Shave fully who may be a man and little who surely is a woman: dark hair at a jaw is then no beard."""
    bearded = _bearded(present)
    # Who is taken for a woman and has no beard is one.
    woman = _surely(_female_logit(present) + (1 - bearded) * _MAYBE_THERE)
    shave = min(2.0 * plan.shave, 1.0) * (1 - 0.75 * woman)
    # Half of a beard is a film: it goes as a whole, and what is not to be shaved yet is stubble.
    growing = max(1 - 0.75 * woman - shave, 0.0) * bearded if shave else 0.0
    shave += growing
    return replace(plan, shave=shave, beard_off=shave * bearded, stubble=plan.stubble + growing)


def _bearded(present: Look) -> float:
    """Tell whether to look for a beard at all, 0..1: where one is possible its pixels decide."""
    return ramp(present.bearded_ratio, _LEAST_BEARDED, _MAYBE_BEARDED)


def _female_logit(present: Look) -> float:
    ratio = min(max(present.female_ratio, 1e-6), 1 - 1e-6)
    return math.log(ratio / (1 - ratio))


def _surely(logit: float) -> float:
    return ramp(logit, _MAYBE_THERE, _SURELY_THERE)
