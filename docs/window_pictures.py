"""The pictures that the window carries: `python -m docs.window_pictures`.

The six actions are drawn from scikit-image's astronaut (Eileen Collins, NASA, public domain), edited by the emulator
itself. The samples are faces that are nobody's; drawing them when a page is opened would take seconds.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from skimage import data

from server.call.trace import Trace
from server.operation.form import edit_request
from server.operation.pipeline import edit_pixels
from server.pixels.analyzer import Analyzer
from transforms.specimen.samples import sample_faces

WINDOW = Path(__file__).parents[1] / "server" / "window"
SIDE_PX = 128
_HEAD = (slice(24, 204), slice(133, 313))
_FACE_MIDDLE_PX = 92
_SIMPLE = ("TO_KID", "TO_OLD", "TO_FEMALE", "TO_MALE")
_HALVES = {"V2_AGE": ("12", "80"), "V2_GENDER": ("0", "1")}
"""What is drawn as two halves of one face: action -> targets left and right."""


def main() -> None:
    """Write one JPEG an action and one a sample."""
    for sample in sample_faces():
        _write_file(f"samples/{sample.name}.jpg", sample.jpeg)
    image = np.ascontiguousarray(data.astronaut())
    analyzer = Analyzer()

    def edited(action: str, target: str = "") -> np.ndarray:
        request = edit_request(b"", {"action_type": action, "target": target})
        return edit_pixels(request, image, Trace(), analyzer)[_HEAD]

    for action in _SIMPLE:
        _write(action, edited(action))
    for action, (left, right) in _HALVES.items():
        head = edited(action, left).copy()
        head[:, _FACE_MIDDLE_PX:] = edited(action, right)[:, _FACE_MIDDLE_PX:]
        head[:, _FACE_MIDDLE_PX - 1 : _FACE_MIDDLE_PX + 1] = 255
        _write(action, head)
    analyzer.close()


def _write(name: str, head: np.ndarray) -> None:
    head = cv2.resize(head, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    options = [cv2.IMWRITE_JPEG_QUALITY, 82]
    _write_file(
        f"pictures/{name}.jpg", cv2.imencode(".jpg", cv2.cvtColor(head, cv2.COLOR_RGB2BGR), options)[1].tobytes()
    )


def _write_file(name: str, content: bytes) -> None:
    target = WINDOW / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)


if __name__ == "__main__":
    main()
