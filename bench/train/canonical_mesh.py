"""Writes `quality/data/canonical_mesh.npz` from the geometry in `face_landmarker.task`.

Run: `python -m bench.train.canonical_mesh`. The bundle is a zip; its `geometry_pipeline_metadata_landmarks.binarypb`
is the protocol buffer `mediapipe.face_geometry.GeometryPipelineMetadata`, which mediapipe 0.10.31 carries no Python
class for, so the three repeated fields needed are read by hand.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quality.model_files import read_model

TARGET = Path(__file__).parents[2] / "quality" / "data" / "canonical_mesh.npz"


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag & 7 == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
            continue
        size, at = (4, at) if tag & 7 == 5 else _varint(data, at)
        yield tag >> 3, data[at : at + size]
        at += size


def main() -> None:
    """Extract vertices (468, 3) in cm, texture coordinates, triangles (898, 3) and Procrustes weights (468,)."""
    bundle = zipfile.ZipFile(io.BytesIO(read_model("face_landmarker.task")))
    metadata = bundle.read("geometry_pipeline_metadata_landmarks.binarypb")
    mesh = next(value for field, value in _fields(metadata) if field == 1)
    assert isinstance(mesh, bytes)
    floats = [struct.unpack("<f", value)[0] for field, value in _fields(mesh) if field == 3]
    vertices = np.array(floats, np.float32).reshape(-1, 5)
    triangles = np.array([value for field, value in _fields(mesh) if field == 4], np.int16).reshape(-1, 3)
    weights = np.zeros(len(vertices), np.float32)
    for field, value in _fields(metadata):
        if field == 2 and isinstance(value, bytes):
            landmark = dict(_fields(value))
            weights[landmark[1]] = struct.unpack("<f", landmark[2])[0]
    np.savez_compressed(TARGET, vertices_cm=vertices[:, :3], triangles=triangles, procrustes_weights=weights)
    print(f"{TARGET.name}: {vertices.shape[0]} vertices, {len(triangles)} triangles, {(weights > 0).sum()} weights")


if __name__ == "__main__":
    main()
