"""Portraits as crops of the head with what is known of their hair: the teacher of the net.

The teacher is the color model that found hair before the net did (`teacher.py`). Against an even background it finds
dark hair almost without fault, and dark hair can be painted in any color: that makes the samples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from bench.train.hair.teacher import hair_matte
from quality.face import FloatArray, ImageArray
from quality.landmarker import FaceLandmarker
from transforms.hair.hair_net import BELOW_BROWS
from transforms.head.head_crop import FACE_PX, crop_map, crop_positions, crop_size_wh, to_crop_points, warp_area
from transforms.head.person import PersonSegmenter
from transforms.picture.color_models import polygon_mask

_CHEEKS = (50, 280, 101, 330, 205, 425)
_MAX_SIDE_PX = 800
_DARK = 0.62
"""Hair of less than this share of the cheeks' lightness is surely told from skin."""
_BADGE_RGB = (78, 106, 114)
"""Round portraits on this teal: where they are cut the teacher errs."""
# fmt: off
_MISTAKEN = frozenset((
    "A000055", "C000537", "C001068", "C001069", "C001110", "D000096", "D000600", "G000568", "G000597", "H001095",
    "I000058", "J000294", "K000402", "L000560", "M000312", "M001177", "M001194", "N000015", "N000189", "R000612",
    "S000510", "S001199", "T000467", "V000130", "V000135", "W000814", "charles-borges", "david-gibian",
    "dennis-chornenky", "jonathan-roberts", "joshua-patterson", "matthew-law", "nevin-taylor", "robert-goldel",
))
# fmt: on
"""By eye: the teacher overlooks white, thin or cropped hair, or takes a cap or a bald head for hair."""
_COVERED = frozenset(("A000370", "O000173"))
"""A hat and a headscarf that the teacher takes for hair: there is none to see."""


@dataclass(frozen=True, eq=False)
class Portrait:
    """One head on the crop of `transforms.head.head_crop`; (h, w) planes are float32, 0..1.

    Attributes
    ----------
    name : str
        The file, without its ending.
    rgb : ndarray, (h, w, 3) uint8
    person, inside, hair : ndarray, (h, w)
        Share of person, of the picture (0 beyond its border), of hair.
    points : ndarray, (478, 2) float32
    """

    name: str
    rgb: ImageArray
    person: FloatArray
    inside: FloatArray
    hair: FloatArray
    points: FloatArray


def portraits(folders: Iterable[Path]) -> list[Portrait]:
    """Read all portraits whose hair the teacher finds, or finds to be none."""
    landmarker, segmenter = FaceLandmarker(), PersonSegmenter()
    found = []
    for path in sorted(path for folder in folders for path in folder.iterdir()):
        if path.suffix.lower() not in {".jpg", ".png"} or path.stem in _MISTAKEN:
            continue
        picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        picture.thumbnail((_MAX_SIDE_PX, _MAX_SIDE_PX), Image.Resampling.LANCZOS)
        image = np.ascontiguousarray(picture)
        faces = landmarker.find_faces(image)
        if not faces or np.abs(image[2, 2].astype(int) - _BADGE_RGB).max() < 25:
            continue
        person = segmenter.person_near(image, faces[0])
        matte = hair_matte(image, faces[0], person, faces[1:])
        to_crop, size = crop_map(faces[0], FACE_PX), crop_size_wh(FACE_PX)
        scale = float(np.hypot(*to_crop[0, :2]))
        if scale < 1:
            matte = cv2.GaussianBlur(matte, (0, 0), 0.45 / scale)
        planes = [cv2.warpAffine(plane, to_crop, size) for plane in (person, np.ones_like(person), matte)]
        points = to_crop_points(faces[0], to_crop).astype(np.float32)
        portrait = Portrait(path.stem, warp_area(image, to_crop, size), planes[0], planes[1], planes[2], points)
        hair = portrait.hair * 0 if path.stem in _COVERED else _to_the_fringe(portrait)
        if hair is not None:
            found.append(Portrait(path.stem, portrait.rgb, planes[0], planes[1], hair, points))
    landmarker.close()
    return found


def _to_the_fringe(portrait: Portrait) -> FloatArray | None:
    """Grow dark hair over the forehead, where the teacher stops; None where it cannot be trusted."""
    size = crop_size_wh(FACE_PX)
    lab = cv2.cvtColor(portrait.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    at = np.clip(np.round(portrait.points[list(_CHEEKS)]).astype(int), 0, np.array(size) - 1)
    skin = float(np.median(lab[at[:, 1], at[:, 0], 0]))
    matte = portrait.hair
    sure = matte > 0.7
    if int(sure.sum()) < 150:
        return matte if float(matte.sum()) < 5 else None
    hair = float(np.median(lab[..., 0][sure]))
    if hair > _DARK * skin:
        return matte
    dark = np.clip((0.72 * skin - lab[..., 0]) / max(0.72 * skin - 1.1 * hair, 6), 0, 1) * portrait.person
    dark = dark * (1 - polygon_mask(portrait.points, BELOW_BROWS, size, 1.0))
    allowed = (dark > 0.35) & (crop_positions()[1] > 0.02)
    _, labels = cv2.connectedComponents((allowed | (matte > 0.5)).astype(np.uint8))
    own = np.unique(labels[matte > 0.6])
    near = cv2.dilate((matte > 0.4).astype(np.uint8), np.ones((27, 27), np.uint8)) > 0
    grown: FloatArray = np.maximum(matte, dark * (np.isin(labels, own[own > 0]) & near & allowed))
    return grown.astype(np.float32)
