"""A face as a vector of numbers in which age and gender are nearly linear.

Three groups come from the canonical frame, so that pose and size drop out: the shape of the mesh, gradients (HOG;
Dalal and Triggs, CVPR 2005) of the locally normalized lightness, and low-pass tone against the cheeks. Left and right
are averaged, each weighted by how well it is seen: a mirrored picture gives the same vector, and a hidden or
turned-away half counts little. A fourth group is what lies about the face (`head_colors`): hair grays. Two more
groups are inner layers of the mesh net: what it learned of skin and features in order to place landmarks tells age
too (linear probes; Alain and Bengio 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from quality.canonical import CanonicalFrame, canonical_frame
from quality.face import MESH_VERTICES, Face, FloatArray, ImageArray
from quality.face_mesh import ACTIVATION_SIZES, FaceMesh
from transforms.look.frontal_shape import symmetric_shape_cm
from transforms.look.head_colors import COLORS_SIZE, head_colors

FRAME_PX = 128
CELLS = 16
"""Cells along a side of the frame; a feature is kept for each cell of one half."""
HOG_CELLS = 8
HOG_BINS = 8
_NORMALIZING_SIGMA_PX = 16.0
_CHEEK_VERTICES = (50, 280, 205, 425)
_CHEEK_RADIUS_PX = 9
_MIN_VIEW = 0.3
_MIN_FACE_VIEW = 0.3
_BRIGHT_LEVEL = 0.85
_EPSILON = 1e-6

GROUP_SIZES = (
    MESH_VERTICES * 3,
    HOG_CELLS**2 // 2 * HOG_BINS,
    CELLS**2 // 2 * 3,
    COLORS_SIZE,
    *ACTIVATION_SIZES,
)
"""Lengths of the groups: shape, gradients, tone, what is about the face, and two layers of activations."""


@dataclass(frozen=True, eq=False)
class LookFeatures:
    """The vector and what of it was seen.

    Attributes
    ----------
    values : ndarray, (5220,) float32
    is_seen : ndarray, (5220,) bool
        False where both halves of the face are covered or outside the picture, and for activations where most of it
        is: take the average face's value.
    """

    values: FloatArray
    is_seen: FloatArray


def look_features(
    image: ImageArray, face: Face, mesh: FaceMesh, cover_ratio: FloatArray | None = None
) -> LookFeatures:
    """Measure a face.

    Parameters
    ----------
    image : ndarray, (H, W, 3) uint8, RGB
    face : Face
        In pixels of `image`.
    mesh : FaceMesh
        Lends its activations.
    cover_ratio : ndarray, (S, S) float32, optional
        Share covered by something else, in the canonical frame of any size; 0 visible .. 1 covered.

    Returns
    -------
    LookFeatures
    """
    frame = canonical_frame(FRAME_PX)
    lab = _canonical_lab(image, face, frame)
    view = _view_ratio(image, face, frame, cover_ratio)
    skin = np.median(lab[_cheek_mask()], axis=0)
    grids = (
        _gradients(lab[..., 0], frame),
        _tone(lab, skin, frame),
    )
    values = [symmetric_shape_cm(face)]
    seen = [np.ones(values[0].size, bool)]
    for grid in grids:
        side = grid.shape[0]
        weights = cv2.resize(view, (side, side), interpolation=cv2.INTER_AREA)
        folded, is_seen = _fold(grid, weights)
        values.append(folded.ravel())
        seen.append(np.repeat(is_seen.ravel(), grid.shape[2]))
    about, is_about_seen = head_colors(image, face)
    activations = mesh.activations(image, face.landmarks_px)
    # What the net sees of a face that is mostly covered is the cover, and cheeks that are covered are no measure.
    is_face_seen = float(view[frame.valid].mean()) > _MIN_FACE_VIEW
    values += [about, activations]
    seen += [is_about_seen & is_face_seen, np.full(activations.size, is_face_seen)]
    return LookFeatures(np.concatenate(values).astype(np.float32), np.concatenate(seen))


@cache
def _cheek_mask() -> FloatArray:
    frame = canonical_frame(FRAME_PX)
    mask = np.zeros((FRAME_PX, FRAME_PX), np.uint8)
    for vertex in _CHEEK_VERTICES:
        x, y = (int(value) for value in frame.vertices_px[vertex])
        cv2.circle(mask, (x, y), _CHEEK_RADIUS_PX, 1, -1)
    return (mask > 0) & frame.valid


def _canonical_lab(image: ImageArray, face: Face, frame: CanonicalFrame) -> FloatArray:
    """Lab of the canonical picture at one exposure: its bright parts (shine, eyes) at 0.85, whatever the light."""
    warped = frame.warp(image, face.landmarks_px).astype(np.float32)
    bright = float(np.percentile(warped[frame.valid].max(axis=-1), 97)) + 1
    exposed = np.minimum(warped * (_BRIGHT_LEVEL / bright), 1)
    lab: FloatArray = cv2.cvtColor(exposed.astype(np.float32), cv2.COLOR_RGB2LAB)
    return lab


def _view_ratio(image: ImageArray, face: Face, frame: CanonicalFrame, cover_ratio: FloatArray | None) -> FloatArray:
    """How well each frame pixel is seen, 0..1: inside the picture, not covered, not foreshortened."""
    source = frame.source_map_px(face.landmarks_px)
    height, width = image.shape[:2]
    x, y = source[..., 0], source[..., 1]
    inside = frame.valid & (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    across, down = np.gradient(source, axis=1), np.gradient(source, axis=0)
    area = np.abs(across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0])
    full = float(np.median(area[frame.valid])) + _EPSILON
    view = np.where(inside, np.clip(area / full, _MIN_VIEW, 1), 0).astype(np.float32)
    if cover_ratio is not None:
        view *= 1 - cv2.resize(np.asarray(cover_ratio, np.float32), (FRAME_PX, FRAME_PX))
    return view


def _fold(grid: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Average the halves of (n, n, k) by their weights (n, n): (n, n/2, k) and whether anything was seen."""
    half = grid.shape[1] // 2
    left, right = weights[:, :half] + _EPSILON, weights[:, ::-1][:, :half] + _EPSILON
    share = (left / (left + right))[..., None]
    folded = grid[:, :half] * share + grid[:, ::-1][:, :half] * (1 - share)
    return folded, (left + right) > 0.1


def _gradients(lightness: FloatArray, frame: CanonicalFrame) -> FloatArray:
    """HOG of the locally normalized lightness; orientations of the right half are mirrored."""
    filled = np.where(frame.valid, lightness, lightness[frame.valid].mean()).astype(np.float32)
    low = cv2.GaussianBlur(filled, (0, 0), _NORMALIZING_SIGMA_PX)
    deviation = np.sqrt(cv2.GaussianBlur((filled - low) ** 2, (0, 0), _NORMALIZING_SIGMA_PX)) + 2
    side = FRAME_PX // 2
    normal = cv2.resize((filled - low) / deviation, (side, side), interpolation=cv2.INTER_AREA)
    dx, dy = cv2.Sobel(normal, cv2.CV_32F, 1, 0, ksize=1), cv2.Sobel(normal, cv2.CV_32F, 0, 1, ksize=1)
    magnitude, angle = cv2.cartToPolar(dx, dy)
    angle[:, side // 2 :] = np.pi - angle[:, side // 2 :]
    position = angle / np.pi * HOG_BINS
    bins = []
    for index in range(HOG_BINS):
        apart = np.abs((position - index + HOG_BINS / 2) % HOG_BINS - HOG_BINS / 2)
        vote = magnitude * np.clip(1 - apart, 0, None)
        bins.append(cv2.resize(vote, (HOG_CELLS, HOG_CELLS), interpolation=cv2.INTER_AREA))
    stacked: FloatArray = np.sqrt(np.stack(bins, axis=-1))
    return stacked


def _tone(lab: FloatArray, skin: FloatArray, frame: CanonicalFrame) -> FloatArray:
    """Low-pass Lab against the cheeks; the lightness difference scaled to a skin of L* 60."""
    difference = np.where(frame.valid[..., None], lab - skin, 0).astype(np.float32)
    tone: FloatArray = cv2.resize(difference, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    tone[..., 0] *= 60 / max(float(skin[0]), 15)
    return tone
