"""A local certificate authority, so that clients with a hard-coded `https://www.ailabapi.com` reach the emulator.

trustme makes it; it stays in a folder of the user's, so that trust given once lasts. Its key signs only what this
machine serves: whoever trusts the certificate must keep the folder to himself.
"""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

CERTIFICATE_FILE = "ca.pem"
KEY_FILE = "ca-key.pem"
SERVED_NAMES = ("www.ailabapi.com", "localhost", "127.0.0.1", "::1")
"""The vendor's host and this machine."""
CERTIFICATE_DAYS = 365
"""A new one is made at every start; some clients refuse those that last longer than 825 days."""


class AuthorityError(RuntimeError):
    """The authority's folder cannot be used; the text says why."""


class Authority:
    """The authority kept in a folder, made on its first use."""

    def __init__(self, folder: Path) -> None:
        certificate, key = folder / CERTIFICATE_FILE, folder / KEY_FILE
        try:
            if certificate.exists() or key.exists():
                self._ca = trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
                return
            self._ca = trustme.CA(organization_name="ailab-mock", organization_unit_name="local authority for tests")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(self._ca.private_key_pem.bytes())
            certificate.write_bytes(self.certificate_pem)
        except OSError as error:
            raise AuthorityError(f"the authority in {folder} cannot be used: {error.strerror}") from error
        except ValueError as error:
            raise AuthorityError(f"the authority in {folder} is damaged: move it away to get a new one") from error

    @property
    def certificate_pem(self) -> bytes:
        """The authority's certificate: what clients must trust."""
        return self._ca.cert_pem.bytes()

    def server_context(self, host: str) -> ssl.SSLContext:
        """Return what serves TLS for `SERVED_NAMES` and the address listened on."""
        names = list(SERVED_NAMES)
        if host not in (*names, "0.0.0.0", "::"):
            names.append(host)
        until = datetime.now(UTC) + timedelta(days=CERTIFICATE_DAYS)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._ca.issue_cert(*names, not_after=until).configure_cert(context)
        return context
