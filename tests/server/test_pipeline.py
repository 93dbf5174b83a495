"""No picture is decoded or converted twice on its way through the server."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import ImageFile

from quality.thresholds import QualityControl
from server.call.trace import Trace
from server.operation.form import EditRequest
from server.operation.image_codec import encode_jpeg
from server.operation.pipeline import edit_picture, open_picture
from server.pixels.analyzer import Analyzer
from transforms.plan.action import Action


def test_a_picture_is_decoded_once_and_converted_once_for_the_encoder(astronaut, monkeypatch):
    size_wh = (1100, 1000)
    content = encode_jpeg(cv2.resize(astronaut, size_wh))
    decoded, converted = [], []
    load_prepare, convert = ImageFile.ImageFile.load_prepare, cv2.cvtColor

    def noted_load(picture):
        decoded.append(picture.size)
        load_prepare(picture)

    def noted_convert(source, code, *rest, **options):
        if source.shape[:2] == size_wh[::-1]:
            converted.append((code, source.dtype))
        return convert(source, code, *rest, **options)

    monkeypatch.setattr(ImageFile.ImageFile, "load_prepare", noted_load)
    monkeypatch.setattr(cv2, "cvtColor", noted_convert)
    request = EditRequest(content, Action.TO_OLD, None, QualityControl.LOW, None)
    edit_picture(request, open_picture(content), Trace(), Analyzer())
    assert decoded == [size_wh]
    assert converted == [(cv2.COLOR_RGB2BGR, np.uint8)]
