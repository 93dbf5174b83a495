"""Coverage-guided fuzzing of forms: `python -m bench.hostile.guided SECONDS`; needs `pip install atheris`.

The last line printed by libFuzzer says how many inputs were tried; what breaks the promise of `read_parts` or
`parse_form` ends the run with a traceback and the input.
"""

from __future__ import annotations

import contextlib
import logging
import sys

import atheris

with atheris.instrument_imports(include=["server.wire.multipart_form", "server.operation.form", "python_multipart"]):
    from server.operation.form import parse_form, read_parts
from bench.hostile.forms import MULTIPART, seeds
from server.contract.errors import ApiError


def try_one(content: bytes) -> None:
    """Parse one body; whatever else than a refusal is a crash."""
    parts, malformed = read_parts(MULTIPART, content)
    with contextlib.suppress(ApiError):
        parse_form(parts, malformed)


def main() -> None:
    """Fuzz for the seconds given, from the seeds of the plain fuzzer."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    logging.disable()
    seconds = int(sys.argv[1])
    with TemporaryDirectory() as folder:
        for number, content in enumerate(seeds(b"\xff\xd8\xff\xe0")):
            (Path(folder) / f"{number}").write_bytes(content[:4000])
        atheris.Setup([sys.argv[0], folder, f"-max_total_time={seconds}", "-max_len=4096", "-seed=1"], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
