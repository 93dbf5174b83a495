"""Samples from portraits: hair in any color and cut, beside skin and cloth, before anything, in any light.

Odds by eye.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bench.train.hair import hairdos
from bench.train.hair.headwear import headwear, scarf
from bench.train.hair.painted import Head, cloth_lab, unit_rgb
from bench.train.hair.photograph import background, lit, mistaken, photographed, placed
from bench.train.hair.portraits import Portrait
from bench.train.hair.skin_beside import ears, hand
from quality.face import FloatArray, ImageArray
from transforms.head.head_crop import FACE_PX, crop_positions


@dataclass(frozen=True, eq=False)
class Sample:
    """As `Portrait`, drawn anew; `trust` (h, w) tells how far `hair` is to be believed, 0..1."""

    rgb: ImageArray
    person: FloatArray
    inside: FloatArray
    hair: FloatArray
    trust: FloatArray
    points: FloatArray


@dataclass(frozen=True, eq=False)
class Props:
    """What is not of portraits: pictures of at least the crop's size to stand behind, fabrics, hands."""

    pictures: Sequence[ImageArray]
    fabrics: Sequence[ImageArray]
    hands: Sequence[tuple[FloatArray, FloatArray]]


def draw(rng: np.random.Generator, portrait: Portrait, neighbor: Portrait, props: Props) -> Sample:
    """Draw one sample, now and then with a neighbor behind."""
    head = _head_of(portrait)
    if rng.random() < 0.3:
        # As the portrait is, in any color: most heads are so.
        head = hairdos.dyed(rng, head) if head.has_hair and rng.random() < 0.7 else head
        head = _dressed(rng, head, props) if rng.random() < 0.5 else head
    else:
        head = _worn(rng, _grown(rng, head, props), props)
    rgb = unit_rgb(head.lab)
    front = np.clip((np.maximum(head.person, head.hair) - 0.3) / 0.6, 0, 1)
    if rng.random() < 0.8:
        rgb = rgb + (background(rng, props.pictures, head) - rgb) * (1 - front[..., None])
    rgb, person = (_beside(rng, rgb, head.person, front, neighbor)) if rng.random() < 0.3 else (rgb, head.person)
    rgb = lit(rng, rgb.astype(np.float32), front)
    planes, points = placed(rng, (rgb, person, portrait.inside, head.hair, head.trust), head.points)
    person = mistaken(rng, planes[1])
    return Sample(photographed(rng, planes[0]), person, planes[2], planes[3], planes[4], points)


def _head_of(portrait: Portrait) -> Head:
    """Doubt the teacher where its hair has the skin's color, and where it left out what has the hair's."""
    lab: FloatArray = cv2.cvtColor(portrait.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    head = Head(lab, portrait.hair, portrait.person, np.ones_like(portrait.hair), portrait.points)
    smooth = cv2.GaussianBlur(lab, (0, 0), 0.8)

    def like(color: FloatArray) -> FloatArray:
        away = (smooth - color.astype(np.float32)) / np.float32((10, 5, 6))
        return np.asarray(np.exp(-0.5 * np.einsum("ijk,ijk->ij", away, away)), np.float32)

    doubt = like(head.skin_lab) * portrait.hair
    if head.has_hair:
        near = cv2.GaussianBlur(cv2.dilate(portrait.hair, np.ones((13, 13), np.uint8)), (0, 0), 2)
        doubt = np.maximum(doubt, like(head.hair_lab) * (1 - portrait.hair) * near * portrait.person)
    return Head(lab, head.hair, head.person, 1 - np.clip(1.5 * doubt, 0, 1), head.points)


def _grown(rng: np.random.Generator, head: Head, props: Props) -> Head:
    """Turn the head, and dress its hair and itself."""
    if head.has_hair and rng.random() < 0.75:
        head = hairdos.dyed(rng, head)
    if rng.random() < 0.5:
        head = _dressed(rng, head, props)
    bare = not head.has_hair or rng.random() < 0.08
    if head.has_hair and rng.random() < 0.08:
        head = hairdos.cropped(rng, head)
    if rng.random() < 0.3:
        head = hairdos.turned(rng, head)
        if rng.random() < 0.7:
            inward = -rng.uniform(0.0, 0.28)
            head = ears(rng, head, (inward, 0.0) if rng.random() < 0.5 else (0.0, inward))
    elif rng.random() < 0.35:
        head = ears(rng, head)
    if bare:
        return hairdos.shaven(rng, head)
    for dress, odds in (
        (hairdos.bushy, 0.2),
        (hairdos.long, 0.2),
        (hairdos.piled, 0.08),
        (hairdos.fringed, 0.2),
        (hairdos.graded, 0.2),
    ):
        if head.has_hair and rng.random() < odds:
            head = dress(rng, head)
    return head


def _worn(rng: np.random.Generator, head: Head, props: Props) -> Head:
    if rng.random() < 0.12:
        head = hairdos.bearded(rng, head)
    if rng.random() < 0.24:
        head = headwear(rng, head, props.fabrics)
    if rng.random() < 0.15:
        head = scarf(rng, head, props.fabrics)
    if rng.random() < 0.2:
        head = hand(rng, head, props.hands)
        if rng.random() < 0.4:
            head = hand(rng, head, props.hands)
    return head


def _dressed(rng: np.random.Generator, head: Head, props: Props) -> Head:
    """Clothes of another color and weave, now and then that of the skin or of hair."""
    _, v = crop_positions()
    away = np.abs(head.lab - head.skin_lab.astype(np.float32)) / (25, 8, 9)
    cloth = (away.max(axis=2) > 1) & (v < -0.65)
    share = cv2.GaussianBlur(cloth.astype(np.float32), (0, 0), 1.0) * head.person * (1 - head.hair)
    shade = 1 + (head.lab[..., 0] - 40) * rng.uniform(0.005, 0.015)
    near = head.hair_lab if head.has_hair and rng.random() < 0.7 else head.skin_lab
    painted = cloth_lab(rng, shade, near, props.fabrics)
    lab = head.lab + (painted - head.lab) * share[..., None]
    return Head(lab.astype(np.float32), head.hair, head.person, head.trust, head.points)


def _beside(
    rng: np.random.Generator, rgb: FloatArray, person: FloatArray, front: FloatArray, neighbor: Portrait
) -> tuple[FloatArray, FloatArray]:
    """Put a neighbor behind: standing higher it shows the shoulder, not the head."""
    height, width = person.shape
    scale, aside = rng.uniform(0.8, 1.6), rng.choice((-1, 1)) * rng.uniform(0.75, 1.6) * FACE_PX
    middle = np.array([width / 2, 1.2 * FACE_PX])
    to = middle * (1 - scale) + (aside * max(scale, 1), rng.uniform(-1.3, 0.6) * FACE_PX)
    shift = np.array([[scale, 0, to[0]], [0, scale, to[1]]])
    theirs = cv2.warpAffine(np.maximum(neighbor.person, neighbor.hair), shift, (width, height))
    picture = neighbor.rgb.astype(np.float32) / 255
    picture = cv2.warpAffine(picture, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    behind = np.clip((theirs - 0.3) / 0.6, 0, 1) * (1 - front)
    return rgb + (picture - rgb) * behind[..., None], np.maximum(person, theirs)
