"""Options and fixtures."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_ailab_mock.server import Server, shared_server, stop_shared_server
from pytest_ailab_mock.tenant import Tenant

_FOLDER = pytest.StashKey[Path]()
_TENANT = pytest.StashKey[Tenant]()
_OPTIONS = {
    "url": "address of a running server; without it one is started",
    "command": "how to start a server (default: ailab-mock)",
    "token": "the server's --admin-token",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("ailab-mock")
    for name, text in _OPTIONS.items():
        group.addoption(f"--ailab-mock-{name}", default=None, metavar=name.upper(), help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder through which the workers share one server; only the session that starts them owns it."""
    given = getattr(config, "workerinput", {}).get("ailab_mock_folder")
    config.stash[_FOLDER] = Path(given or tempfile.mkdtemp(prefix="pytest-ailab-mock-"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server."""
    if not hasattr(config, "workerinput") and _FOLDER in config.stash:
        stop_shared_server(config.stash[_FOLDER])
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the folder is."""
    node.workerinput["ailab_mock_folder"] = str(node.config.stash[_FOLDER])


@pytest.fixture(scope="session")
def ailab_mock_server(pytestconfig: pytest.Config) -> Server:
    """The session's server; started by the first test that asks for it, in whatever worker."""
    url, token = _option(pytestconfig, "url"), _option(pytestconfig, "token")
    if url is None:
        return shared_server(pytestconfig.stash[_FOLDER], _option(pytestconfig, "command") or "ailab-mock", token)
    server = Server(url.rstrip("/"), token)
    server.wait_until_ready()
    return server


@pytest.fixture
def ailab_mock(request: pytest.FixtureRequest, ailab_mock_server: Server) -> Iterator[Tenant]:
    """A tenant of the test's own."""
    tenant = Tenant(ailab_mock_server)
    request.node.stash[_TENANT] = tenant
    yield tenant
    tenant.reset()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, None]:
    """Show the calls of a failed test in its report."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed and _TENANT in item.stash:
        report.sections.append(("calls to ailab-mock", item.stash[_TENANT].summary()))


def _option(config: pytest.Config, name: str) -> str | None:
    value = config.getoption(f"--ailab-mock-{name}") or os.environ.get(f"PYTEST_AILAB_MOCK_{name.upper()}")
    return str(value) if value else None
