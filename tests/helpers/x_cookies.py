"""Entries of an .Xauthority file: what an X server asks of who wants in."""

from __future__ import annotations

ANY_COMPUTER = 0xFFFF
NAME = b"MIT-MAGIC-COOKIE-1"


def cookie_entry(
    cookie: bytes, *, number: str = "", family: int = ANY_COMPUTER, address: bytes = b"", name: bytes = NAME
) -> bytes:
    """One entry; without a number it is for every display, without a family for every computer."""
    texts = (address, number.encode(), name, cookie)
    return family.to_bytes(2, "big") + b"".join(len(text).to_bytes(2, "big") + text for text in texts)
