"""Headers outside the contract: they lead from an answer to what is known of it."""

from __future__ import annotations

from server.contract.printable import printable_ascii

WHY_HEADER = "X-Mock-Why"
"""One line for people on why a call was refused."""
EXPLAIN_HEADER = "X-Mock-Explain"
"""Where the journal explains the quality checks of this call."""
DIGEST_HEADER = "X-Mock-Result-Digest"
"""SHA-256 of the edited file; the same input has the same digest."""
REQUEST_ID_HEADER = "X-Mock-Request-Id"
"""The `request_id` of the answer as a header; log and journal have the same."""
EVIDENCE_HEADERS = (WHY_HEADER, EXPLAIN_HEADER, DIGEST_HEADER, REQUEST_ID_HEADER)
"""All of them: browsers are told that pages may read them."""


def reason_header(why: str) -> dict[str, str]:
    """Return the header that says why, where there is something to say."""
    return {WHY_HEADER: printable_ascii(why)} if why else {}
