"""Bytes damaged as disks, networks and enemies damage them: drawn from a seed, so that each can be made again."""

from __future__ import annotations

import random

_LENGTHS = (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x01", b"\xff\xff")


def mutate(data: bytes, dice: random.Random) -> bytes:
    """One to five kinds of damage on top of each other."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        if changed:
            dice.choice(_KINDS)(changed, dice)
    return bytes(changed)


def _flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def _leave_out(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randint(1, 64)]


def _repeat(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start:start] = data[start : start + dice.randint(1, 64)]


def _overwrite(data: bytearray, dice: random.Random) -> None:
    start, length = dice.randrange(len(data)), dice.choice(_LENGTHS)
    data[start : start + len(length)] = length


def _early(data: bytearray, dice: random.Random) -> None:
    """In the head, where sizes and counts stand."""
    data[dice.randrange(min(64, len(data)))] = dice.randrange(256)


def _append(data: bytearray, dice: random.Random) -> None:
    data += dice.randbytes(dice.randint(1, 200))


_KINDS = (_flip, _flip, _cut, _leave_out, _repeat, _overwrite, _overwrite, _early, _early, _append)
