"""The message of a second start: nothing is lost in it, and nothing else is taken for one."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.hand_over_message import MAX_BYTES, HandOverReader, hand_over_message

# Python has these for the bytes of names that are no UTF-8.
odd_bytes = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
names = st.lists(st.text(st.characters()) | st.text(odd_bytes), max_size=20)


@given(names, st.integers(1, 50))
def test_what_was_named_arrives_however_it_is_cut(named: list[str], step: int) -> None:
    message, reader = hand_over_message(named), HandOverReader()
    pieces = [message[start : start + step] for start in range(0, len(message), step)]
    answers = [reader.feed(piece) for piece in pieces]
    assert answers == [None] * (len(pieces) - 1) + [tuple(named)]


def framed(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", MAX_BYTES + 1),
        b"GET / HTTP/1.1\r\n\r\n",
        hand_over_message([]) + b"x",
        framed(b"[" * 100_000),
        framed(b"null"),
        framed(b"\xff\xfe"),
        framed(b'{"version": 1}'),
        framed(json.dumps({"version": 2, "named": []}).encode()),
        framed(json.dumps({"version": 1, "named": "abc"}).encode()),
        framed(json.dumps({"version": 1, "named": [1]}).encode()),
        framed(json.dumps({"version": 1, "named": [], "run": "rm"}).encode()),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="message"):
        HandOverReader().feed(data)


def test_random_bytes_are_refused_or_wait_for_more() -> None:
    assert HandOverReader().feed(b"\0\0\0") is None
    assert HandOverReader().feed(struct.pack(">I", 10) + b"{") is None
