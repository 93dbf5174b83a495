"""Fixtures of the server's tests: a PostgreSQL of their own, where its programs are installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.postgres import NO_POSTGRES, Cluster, binaries, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if binaries() is None:
        pytest.skip(NO_POSTGRES)
    with running_cluster() as running:
        yield running
