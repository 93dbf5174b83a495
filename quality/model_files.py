"""The model files that travel with the project, each checked by its SHA-256 when it is loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

MODEL_FOLDER = Path(__file__).parent / "models"

MODEL_SHA256 = {
    "face_cover_unet.onnx": "bc5d798f61a8d1effe6b0c3600db181eabd9ecb0fe110f6192fe8fded43f7a53",
    "face_detection_yunet_2023mar.onnx": "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    "face_landmarker.task": "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    "hair_unet.onnx": "57a65750da0f49bc54a935110cde37783126f23c71f1402c88a5ba5f0474f6e5",
    "selfie_segmentation.tflite": "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
}
"""File name -> SHA-256. Origins and licenses: `models/README.md`."""


class ModelFileError(RuntimeError):
    """A model file is missing or is not the one the project was made with."""


def read_model(name: str) -> bytes:
    """Return the bytes of a carried model file.

    Parameters
    ----------
    name : str
        A key of `MODEL_SHA256`.

    Raises
    ------
    ModelFileError
        The file is absent or its SHA-256 differs from the table.
    """
    path = MODEL_FOLDER / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"model file {name} cannot be read from quality/models: {error.strerror}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != MODEL_SHA256[name]:
        raise ModelFileError(f"model file {name} is damaged: SHA-256 {digest}, expected {MODEL_SHA256[name]}")
    return content
