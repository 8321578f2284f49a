"""What was typed: the command line as one frozen value; speaks in sentences and leaves with exit code 2."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from pixverse_gui import __version__

_LINK = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+://|https?:|data:)", re.IGNORECASE)
"""`scan:0007.png` is the name of a file. Two characters at least, so that a Windows drive is no scheme."""

_ADDRESS_PROBLEMS = {
    "scheme": "it must begin with https:// (http:// only for this computer)",
    "host": "it names no host",
    "userinfo": "it must not hold a name or a password",
    "query": "it must be an address without path, ? or #",
    "port": "its port is not a number from 1 to 65535",
    "empty": "it is empty",
}


@dataclass(frozen=True, slots=True)
class CommandLine:
    """`api_url` is the normalised origin. `named` holds absolute paths and links, in the order they were typed."""

    practice: bool = False
    data_dir: Path | None = None
    api_url: str | None = None
    named: tuple[str, ...] = ()


class _Parser(argparse.ArgumentParser):
    """Ends with one line on stderr, without the usage block, so that a launcher's log shows what was wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def parse_command_line(arguments: Sequence[str]) -> CommandLine:
    """Raises SystemExit: 0 after --help and --version, 2 with one line on stderr where an argument is unusable."""
    if not arguments:  # as from a menu: making a parser that has nothing to read is a fifth of what comes before Qt
        return CommandLine()
    parser = _build_parser()
    typed = parser.parse_args(arguments)
    return CommandLine(
        practice=typed.practice,
        data_dir=None if typed.data_dir is None else _folder(parser, typed.data_dir),
        api_url=None if typed.api_url is None else _service_address(parser, typed.api_url),
        named=tuple(_absolute(name) for name in typed.named if name),
    )


def _build_parser() -> _Parser:
    parser = _Parser(
        prog="pixverse-gui",
        description="Upload pictures to PixVerse and copy their ids. Nothing is sent before you press Upload.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--practice", action="store_true", help="try it without an account: nothing leaves this computer"
    )
    parser.add_argument("--data-dir", metavar="DIR", help="keep history and settings in this folder")
    parser.add_argument("--api-url", metavar="URL", help="send to this service for this run")
    parser.add_argument("--version", action="version", version=f"PixVerse Uploader {__version__}")
    parser.add_argument("named", nargs="*", metavar="FILE|FOLDER|LINK", help="put into the list, not sent")
    return parser


def _folder(parser: _Parser, text: str) -> Path:
    if not text:
        parser.error("--data-dir needs the name of a folder.")
    folder = Path(text).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        parser.error(f"--data-dir names a file, not a folder: {folder}")
    return folder


def _service_address(parser: _Parser, text: str) -> str:
    # The address rules live in core; importing them costs a few milliseconds that most starts need not pay.
    from pixverse_gui.core.errors import ServiceAddressError  # noqa: PLC0415
    from pixverse_gui.core.service_address import parse_service_address  # noqa: PLC0415

    try:
        return parse_service_address(text)
    except ServiceAddressError as error:
        problem = _ADDRESS_PROBLEMS.get(str(error.params.get("reason")), "it is not a service address")
        parser.error(f"--api-url cannot be used: {problem}.")


def _absolute(name: str) -> str:
    """Paths are made absolute here, where the working directory is still the one they were typed in.

    Links stay as they were typed, so that their row can say what is wrong with them.
    """
    path = _path_of_file_link(name) if name[:5].lower() == "file:" else None
    if path is not None:
        return path
    if _LINK.match(name) and not os.path.lexists(name):
        return name
    return os.path.abspath(name)  # noqa: PTH100 - Path drops a trailing slash, and keeps ".."


def _path_of_file_link(link: str) -> str | None:
    """Desktop launchers that fill in %U hand over file: links; None for one that leads to another computer."""
    from pixverse_gui.core.intake import path_from_file_url  # noqa: PLC0415 - as above

    return path_from_file_url(link)
