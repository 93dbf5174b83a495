"""With `--api-key` a stranger is refused and seen, but pushes out nobody's state."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from server.tenant.credentials import KEY_HEADER, UNKNOWN_KEY_CODE
from tests.conftest import EDIT_PATH

STRANGERS = 12


@pytest.mark.parametrize("scenario", [{}, {"X-Mock-Scenario": "ERROR_BLURRY_FACE"}, {"X-Mock-Scenario": "ok"}])
def test_strangers_make_no_tenants(monkeypatch: pytest.MonkeyPatch, scenario: dict[str, str]) -> None:
    monkeypatch.setattr("server.tenant.tenants.MAX_TENANTS", 3)
    client = TestClient(create_app(Settings.resolve({"api_keys": "mine"}, {})))
    assert client.patch("/__mock/tenants/mine", json={"credits": 5}).status_code == 200
    for number in range(STRANGERS):
        for method, path in (("POST", EDIT_PATH), ("GET", "/api/common/query-credits"), ("GET", "/no/such")):
            answer = client.request(method, path, headers={KEY_HEADER: f"stranger-{number}", **scenario})
            played = scenario.get("X-Mock-Scenario", "ok") != "ok"
            assert answer.json()["error_detail"]["code"] == ("ERROR_BLURRY_FACE" if played else UNKNOWN_KEY_CODE)
    assert client.get("/__mock/tenants/mine").json()["credits"] == 5
    assert "stranger" not in client.get("/__mock/tenants").text
    assert client.get("/__mock/count").json()["count"] == 3 * STRANGERS
    assert client.get("/__mock/requests", params={"key": "stranger-7"}).json()["requests"]
