"""How much of a face something else covers: a map in the canonical frame, and its share of each region.

MediaPipe invents landmarks under any cover, so this is told from pixels, by a network of the project's own. Its
data, training, error and faults: `docs/occlusion.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.canonical import canonical_frame
from quality.face import Face, FloatArray, ImageArray
from quality.model_files import read_model
from quality.regions import REGION_NAMES, region_masks
from quality.resting_net import RestingNet

COVER_SIZE_PX = 96
"""Side of the canonical frame in which cover is told."""
COVERED_RATIO = 0.45
"""A pixel above this is covered. The value that errs least on synthetic covers kept out of training."""


@dataclass(frozen=True, eq=False)
class CoverMap:
    """What covers a face.

    Attributes
    ----------
    ratio : ndarray, (S, S) float32, read-only
        In `canonical_frame(S)`: 0 = the face is visible, 1 = something else covers it. 0 outside the mesh.
    """

    ratio: FloatArray


class OcclusionNet:
    """A small U-Net over the canonical frame, for all threads: one call at a time.

    Trained by this project on synthetic covers of public-domain portraits: `bench/train/occlusion`.
    """

    def __init__(self) -> None:
        self._net = RestingNet(_read_net)

    def rest(self) -> None:
        """Let go of the net until it is used again."""
        self._net.rest()

    def cover(self, image: ImageArray, face: Face) -> CoverMap:
        """Map what covers a face.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB
        face : Face

        Returns
        -------
        CoverMap
        """
        frame = canonical_frame(COVER_SIZE_PX)
        seen, mirrored = _net_inputs(frame.warp(image, face.landmarks_px))
        # Two readings, as seen and mirrored, err less than one, and leave no preferred side.
        ratio = (self._read(seen) + _mirrored(self._read(mirrored))) / 2
        ratio[~frame.valid] = 0
        ratio.setflags(write=False)
        return CoverMap(ratio)

    def _read(self, planes: FloatArray) -> FloatArray:
        with self._net.awake() as net:
            net.setInput(planes[None])
            ratio: FloatArray = net.forward()[0, 0].copy()
        return ratio


def _read_net() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(np.frombuffer(read_model("face_cover_unet.onnx"), np.uint8))


def _net_inputs(picture: ImageArray) -> tuple[FloatArray, FloatArray]:
    """Nine planes, 0 outside the mesh, as seen and mirrored: (9, S, S) float32 each.

    Colors, colors against the face's own median and spread, place across and down, the mesh.
    """
    valid = canonical_frame(COVER_SIZE_PX).valid
    color = np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32) / 255
    inside = color[:, valid]
    middle = np.median(inside, axis=1)[:, None, None]
    spread = inside.std() + np.float32(0.05)
    place = np.arange(COVER_SIZE_PX, dtype=np.float32) / COVER_SIZE_PX * 2 - 1
    seen = np.empty((9, COVER_SIZE_PX, COVER_SIZE_PX), np.float32)
    seen[:3] = color - 0.5
    seen[3:6] = (color - middle) * (0.5 / spread)
    seen[6], seen[7], seen[8] = place, place[:, None], 1
    mirrored = seen.copy()
    mirrored[:6] = _mirrored(seen[:6])
    return seen * valid, mirrored * valid


def _mirrored(planes: FloatArray) -> FloatArray:
    """Mirror about the frame's middle, which is the center of column S / 2."""
    return np.roll(planes[..., ::-1], 1, axis=-1)


def region_occlusion(cover: CoverMap) -> dict[str, float]:
    """Return the covered share of each region.

    Returns
    -------
    dict of str to float
        Keys are `REGION_NAMES` (left and right of the picture); 0 = visible, 1 = wholly covered.
    """
    masks = region_masks(cover.ratio.shape[0])
    return {name: float((cover.ratio[masks[name]] > COVERED_RATIO).mean()) for name in REGION_NAMES}
