"""Portraits cut round by a frame of one color, as profile pictures are: they mislead who looks for people in them.

Round a disc the segmenter takes all of it for a person. With the disc mirrored at its rim over the frame it sees a
portrait again.

Source: the circle through the rim by linear least squares, Kasa 1976 (IEEE Transactions on Instrumentation and
Measurement 25). Limits by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from quality.face import FloatArray, ImageArray

_SAME_COLOR = 10
"""Levels that a frame's color varies by, a file's compression included."""
_LEAST_CORNERS, _CORNER_PX = 2, 3
_LEAST_RIM_PX, _MOST_RIM, _LEAST_FRAMED = 40, 2.0, 0.02
"""Length of a rim, the most of it against the picture's height and width together, and the least share of a frame."""
_RIM_AWAY_PX, _MOST_WRONG = 2.0, 0.01
"""How far nearly all of a rim may lie from the circle, and the share of pixels on the wrong side of it: what is flat
about a head in a studio has no such rim."""
_INSIDE_PX = 2.0
"""The outermost pixels of a disc are mixed with the frame."""


@dataclass(frozen=True, eq=False)
class RoundFrame:
    """A frame of one color about a disc.

    Attributes
    ----------
    away_px : ndarray, (h, w) float32
        Distance from the rim in heights of a pixel, positive on the frame.
    center_px : tuple of float
        x, y of the disc's middle.
    aspect : float
        Width of a pixel by its height, in a picture that was stretched.
    """

    away_px: FloatArray
    center_px: tuple[float, float]
    aspect: float

    @property
    def inside(self) -> FloatArray:
        """1 on the disc, 0 on the frame, (h, w) float32."""
        return np.asarray(np.clip(0.5 - self.away_px, 0, 1), np.float32)

    def covered(self, image: ImageArray) -> ImageArray:
        """Mirror the disc over the frame of a picture, (h, w, 3) uint8."""
        height, width = self.away_px.shape
        x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
        dx, dy = x - np.float32(self.center_px[0]), y - np.float32(self.center_px[1])
        beyond = np.maximum(self.away_px + np.float32(_INSIDE_PX), 0)
        back = 2 * beyond / np.maximum(np.hypot(dx * np.float32(self.aspect), dy), 1)
        mirrored: ImageArray = cv2.remap(
            image, x - dx * back, y - dy * back, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return mirrored


def find_round_frame(image: ImageArray, aspect: float = 1.0) -> RoundFrame | None:
    """Find the frame about a portrait that is cut round; None for any other picture.

    Parameters
    ----------
    image : ndarray, (h, w, 3) uint8, RGB
    aspect : float
        Width of a pixel by its height.

    Returns
    -------
    RoundFrame or None
    """
    height, width = image.shape[:2]
    frame = _one_color(image)
    if frame is None:
        return None
    rows, columns = np.nonzero(cv2.dilate(frame, np.ones((3, 3), np.uint8)) & (1 - frame))
    inner = (rows > 0) & (rows < height - 1) & (columns > 0) & (columns < width - 1)
    x, y = columns[inner] * aspect, rows[inner].astype(np.float64)
    if not _LEAST_RIM_PX <= len(x) <= _MOST_RIM * (height + width):
        return None
    (a, b, c), *_ = np.linalg.lstsq(np.column_stack([2 * x, 2 * y, np.ones_like(x)]), x * x + y * y, rcond=None)
    radius = float(np.sqrt(max(c + a * a + b * b, 0)))
    if np.percentile(np.abs(np.hypot(x - a, y - b) - radius), 90) > _RIM_AWAY_PX:
        return None
    rows, columns = np.ogrid[:height, :width]
    away = (np.hypot(columns * aspect - a, rows - b) - radius).astype(np.float32)
    wrong = ((away > 0) != (frame > 0)) & (np.abs(away) > _RIM_AWAY_PX)
    return RoundFrame(away, (float(a) / aspect, float(b)), aspect) if wrong.mean() < _MOST_WRONG else None


def _one_color(image: ImageArray) -> ImageArray | None:
    """Return what has the color of at least two corners, (h, w) uint8; None where no two are flat and alike."""
    near, far = slice(0, _CORNER_PX), slice(-_CORNER_PX, None)
    corners = [image[rows, columns].reshape(-1, 3).astype(int) for rows in (near, far) for columns in (near, far)]
    colors = [corner.mean(axis=0) for corner in corners if (np.ptp(corner, axis=0) <= _SAME_COLOR).all()]
    for color in colors:
        if sum(bool((np.abs(other - color) <= _SAME_COLOR).all()) for other in colors) >= _LEAST_CORNERS:
            low, high = (np.clip(color + step, 0, 255) for step in (-_SAME_COLOR, _SAME_COLOR))
            frame = (cv2.inRange(image, low, high) > 0).view(np.uint8)
            return frame if frame.mean() > _LEAST_FRAMED else None
    return None
