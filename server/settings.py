"""Settings of the server, read from flags and from `AILAB_MOCK_*` variables by one table.

A flag beats a variable, a variable beats the default; a bad value or an unknown variable stops the start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.pixels.cores import usable_cores
from server.settings_table import PREFIX, SETTINGS, Setting

_KUBERNETES = re.compile(r"AILAB_MOCK_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)")
"""Kubernetes puts these into every container beside a Service named `ailab-mock`."""


class SettingsError(ValueError):
    """A setting that cannot be; the text names it and the good values."""


@dataclass(frozen=True)
class Settings:
    """The server's settings; see `SETTINGS` for what each means."""

    host: str
    port: int
    port_file: str | None
    admin_token: str | None
    tls: bool
    tls_dir: str
    api_keys: tuple[str, ...]
    credits: int
    threads: int
    workers: int
    queue: int
    result_cache_bytes: int
    timeout_s: float
    max_body_bytes: int
    all_bodies_bytes: int
    client_timeout_s: float
    max_connections: int
    profile: str
    no_magic: bool
    state: str | None
    journal_entries: int
    journal_bytes: int
    log_format: str
    log_level: str

    @classmethod
    def resolve(cls, flags: Mapping[str, str], environ: Mapping[str, str]) -> Settings:
        """Combine flags, environment and defaults.

        Parameters
        ----------
        flags : mapping
            Setting name -> text of the flag, for the flags given.
        environ : mapping
            The environment.

        Raises
        ------
        SettingsError
        """
        variables = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        by_variable = {setting.variable: setting for setting in SETTINGS}
        for name in variables:
            if name not in by_variable and not _KUBERNETES.fullmatch(name):
                raise SettingsError(f"unknown variable {name}; the known ones: {', '.join(sorted(by_variable))}")
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            values[setting.name] = setting.default
            text = variables.get(setting.variable)
            if text is not None and not _is_service_link(text):
                values[setting.name] = _parse(setting, text, setting.variable)
            if setting.name in flags:
                values[setting.name] = _parse(setting, flags[setting.name], setting.flag)
        return cls(**{**values, "threads": values["threads"] or usable_cores()})


def _is_service_link(text: str) -> bool:
    """Return whether Kubernetes wrote this (`AILAB_MOCK_PORT=tcp://10.0.0.7:80`), not a person."""
    return text.startswith(("tcp://", "udp://"))


def _parse(setting: Setting, text: str, source: str) -> Any:
    try:
        return setting.parse(text)
    except ValueError as error:
        raise SettingsError(f"{source}={text!r} is not valid: {error}") from error
