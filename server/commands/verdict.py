"""`ailab-mock verdict --key KEY`: ask a running server what a client did wrong; a CI job can fail on it."""

from __future__ import annotations

import http.client
import json
import sys
from urllib.parse import quote

from server.commands.healthcheck import loopback_connection


def print_verdict(host: str, port: int, tls: bool, key: str, fail_on: str, admin_token: str | None = None) -> int:
    """Print the findings.

    Parameters
    ----------
    host, port, tls
        Where the server is.
    key : str
        The client's API key.
    fail_on : str
        Names of rules separated by commas, or "all"; empty: never fail.
    admin_token : str, optional
        The server's, if it asks for one.

    Returns
    -------
    int
        Exit status: 0 fine, 1 a rule named was broken, 2 misuse or no server.
    """
    connection = loopback_connection(host, port, tls, timeout_s=30.0)
    try:
        headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
        connection.request("GET", f"/__mock/verdict?key={quote(key, safe='')}", headers=headers)
        answer = json.loads(connection.getresponse().read())
        if not isinstance(answer, dict) or not answer.keys() & {"rules", "detail"}:
            raise ValueError("what answers there is no ailab-mock")
        if "rules" not in answer:
            print(f"ailab-mock: {host}:{port} refused: {answer['detail']}", file=sys.stderr)  # noqa: T201
            return 2
    except (OSError, http.client.HTTPException, ValueError) as error:
        print(f"ailab-mock: no answer from {host}:{port}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    finally:
        connection.close()
    failing = set(answer["rules"]) if fail_on == "all" else {name for name in fail_on.split(",") if name}
    unknown = failing - set(answer["rules"])
    if unknown:
        known = ", ".join(answer["rules"])
        print(f"ailab-mock: --fail-on knows {known}, not {', '.join(sorted(unknown))}", file=sys.stderr)  # noqa: T201
        return 2
    for finding in answer["findings"]:
        print(f"{finding['rule']}: {finding['text']} ({', '.join(finding['calls'])})")  # noqa: T201
    count = len(answer["findings"])
    print(f"{count} finding{'s' * (count != 1)}")  # noqa: T201
    return 1 if any(finding["rule"] in failing for finding in answer["findings"]) else 0
