"""The error table, and the envelope of every code of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from quality.thresholds import MEASURES
from server.call.answering import enveloped
from server.call.call import Call
from server.contract.error_table import ERROR_TABLE
from server.contract.errors import CONTENT_REFUSALS, ApiError, content_refusal
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from tests.server.envelopes import UPSTREAM_CODES, assert_failure


@pytest.fixture(scope="module")
def client() -> TestClient:
    """An application whose only operation refuses or crashes as its path says."""

    async def refuse(request: Any, call: Call) -> dict[str, Any]:
        code = request.path_params["code"]
        if code == "crash":
            raise ZeroDivisionError("a secret of the machine")
        found = [name for name, (refused, _) in CONTENT_REFUSALS.items() if refused == code]
        raise content_refusal(found[0], "why\r\nSet-Cookie: x") if found else ApiError(code)

    endpoint = enveloped("refuse", refuse, EmulatorState.of(Settings.resolve({}, {})))
    app = Starlette(routes=[Route("/refuse/{code}", endpoint)])
    return TestClient(app, raise_server_exceptions=False)


def test_table_is_the_vendors() -> None:
    assert len(ERROR_TABLE) == 126
    statuses = Counter(status for status, _ in ERROR_TABLE.values())
    expected = {400: 27, 401: 2, 403: 2, 404: 8, 406: 1, 409: 9, 410: 2, 413: 5, 415: 2, 422: 39}
    assert statuses == expected | {429: 5, 500: 4, 501: 1, 502: 12, 503: 5, 504: 2}


@pytest.mark.parametrize("code", ERROR_TABLE)
def test_envelope_of_every_code(client: TestClient, code: str) -> None:
    response = client.get(f"/refuse/{code}")
    assert_failure(response.status_code, response.json(), code)
    assert "set-cookie" not in response.headers


def test_every_measure_has_its_refusal() -> None:
    assert [measure.short_name for measure in MEASURES] == list(CONTENT_REFUSALS)[2:]
    assert {code for code, _ in CONTENT_REFUSALS.values()} == UPSTREAM_CODES


def test_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        ApiError("NO_SUCH_CODE")


def test_crash_is_an_envelope_without_its_text(client: TestClient) -> None:
    response = client.get("/refuse/crash")
    assert_failure(response.status_code, response.json(), "SERVICE_INTERNAL_ERROR")
    assert "secret" not in response.text + str(response.headers)
