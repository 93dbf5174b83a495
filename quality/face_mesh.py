"""MediaPipe's Face Landmarker, its own nets run by OpenCV: where the 478 points of one face lie in a crop.

The steps and constants are those of MediaPipe's graphs for single pictures: a short-range detector finds the face and
its eyes, a square about it, turned level and half as large again, goes to the mesh net. A test compares the points
with those of the `mediapipe` package: they differ by 0.013 % of the eye distance in the mean. Without the package
the server starts sooner and needs 60 MB less; its graphs also dead-lock when they are collected, and never recover
from an error.

Sources: mediapipe 0.10.31 (Apache-2.0), `face_detector_graph.cc`, `face_landmarks_detector_graph.cc`; Bazarevsky et
al., "BlazeFace" (2019); Kartynnik et al., "Real-time Facial Surface Geometry" (2019).
"""

from __future__ import annotations

import io
import math
import zipfile

import cv2
import numpy as np

from quality.face import MESH_VERTICES, FloatArray, ImageArray
from quality.model_files import read_model
from quality.resting_net import RestingNet

FACE_LOGIT = math.log(0.1 / 0.9)
"""Least confidence of both nets, 0.1, before their sigmoid."""
_DETECTOR_PX, _MESH_PX = 128, 256
_GRIDS = ((16, 2), (8, 6))
"""Cells along a side and guesses in each cell, of the detector's two layers."""
_SAME_FACE_OVERLAP = 0.5
_MARGIN_FACTOR = 1.5
_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_ACTIVATION_LAYERS = (28, 38)
"""Which of the mesh net's PReLU layers `activations` reads: the last at 32 x 32 and at 16 x 16 cells."""
_ACTIVATION_CELLS = 4
ACTIVATION_SIZES = (64 * _ACTIVATION_CELLS**2, 128 * _ACTIVATION_CELLS**2)
"""Lengths of the two layers' activations."""
_FACE_MARGIN = 0.125


class FaceMesh:
    """The two nets, for all threads: one call at a time, a twelfth of an edit. Each copy would take 21 MB."""

    def __init__(self) -> None:
        self._nets = RestingNet(_read_nets)
        self._places = _guess_places()

    def points_ratio(self, crop: ImageArray) -> FloatArray | None:
        """Find the mesh of the surest face in a crop.

        Parameters
        ----------
        crop : ndarray, (S, S, 3) uint8, RGB
            The face upright within 60 degrees and at least a fifth of the crop's side.

        Returns
        -------
        ndarray, (478, 3) float32, or None
            x, y and depth in sides of the crop; None when no face is seen.
        """
        with self._nets.awake() as (detector, mesh, _):
            to_crop = self._level_square(detector, crop)
            if to_crop is None:
                return None
            size_wh = (_MESH_PX, _MESH_PX)
            square = cv2.warpAffine(crop, to_crop, size_wh, flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
            points, presence = _read_mesh(mesh, square)
        if presence < FACE_LOGIT:
            return None
        xy = points[:, :2] @ to_crop[:, :2].T + to_crop[:, 2]
        depth = points[:, 2:] * np.hypot(*to_crop[0, :2])
        ratio: FloatArray = (np.hstack([xy, depth]) / crop.shape[0]).astype(np.float32)
        return ratio

    def activations(self, image: ImageArray, landmarks_px: FloatArray) -> FloatArray:
        """Read what the mesh net sees in the skin and features of a known face: inner layers, averaged in cells.

        Parameters
        ----------
        image : ndarray, (H, W, 3) uint8, RGB
        landmarks_px : ndarray, (>=468, >=2) float32

        Returns
        -------
        ndarray, (3072,) float32
            The layers of `ACTIVATION_SIZES`, one after the other; of the face and its mirror image on average.
        """
        to_image = _square_about(landmarks_px)
        size_wh = (_MESH_PX, _MESH_PX)
        square = cv2.warpAffine(image, to_image, size_wh, flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
        with self._nets.awake() as (_, mesh, layers):
            seen, mirrored = (_read_activations(mesh, layers, picture) for picture in (square, square[:, ::-1]))
        mean: FloatArray = (seen + mirrored) / 2
        return mean

    def rehearse(self) -> None:
        """Run both nets once on nothing: the first run of each takes longer."""
        nothing = np.zeros((_MESH_PX, _MESH_PX, 3), np.uint8)
        with self._nets.awake() as (detector, mesh, _):
            self._level_square(detector, nothing)
            _read_mesh(mesh, nothing)

    def rest(self) -> None:
        """Let go of the nets until they are used again."""
        self._nets.rest()

    def _level_square(self, detector: cv2.dnn.Net, crop: ImageArray) -> FloatArray | None:
        """Return the affine map (2, 3) from the mesh net's input to the crop, or None without a face."""
        side = crop.shape[0]
        scale = side / _DETECTOR_PX
        small = cv2.warpAffine(crop, np.array([[scale, 0, 0], [0, scale, 0]]), (_DETECTOR_PX,) * 2, flags=_FLAGS)
        detector.setInput(cv2.dnn.blobFromImage(small, 1 / 127.5, mean=(127.5,) * 3))
        boxes, logits = detector.forward(["regressors", "classificators"])
        logits = logits.ravel()
        seen = np.flatnonzero(logits >= FACE_LOGIT)
        if not seen.size:
            return None
        # Pairs x, y: center, size, eyes, nose, mouth, ears; all but the size are relative to the guess's place.
        pairs = boxes.reshape(-1, 8, 2)[seen].astype(np.float64) / _DETECTOR_PX
        pairs[:, [0, *range(2, 8)]] += self._places[seen, None]
        low, high = pairs[:, 0] - pairs[:, 1] / 2, pairs[:, 0] + pairs[:, 1] / 2
        confidence = 1 / (1 + np.exp(-logits[seen].astype(np.float64)))
        best = int(np.argmax(confidence))
        weights = np.where(_overlap(low, high, best) > _SAME_FACE_OVERLAP, confidence, 0)
        weights /= weights.sum()
        low, high = weights @ low, weights @ high
        right_eye, left_eye = np.einsum("n,nkc->kc", weights, pairs[:, 2:4])
        angle = math.atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0])
        zoom = float((high - low).max()) * _MARGIN_FACTOR * side / _MESH_PX
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]) * zoom
        return np.column_stack([turn, (low + high) / 2 * side - turn @ (_MESH_PX / 2, _MESH_PX / 2)])


def _read_nets() -> tuple[cv2.dnn.Net, cv2.dnn.Net, list[str]]:
    """Return the detector, the mesh net and the names of its `_ACTIVATION_LAYERS`."""
    with zipfile.ZipFile(io.BytesIO(read_model("face_landmarker.task"))) as bundle:
        detector, mesh = (
            cv2.dnn.readNetFromTFLite(np.frombuffer(bundle.read(name), np.uint8))
            for name in ("face_detector.tflite", "face_landmarks_detector.tflite")
        )
    return detector, mesh, _activation_layers(mesh)


def _read_mesh(mesh: cv2.dnn.Net, square: ImageArray) -> tuple[FloatArray, float]:
    """Return the points and the logit of a face being there."""
    mesh.setInput(cv2.dnn.blobFromImage(square, 1 / 255))
    points, presence = mesh.forward(["Identity", "Identity_1"])
    return points.reshape(-1, 3), float(presence.ravel()[0])


def _activation_layers(mesh: cv2.dnn.Net) -> list[str]:
    names = [name for name in mesh.getLayerNames() if mesh.getLayer(mesh.getLayerId(name)).type == "PReLU"]
    return [names[layer] for layer in _ACTIVATION_LAYERS]


def _read_activations(mesh: cv2.dnn.Net, layers: list[str], square: ImageArray) -> FloatArray:
    mesh.setInput(cv2.dnn.blobFromImage(np.ascontiguousarray(square), 1 / 255))
    values = []
    for layer in mesh.forward(layers):
        cells = (_ACTIVATION_CELLS, layer.shape[2] // _ACTIVATION_CELLS)
        values.append(layer[0].reshape(-1, *cells, *cells).mean(axis=(2, 4)).ravel())
    return np.concatenate(values)


def _square_about(landmarks_px: FloatArray) -> FloatArray:
    """Return the affine map (2, 3) from the mesh net's input to the picture: the mesh, level, with a margin."""
    points = landmarks_px[:MESH_VERTICES, :2].astype(np.float64)
    across = points[263] - points[33]
    turn = np.array([[across[0], -across[1]], [across[1], across[0]]]) / max(float(np.hypot(*across)), 1e-6)
    level = points @ turn
    low, high = level.min(axis=0), level.max(axis=0)
    zoom = turn * float((high - low).max()) * (1 + 2 * _FACE_MARGIN) / _MESH_PX
    return np.column_stack([zoom, turn @ ((low + high) / 2) - zoom @ (_MESH_PX / 2, _MESH_PX / 2)])


def _guess_places() -> FloatArray:
    """Return where each of the detector's guesses starts from, (896, 2) float64, in sides of its input."""
    places = []
    for cells, guesses in _GRIDS:
        centers = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(centers, centers), axis=-1).reshape(-1, 2)
        places.append(np.repeat(grid, guesses, axis=0))
    return np.concatenate(places)


def _overlap(low: FloatArray, high: FloatArray, chosen: int) -> FloatArray:
    """Return the intersection over union of each box with the chosen one, (N,)."""
    shared = np.maximum(np.minimum(high, high[chosen]) - np.maximum(low, low[chosen]), 0).prod(axis=1)
    areas = (high - low).prod(axis=1)
    ratio: FloatArray = shared / np.maximum(areas + areas[chosen] - shared, 1e-12)
    return ratio
