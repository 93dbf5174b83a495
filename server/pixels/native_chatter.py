"""Keeps the notices of native libraries (OpenCV, its codecs) off the terminal.

They write to file descriptor 2 from C++, past Python, and no setting silences all of them. So Python's own stderr
moves to a copy of the descriptor and the original goes nowhere.
"""

from __future__ import annotations

import os
import sys


def silence_native_chatter() -> None:
    """Point descriptor 2 to nothing; `sys.stderr` goes on writing to where it did."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = open(kept, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")  # noqa: SIM115
