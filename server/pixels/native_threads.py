"""One thread for each picture: native libraries start none of their own.

OpenBLAS, inside numpy, spreads even small products over all cores, and its threads spin for a while after each: with
two edits at a time they took the cores from the edits, which were then slower together than one after the other. It
reads its setting once, when numpy is imported.
"""

from __future__ import annotations

from collections.abc import MutableMapping

OPENBLAS_VARIABLE = "OPENBLAS_NUM_THREADS"


def one_thread_each(environ: MutableMapping[str, str]) -> None:
    """Say so to OpenBLAS in this process and its children, unless the user has said otherwise.

    Parameters
    ----------
    environ : mapping
        The process's environment; numpy must not be imported yet.
    """
    environ.setdefault(OPENBLAS_VARIABLE, "1")
