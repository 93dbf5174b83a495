"""`ailab-mock quality FILE...`: the 13 measures of every photo, and the error it would get."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality.report import QualityReport
from quality.thresholds import MEASURES, QualityControl
from server.analyzer import Analyzer
from server.errors import ApiError
from server.pipeline import measure_picture, refuse_violation
from server.settings import default_threads
from server.workers import PixelWorkers

COLUMNS = tuple(measure.short_name for measure in MEASURES)
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp")


@dataclass(frozen=True)
class Row:
    """One photo: its values (empty where there is no face) and the error code it gets, empty when accepted."""

    file: str
    values: dict[str, float]
    status: str
    why: str = ""


def measure_files(names: Sequence[str], control_name: str, output: str) -> int:
    """Measure photos and print one row each.

    Parameters
    ----------
    names : sequence of str
        Files, or folders whose pictures are taken.
    control_name : str
        Level of `quality_control` that the status is judged at.
    output : str
        "table", "json" or "csv".

    Returns
    -------
    int
        Exit status: 0 all accepted, 1 one is refused, 2 misuse.
    """
    if control_name not in list(QualityControl):
        print(f"ailab-mock: --quality-control is one of {', '.join(QualityControl)}", file=sys.stderr)  # noqa: T201
        return 2
    control = QualityControl(control_name)
    rows = list(_measure_all(list(_files(names)), control))
    _WRITERS[output](rows)
    return 1 if any(row.status for row in rows) else 0


def _files(names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
        else:
            yield path


def _measure_all(paths: list[Path], control: QualityControl) -> Iterator[Row]:
    workers = PixelWorkers(min(default_threads(), max(len(paths), 1)))
    work = [workers.submit(_measurement(path, control)) for path in paths]
    shows_progress = sys.stderr.isatty() and len(paths) > 1
    for number, (path, future) in enumerate(zip(paths, work, strict=True), 1):
        yield future.result()
        if shows_progress:
            end = "\n" if number == len(paths) else ""
            print(f"\r{number}/{len(paths)} {path.name[:60]:60}", end=end, file=sys.stderr)  # noqa: T201
    workers.close()


def _measurement(path: Path, control: QualityControl) -> Callable[[Analyzer], Row]:
    def measure(analyzer: Analyzer) -> Row:
        try:
            content = path.read_bytes()
        except OSError as error:
            return Row(str(path), {}, "UNREADABLE", error.strerror or "")
        report: QualityReport | None = None
        try:
            report = measure_picture(content, analyzer).report
            refuse_violation(report, control)
        except ApiError as refusal:
            return Row(str(path), _values(report), refusal.code, refusal.why)
        return Row(str(path), _values(report), "")

    return measure


def _values(report: QualityReport | None) -> dict[str, float]:
    return {} if report is None else {row.short_name: round(report.value(row.name), 4) for row in MEASURES}


def _write_csv(rows: list[Row]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("file", *COLUMNS, "status"))
    for row in rows:
        writer.writerow((row.file, *(row.values.get(name, "") for name in COLUMNS), row.status))


def _write_json(rows: list[Row]) -> None:
    data = [{"file": row.file, **row.values, "status": row.status, "why": row.why} for row in rows]
    print(json.dumps(data, indent=2))  # noqa: T201


def _write_table(rows: list[Row]) -> None:
    width = max([len(row.file) for row in rows] + [4])
    print(f"{'file':{width}} " + " ".join(f"{name[:7]:>7}" for name in COLUMNS) + "  status")  # noqa: T201
    for row in rows:
        cells = " ".join(f"{row.values[name]:7.2f}" if row.values else f"{'-':>7}" for name in COLUMNS)
        print(f"{row.file:{width}} {cells}  {row.status or 'ok'}" + (f" ({row.why})" if row.why else ""))  # noqa: T201


_WRITERS: dict[str, Callable[[list[Row]], None]] = {"csv": _write_csv, "json": _write_json, "table": _write_table}
