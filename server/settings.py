"""Settings of the server: one table, read from flags and from `AILAB_MOCK_*` variables.

A flag beats a variable, a variable beats the default; a bad value or an unknown variable stops the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.pixels.cores import usable_cores

PREFIX = "AILAB_MOCK_"
_KUBERNETES = re.compile(r"AILAB_MOCK_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)")
"""Kubernetes puts these into every container beside a Service named `ailab-mock`."""


class SettingsError(ValueError):
    """A setting that cannot be; the text names it and the good values."""


@dataclass(frozen=True)
class Setting:
    """One row of the table.

    Attributes
    ----------
    name : str
        Attribute of `Settings`.
    flag : str
        On the command line; the variable's name follows from it.
    default : object
    parse : callable
        Text -> value; raises ValueError with the good values.
    help : str
    is_switch : bool
        The flag takes no value; the variable is "on" or "off".
    """

    name: str
    flag: str
    default: Any
    parse: Callable[[str], Any]
    help: str
    is_switch: bool = False

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.flag.removeprefix("--").replace("-", "_").upper()


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not low <= int(text) <= high:
            raise ValueError(f"an integer from {low} to {high}")
        return int(text)

    return parse


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 3600:
        raise ValueError("seconds, more than 0 and at most 3600")
    return value


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return text

    return parse


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("on or off")
    return text == "on"


def _text(text: str) -> str:
    if not text:
        raise ValueError("not empty")
    return text


def _host(text: str) -> str:
    try:
        text.encode("idna")
    except UnicodeError:
        text = ""
    if not text or not text.isprintable() or " " in text:
        raise ValueError("a host name or an address")
    return text


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys:
        raise ValueError("one or more keys, separated by commas")
    return keys


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "--host", "127.0.0.1", _host, "address to listen on"),
    Setting("port", "--port", 18463, _integer(0, 65535), "port to listen on; 0 picks a free one"),
    Setting("port_file", "--port-file", None, _text, "file to write the port to once it listens"),
    Setting("admin_token", "--admin-token", None, _text, "token that the window and /__mock ask for"),
    Setting("tls", "--tls", False, _switch, "serve https, also for www.ailabapi.com", is_switch=True),
    Setting("tls_dir", "--tls-dir", "~/.ailab-mock", _text, "folder of the local certificate authority"),
    Setting(
        "api_keys", "--api-key", (), _keys, "a valid API key (repeatable); without it any non-empty key is valid"
    ),
    Setting("credits", "--credits", 1_000_000, _integer(0, 10**12), "starting balance of every key"),
    Setting("threads", "--threads", 0, _integer(0, 256), "threads for work on pixels; 0: one a core"),
    Setting("workers", "--workers", 1, _integer(1, 256), "processes for work on pixels; 1: threads of one process"),
    Setting(
        "queue",
        "--queue",
        64,
        _integer(0, 10**6),
        "edits that may wait for a thread; beyond it: AI_SERVICE_FLOW_RESTRICTION",
    ),
    Setting(
        "result_cache_bytes",
        "--result-cache-bytes",
        16 * 1024 * 1024,
        _integer(0, 2**40),
        "room for results of identical requests; 0: each is edited anew",
    ),
    Setting("timeout_s", "--timeout", 30.0, _seconds, "seconds until an edit is answered AI_SERVICE_TIMEOUT"),
    Setting(
        "max_body_bytes",
        "--max-body-bytes",
        16 * 1024 * 1024,
        _integer(1024, 2**31),
        "largest request body kept; beyond it: ERROR_REQUEST_BODY_TOO_LARGE",
    ),
    Setting(
        "all_bodies_bytes",
        "--all-bodies-bytes",
        256 * 1024 * 1024,
        _integer(1024, 2**40),
        "room for all bodies being received at once; beyond it: AI_SERVICE_FLOW_RESTRICTION",
    ),
    Setting(
        "client_timeout_s",
        "--client-timeout",
        60.0,
        _seconds,
        "seconds a client may take to send a head, then its body, or to read on",
    ),
    Setting(
        "max_connections",
        "--max-connections",
        1000,
        _integer(1, 10**6),
        "connections at once; beyond it the one leaves that waits for its client longest",
    ),
    Setting(
        "profile",
        "--profile",
        "superset",
        _choice("superset", "page", "openapi", "newest"),
        "generation of the vendor's envelope: superset suits every client; page, openapi, newest",
    ),
    Setting(
        "no_magic",
        "--no-magic",
        False,
        _switch,
        "no answers on demand: headers, keys, file names and queues mean nothing special",
        is_switch=True,
    ),
    Setting(
        "state",
        "--state",
        None,
        _text,
        "file that keeps tenants and journal over a restart; postgresql://... for several hosts",
    ),
    Setting("journal_entries", "--journal-entries", 5000, _integer(0, 10**6), "calls that the journal remembers"),
    Setting(
        "journal_bytes", "--journal-bytes", 16 * 1024 * 1024, _integer(0, 2**40), "room for the journal's pictures"
    ),
    Setting("log_format", "--log-format", "text", _choice("text", "json"), "text for people, json: an object a line"),
    Setting(
        "log_level", "--log-level", "info", _choice("debug", "info", "warning", "error"), "least severe log lines"
    ),
)


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
