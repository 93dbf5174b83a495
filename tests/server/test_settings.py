from __future__ import annotations

import os
import subprocess
import sys

import pytest

from server.settings import Settings, SettingsError
from server.settings_table import SETTINGS
from tests.conftest import ROOT


def test_defaults() -> None:
    settings = Settings.resolve({}, {"PATH": "/bin"})
    assert (settings.host, settings.port, settings.api_keys) == ("127.0.0.1", 18463, ())
    assert settings.threads >= 1


def test_flag_beats_variable_beats_default() -> None:
    environ = {"AILAB_MOCK_PORT": "1000", "AILAB_MOCK_CREDITS": "9", "AILAB_MOCK_API_KEY": "a, b"}
    settings = Settings.resolve({"port": "2000"}, environ)
    assert (settings.port, settings.credits, settings.api_keys) == (2000, 9, ("a", "b"))


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("PORT", "eighty", "0 to 65535"),
        ("PORT", "70000", "0 to 65535"),
        ("PORT", "", "0 to 65535"),
        ("LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("TIMEOUT", "nan", "seconds"),
        ("API_KEY", " , ", "keys"),
        ("HOST", "", "a host name"),
        ("HOST", "a..b", "a host name"),
        ("HOST", "my host", "a host name"),
        ("STATE", "", "not empty"),
        ("PROT", "1", "AILAB_MOCK_PORT"),
    ],
)
def test_bad_value_or_unknown_variable_stops_the_start(name: str, value: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=hint):
        Settings.resolve({}, {f"AILAB_MOCK_{name}": value})


def test_what_kubernetes_injects_is_ignored() -> None:
    """A Service named ailab-mock puts these into every container of its namespace."""
    environ = {
        "AILAB_MOCK_PORT": "tcp://10.0.0.7:80",
        "AILAB_MOCK_SERVICE_HOST": "10.0.0.7",
        "AILAB_MOCK_SERVICE_PORT_HTTP": "80",
        "AILAB_MOCK_PORT_80_TCP_ADDR": "10.0.0.7",
    }
    assert Settings.resolve({}, environ) == Settings.resolve({}, {})


def test_every_setting_has_flag_and_variable() -> None:
    for setting in SETTINGS:
        assert setting.flag.startswith("--")
        assert setting.variable == "AILAB_MOCK_" + setting.flag[2:].upper().replace("-", "_")
    assert {setting.name for setting in SETTINGS} == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (["--port", "x"], {}),
        ([], {"AILAB_MOCK_NO": "1"}),
        (["--log-level", "loud"], {}),
        (["--host", ""], {}),
        (["nonsense"], {}),
    ],
)
def test_command_line_says_what_is_wrong_and_stops(arguments: list[str], environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "server.cli", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "ailab-mock: " in done.stderr.splitlines()[-1]
