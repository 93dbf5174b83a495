"""What of a head's crop is hair: a network of the project's own.

It learned from portraits whose dark hair a color model finds almost without fault, painted in every color, before
every background, in half shadow and under caps: `bench/train/hair`. So it tells fair hair from skin and hair from
shadow by place and run, where color alone cannot.
"""

from __future__ import annotations

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray
from quality.model_files import read_model
from quality.resting_net import RestingNet
from transforms.face.landmark_ids import OVAL
from transforms.head.head_crop import FACE_PX, crop_size_wh
from transforms.picture.color_models import SKIN_PATCHES, polygon_mask

NET_WH = (176, 208)
"""The crop, filled up to multiples of 16."""
# fmt: off
# Lower face and eyes up to the top of the brows: never hair, whatever its color (beards are not the net's).
BELOW_BROWS = (
    127, 70, 63, 105, 66, 107, 9, 336, 296, 334, 293, 300, 356, 454, 323, 361, 288, 397, 365, 379, 378,
    400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234,
)
# fmt: on
_CHEEK_PATCHES = SKIN_PATCHES[2:]


class HairNet:
    """A small U-Net over the upright crop of a head, for all threads: one call at a time."""

    def __init__(self) -> None:
        self._net = RestingNet(_read_net)

    def rest(self) -> None:
        """Let go of the net until it is used again."""
        self._net.rest()

    def hair_ratio(self, crop: ImageArray, person: FloatArray, inside: FloatArray, points: FloatArray) -> FloatArray:
        """Tell how much of each pixel is hair.

        Parameters
        ----------
        crop : ndarray, (h, w, 3) uint8, RGB
            The upright crop of `transforms.head.head_crop`.
        person, inside : ndarray, (h, w) float32
            Share of person, and of the picture: 0 beyond its border.
        points : ndarray, (478, 2)
            Landmarks in the crop.

        Returns
        -------
        ndarray, (h, w) float32
            0..1.
        """
        height, width = crop.shape[:2]
        color = np.ascontiguousarray(crop.transpose(2, 0, 1), dtype=np.float32) / 255
        oval, brows, cheeks = net_masks(points)
        skin = (color * cheeks).sum(axis=(1, 2)) / (cheeks.sum() + np.float32(1e-3))
        planes = np.zeros((1, 12, NET_WH[1], NET_WH[0]), np.float32)
        planes[0, :3, :height, :width] = color - 0.5
        planes[0, 3:6, :height, :width] = (color - skin[:, None, None]) * 2
        planes[0, 6:10, :height, :width] = person, inside, oval, brows
        planes[0, 10, :height, :width] = np.linspace(-1, 1, width, dtype=np.float32)
        planes[0, 11, :height, :width] = np.linspace(1, -1, height, dtype=np.float32)[:, None]
        with self._net.awake() as net:
            net.setInput(planes)
            ratio: FloatArray = net.forward()[0, 0, :height, :width].copy()
        return ratio


def net_masks(points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mesh, what is never hair, and patches of the skin's color, each (h, w) float32 on the crop."""
    size_wh = crop_size_wh(FACE_PX)
    cheeks = np.max([polygon_mask(points, patch, size_wh, 0) for patch in _CHEEK_PATCHES], axis=0)
    return polygon_mask(points, OVAL, size_wh, 0), polygon_mask(points, BELOW_BROWS, size_wh, 0), cheeks


def _read_net() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(np.frombuffer(read_model("hair_unet.onnx"), np.uint8))
