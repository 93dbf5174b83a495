"""The settings of the server, a row each: name, flag, default, reader, meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.setting_readers import host, integer, key_list, not_empty, on_or_off, one_of, seconds

PREFIX = "AILAB_MOCK_"


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


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "--host", "127.0.0.1", host, "address to listen on"),
    Setting("port", "--port", 18463, integer(0, 65535), "port to listen on; 0 picks a free one"),
    Setting("port_file", "--port-file", None, not_empty, "file to write the port to once it listens"),
    Setting("admin_token", "--admin-token", None, not_empty, "token that the window and /__mock ask for"),
    Setting("tls", "--tls", False, on_or_off, "serve https, also for www.ailabapi.com", is_switch=True),
    Setting("tls_dir", "--tls-dir", "~/.ailab-mock", not_empty, "folder of the local certificate authority"),
    Setting(
        "api_keys", "--api-key", (), key_list, "a valid API key (repeatable); without it any non-empty key is valid"
    ),
    Setting("credits", "--credits", 1_000_000, integer(0, 10**12), "starting balance of every key"),
    Setting("threads", "--threads", 0, integer(0, 256), "threads for work on pixels; 0: one a core"),
    Setting("workers", "--workers", 1, integer(1, 256), "processes for work on pixels; 1: threads of one process"),
    Setting(
        "queue",
        "--queue",
        64,
        integer(0, 10**6),
        "edits that may wait for a thread; beyond it: AI_SERVICE_FLOW_RESTRICTION",
    ),
    Setting(
        "result_cache_bytes",
        "--result-cache-bytes",
        16 * 1024 * 1024,
        integer(0, 2**40),
        "room for results of identical requests; 0: each is edited anew",
    ),
    Setting("timeout_s", "--timeout", 30.0, seconds, "seconds until an edit is answered AI_SERVICE_TIMEOUT"),
    Setting(
        "max_body_bytes",
        "--max-body-bytes",
        16 * 1024 * 1024,
        integer(1024, 2**31),
        "largest request body kept; beyond it: ERROR_REQUEST_BODY_TOO_LARGE",
    ),
    Setting(
        "all_bodies_bytes",
        "--all-bodies-bytes",
        256 * 1024 * 1024,
        integer(1024, 2**40),
        "room for all bodies being received at once; beyond it: AI_SERVICE_FLOW_RESTRICTION",
    ),
    Setting(
        "client_timeout_s",
        "--client-timeout",
        60.0,
        seconds,
        "seconds a client may take to send a head, then its body, or to read on",
    ),
    Setting(
        "max_connections",
        "--max-connections",
        1000,
        integer(1, 10**6),
        "connections at once; beyond it the one leaves that waits for its client longest",
    ),
    Setting(
        "profile",
        "--profile",
        "superset",
        one_of("superset", "page", "openapi", "newest"),
        "generation of the vendor's envelope: superset suits every client; page, openapi, newest",
    ),
    Setting(
        "no_magic",
        "--no-magic",
        False,
        on_or_off,
        "no answers on demand: headers, keys, file names and queues mean nothing special",
        is_switch=True,
    ),
    Setting(
        "state",
        "--state",
        None,
        not_empty,
        "file that keeps tenants and journal over a restart; postgresql://... for several hosts",
    ),
    Setting("journal_entries", "--journal-entries", 5000, integer(0, 10**6), "calls that the journal remembers"),
    Setting(
        "journal_bytes", "--journal-bytes", 16 * 1024 * 1024, integer(0, 2**40), "room for the journal's pictures"
    ),
    Setting("log_format", "--log-format", "text", one_of("text", "json"), "text for people, json: an object a line"),
    Setting(
        "log_level", "--log-level", "info", one_of("debug", "info", "warning", "error"), "least severe log lines"
    ),
)
