"""What every test of the whole program says again and again: a key, the two lists, connected, staged, sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer

KEY = "sk-0123456789abcdef0123456789abcdef"
UPLOADS = ("list", "Uploads")
HISTORY = ("list", "Uploaded images")


def connected(start: Callable[..., Program], server: ScriptedServer, *named: object, **options: Any) -> Program:
    """The program with a key from the environment, talking to the loopback server."""
    return start("--api-url", server.url, *map(str, named), environ={"PIXVERSE_API_KEY": KEY}, **options)


def staged(program: Program, count: int) -> list[str]:
    """All rows, once `count` of them are ready."""
    return program.accessible.wait_items(*UPLOADS, ".*, ready.*", count, timeout=30)


def sent(program: Program, count: int) -> list[str]:
    """All rows, once `count` of them were uploaded by the button."""
    program.accessible.press("button", f"Upload {count} images?")
    return program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", count, timeout=30)


def says(program: Program, sentence: str, timeout: float = 15.0) -> None:
    """Waits until a text with this in it (a regular expression) is in the window."""
    program.accessible.find("label", f"(?s).*{sentence}.*", timeout)
