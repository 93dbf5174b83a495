"""`python -m bench.edit_alone`: the edits without a server, on one core: their time, and their memory.

The time is CPU time of the edit alone (`transforms.edit.apply_edit`), beside the floor of decoding and encoding the
same picture in the same run. The memory is the most that was resident during the edit, OpenCV's own arrays and the
result included, above what was before. Exit status 1 when a limit is missed. Linux only.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from quality.face import ImageArray
from server.operation.image_codec import decode, encode_jpeg, read_header
from server.pixels.analyzer import Analyzer
from server.pixels.native_memory import FreePages, give_back_large_arrays
from server.pixels.rehearsal import rehearse_alone
from transforms.edit import apply_edit
from transforms.face.geometry import eye_corners_px
from transforms.plan.action import Action
from transforms.plan.edit_plan import EditPlan
from transforms.plan.plan import plan_for
from transforms.specimen.identity import identity
from transforms.specimen.photograph import photograph
from transforms.specimen.scene import draw_scene

RUNS = 5
ACTIONS = (Action.TO_KID, Action.TO_OLD, Action.TO_FEMALE, Action.TO_MALE)


@dataclass(frozen=True)
class Case:
    """A square picture of one face, and the most that its edit may take.

    `most_pictures` is memory, in decoded pictures of this size: a head of 1 MP is worked on nearly whole, in floats.
    """

    name: str
    picture: Callable[[], ImageArray]
    most_ms: float
    most_pictures: float


def woman(top_px: int, left_px: int, cut_px: int, side_px: int) -> ImageArray:
    """Return a square of scikit-image's astronaut, brought to a size, (side, side, 3) uint8 RGB."""
    rows, columns = (slice(start, start + cut_px) for start in (top_px, left_px))
    cut = np.ascontiguousarray(data.astronaut()[rows, columns])
    return cv2.resize(cut, (side_px, side_px), interpolation=cv2.INTER_CUBIC)


def man(eyes_px: float, side_px: int) -> ImageArray:
    """Return a specimen, (side, side, 3) uint8 RGB: whoever has short hair gets longer hair as well."""
    scene = draw_scene(identity(0, "man_52"))
    return photograph(scene, (side_px, side_px), eyes_px / eye_corners_px(scene.mesh_px)).image


CASES = (
    Case("a woman, half a body at 1 MP", partial(woman, 0, 0, 512, 1000), 200, 6),
    Case("her head at 1 MP", partial(woman, 0, 110, 230, 1000), 200, 6),
    Case("her head at 16 MP", partial(woman, 0, 110, 230, 4000), 500, 2),
    Case("her face filling 16 MP", partial(woman, 45, 160, 130, 4000), 500, 2),
    Case("a man, half a body at 1 MP", partial(man, 90, 1000), 200, 6),
    Case("his head at 1 MP", partial(man, 180, 1000), 200, 9),
    Case("his head at 16 MP", partial(man, 720, 4000), 500, 2),
)


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the median CPU time of one call."""
    times_ms = []
    for _ in range(RUNS):
        start_s = time.thread_time()
        work()
        times_ms.append((time.thread_time() - start_s) * 1000)
    return statistics.median(times_ms)


def peak_bytes(work: Callable[[], object]) -> int:
    """Return the most that was resident during a call above what was before."""
    FreePages().give_back()
    Path("/proc/self/clear_refs").write_text("5")  # The kernel's peak starts anew: proc(5).
    before = _resident_kib("VmRSS")
    work()
    return (_resident_kib("VmHWM") - before) * 1024


def _resident_kib(name: str) -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(name))


def measure(case: Case, analyzer: Analyzer) -> int:
    """Measure each action and print; return how many limits were missed."""
    content = encode_jpeg(case.picture())
    image = decode(read_header(content))
    (face, *_) = analyzer.find_faces(image)
    cover = analyzer.cover(image, face)
    look = analyzer.present_look(image, face, cover)
    floor_ms = cpu_ms(lambda: encode_jpeg(decode(read_header(content))))
    size = f"{face.box.width:.0f}x{face.box.height:.0f} px"
    print(
        f"{case.name}, face {size}: decoding and encoding {floor_ms:.0f} ms; at most {case.most_ms:.0f} ms, ", end=""
    )
    print(f"{case.most_pictures:.0f} pictures")
    missed = 0
    for action in ACTIONS:
        plan = plan_for(action, None, look)

        def edit(plan: EditPlan = plan) -> ImageArray:
            return apply_edit(image, face, plan, cover, analyzer.edit_models)

        edit()
        memory = peak_bytes(edit)
        edit_ms = cpu_ms(edit)
        missed += (edit_ms > case.most_ms) + (memory > case.most_pictures * image.nbytes)
        print(f"  {action:9} {edit_ms:4.0f} ms, {edit_ms / floor_ms:5.2f} times the floor; ", end="")
        print(f"{memory / 2**20:4.0f} MiB, {memory / image.nbytes:4.1f} pictures")
    return missed


def main() -> int:
    """Measure all cases; return the exit status."""
    cv2.setNumThreads(1)
    give_back_large_arrays()
    analyzer = Analyzer()
    rehearse_alone(analyzer)
    missed = sum(measure(case, analyzer) for case in CASES)
    print(f"limits missed: {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
