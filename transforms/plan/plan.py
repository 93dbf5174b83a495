"""The plan of an action: which strengths, for whom."""

from __future__ import annotations

from transforms.plan.action import Action
from transforms.plan.age_plan import age_plan, kid_plan
from transforms.plan.edit_plan import EditPlan
from transforms.plan.gender_plan import gender_plan, keeping_gender, shaved
from transforms.plan.look import Look
from transforms.plan.table import BOYISH, OLD, TO_OLD_STRENGTH

AGE_RANGE = (1.0, 85.0)


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
        return keeping_gender(shaved(age_plan(target, present.age_years), present), present)
    if action is Action.V2_GENDER:
        if target not in (0, 1):
            raise ValueError("V2_GENDER needs a target of 0 (male) or 1 (female)")
        return gender_plan(target == 1, present)
    if action is Action.TO_OLD:
        return keeping_gender(OLD.scaled(TO_OLD_STRENGTH), present)
    if action is Action.TO_KID:
        return keeping_gender(shaved(kid_plan(present.age_years), present), present, BOYISH)
    return gender_plan(action is Action.TO_FEMALE, present)
