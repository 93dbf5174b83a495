"""The table: what full strength is, over age and gender."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from transforms.plan.edit_plan import EditPlan

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
MOST_REJUVENATED = 1.2
"""Beyond it eyes and shape look drawn; skin goes on."""
KID = replace(
    YOUNG.scaled(MOST_REJUVENATED).plus(CHILD),
    smooth=YOUNG.smooth + CHILD.smooth,
    even_tone=0.5 * YOUNG.even_tone,
    eye_contrast=1.4,
    age_tone=-0.8,
    sag=1.7 * YOUNG.sag,
    bloom=0.6,
    brows=-0.4,
)
"""A child's features are as young as any; more of skin costs identity. Evenness, fine brows and more bloom make
nobody younger and cost identity too. By measure."""
TO_OLD_STRENGTH = 1.95

WOMANLY = EditPlan(gender_shape=0.2, gender_tone=0.45)
MANLY = EditPlan(gender_shape=-0.4, gender_tone=-0.88)
"""Creases and pale lips make women look like men, smooth skin and big eyes men like women: so much goes against it
with a full edit of age. By measure."""
BOYISH = EditPlan(gender_shape=-0.24, gender_tone=-1.05)
"""The same for a child: a man's color keeps a boy at a third of the years that a man's shape costs. By measure."""

BENEATH_HAIR = MappingProxyType(
    {"gender_shape": 0.15, "smooth": 0.0, "even_tone": 0.9, "gender_tone": 0.83, "makeup": 0.95, "brows": 0.5}
)
WITHOUT_HAIR = MappingProxyType({"gender_shape": 1.15, "gender_tone": 1.15, "makeup": 1.15, "brows": 1.15})
"""What is left of an edit of the face that longer hair hangs about: shape, smoothness and brows turn hardly more
there, and cost identity. And how much more of it a face needs that is to get longer hair, but cannot."""
OF_A_CHILD = MappingProxyType(
    {"stubble": 0.0, "wrinkles": 0.0, "gender_tone": 0.3, "lips_pale": 0.5, "brows": 0.5, "makeup": 0.3}
)
"""What is left of a change of gender on a child: no girl grows a beard, and no boy paints his face. By eye."""
