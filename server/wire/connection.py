"""What the protocol tells a request of its connection: keys of the scope's state."""

from __future__ import annotations

ABORT = "abort_connection"
"""Key of the connection's state under which the protocol puts what resets it."""
HAS_LEFT = "client_ended"
"""Key under which the protocol tells whether the client closed its side while the answer was made."""
DISMISSED_WITH = "dismissed_with"
"""Key under which the protocol tells how it answered a client whose body did not arrive in time: refusal and id."""
IS_GONE = "connection_closed"
"""Key under which the protocol tells whether the connection is closed both ways."""
