"""Mutations of bytes, the same for the same seed: the plain kind that needs no coverage."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

_ODD_BYTES = (0x00, 0x01, 0x0A, 0x0D, 0x22, 0x2D, 0x3B, 0x3D, 0x7F, 0x80, 0xFE, 0xFF)
_ODD_WORDS = (
    *(b"\0\0", b"\xff\xff", b"\0\1", b"\1\0", b"\x7f\xff", b"\x80\0"),
    *(b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"),
)


def mutated(seeds: Sequence[bytes], count: int, seed: int, head_bytes: int = 200) -> Iterator[bytes]:
    """Return `count` damaged variants of seeds, taken in turn.

    Half of the damage falls into the first `head_bytes`, where the structure of most formats lies.
    """
    source = random.Random(seed)
    for number in range(count):
        content = bytearray(seeds[number % len(seeds)])
        for _ in range(source.choice((1, 1, 2, 4, 16))):
            _damage(content, seeds, source, head_bytes)
        yield bytes(content)


def _damage(content: bytearray, seeds: Sequence[bytes], source: random.Random, head_bytes: int) -> None:
    end = min(len(content), head_bytes) if source.random() < 0.5 else len(content)
    at = source.randrange(max(end, 1))
    length = source.choice((1, 2, 4, 16, 64, 1024))
    kind = source.randrange(8)
    if not content:
        content += source.choice(seeds)
    elif kind == 0:
        content[at] ^= 1 << source.randrange(8)
    elif kind == 1:
        content[at] = source.choice(_ODD_BYTES)
    elif kind == 2:
        word = source.choice(_ODD_WORDS)
        content[at : at + len(word)] = word
    elif kind == 3:
        del content[at : at + length]
    elif kind == 4:
        content[at:at] = content[at : at + length] * source.choice((1, 2, 30))
    elif kind == 5:
        content[at:at] = source.randbytes(length)
    elif kind == 6:
        other = source.choice(seeds)
        start = source.randrange(len(other))
        content[at : at + length] = other[start : start + length]
    else:
        del content[at:]
