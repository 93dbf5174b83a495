"""`ailab-mock quality FILE...`: a lint for photos."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from quality.explain import draw_explanation
from quality.explanation import Explanation
from quality.thresholds import QualityControl
from server.commands.lint import PICTURE_SUFFIXES, Finding, find_all, picture_files
from server.commands.lint_formats import FORMATS
from server.operation.image_codec import encode_png
from server.operation.pipeline import Measured
from server.pixels.cores import usable_cores


def lint_photos(names: Sequence[str], control_name: str, output: str, explain_to: str | None = None) -> int:
    """Measure photos and print what each would get.

    Parameters
    ----------
    names : sequence of str
        Files, or folders whose pictures are taken.
    control_name : str
        Level of `quality_control` that the status is judged at.
    output : str
        A key of `FORMATS`.
    explain_to : str or None
        File for a drawn explanation of the only photo named.

    Returns
    -------
    int
        Exit status: 0 all accepted, 1 one is refused, 2 misuse.
    """
    if control_name not in list(QualityControl):
        return _misuse(f"--quality-control is one of {', '.join(QualityControl)}")
    control = QualityControl(control_name)
    paths = picture_files(names)
    if not paths:
        # A gate in CI that looks into the wrong folder must not pass.
        return _misuse(f"no pictures ({', '.join(PICTURE_SUFFIXES)}) in {', '.join(names)}")
    if explain_to is not None and len(paths) != 1:
        return _misuse(f"--explain draws one photo, not {len(paths)}")
    draw = None if explain_to is None else partial(_draw, Path(explain_to))
    found = find_all(paths, control, usable_cores(), with_thumbnails=output == "html", draw=draw)
    try:
        findings = list(_with_progress(found, len(paths)))
    except OSError as error:
        return _misuse(f"{error.filename}: {error.strerror}")
    sys.stdout.write(FORMATS[output](findings))
    return 1 if any(finding.status for finding in findings) else 0


def _with_progress(findings: Iterator[Finding], total: int) -> Iterator[Finding]:
    shows = sys.stderr.isatty() and total > 1
    for number, finding in enumerate(findings, 1):
        yield finding
        if shows:
            filled = 30 * number // total
            end = "\n" if number == total else ""
            print(f"\r[{'#' * filled:30}] {number}/{total}", end=end, file=sys.stderr, flush=True)  # noqa: T201


def _draw(target: Path, measured: Measured, explanation: Explanation) -> None:
    drawn = draw_explanation(measured.image, measured.face, measured.report, measured.cover, explanation.verdicts)
    target.write_bytes(encode_png(drawn))


def _misuse(message: str) -> int:
    print(f"ailab-mock: {message}", file=sys.stderr)  # noqa: T201
    return 2
