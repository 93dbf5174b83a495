"""Pictures of the journal: kept once by digest, within a byte budget."""

from __future__ import annotations

from collections import OrderedDict


class BlobStore:
    """Bytes by SHA-256; what was used longest ago leaves first."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self.held_bytes = 0
        self.evicted = 0

    def put(self, digest: str, content: bytes) -> list[str]:
        """Keep some bytes, if they fit at all; return the digests of those that had to leave."""
        left = []
        if digest in self._blobs:
            self._blobs.move_to_end(digest)
        elif len(content) <= self._budget_bytes:
            self._blobs[digest] = content
            self.held_bytes += len(content)
        else:
            self.evicted += 1
        while self.held_bytes > self._budget_bytes:
            oldest, dropped = self._blobs.popitem(last=False)
            self.held_bytes -= len(dropped)
            self.evicted += 1
            left.append(oldest)
        return left

    def get(self, digest: str) -> bytes | None:
        """Return the bytes; None when they were evicted or never kept."""
        return self._blobs.get(digest)

    def discard(self, digest: str) -> None:
        """Forget one picture, if it is there."""
        self.held_bytes -= len(self._blobs.pop(digest, b""))

    def clear(self) -> None:
        """Forget everything."""
        self._blobs.clear()
        self.held_bytes = 0
