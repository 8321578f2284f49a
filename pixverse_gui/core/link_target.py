"""A link  →  whom to connect to and what to ask for, byte for byte.

Part of `link_preview`. Libraries tidy links up (%2F, %7E, dots, case), and a signed link then fails: so nothing is
touched but what HTTP cannot carry, which is everything outside ASCII.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urljoin

_LINK = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[^\]]*\]|[^:/?#]*)(?::(?P<port>\d*))?(?P<rest>[^#]*)", re.IGNORECASE
)
_PORTS = {"http": 80, "https": 443}
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
# What servers write into a Location header although it must not stand there.
_NOT_IN_A_LINK = re.compile(rb"[\x00-\x20\x7f-\xff\"<>]")


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """`host` is ASCII, without brackets. `path` is what stands in the request line, query included."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """For the Host header: without the port that is understood."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_loopback_by_name(self) -> bool:
        """It names this computer itself, so no proxy has a part in it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def link_target(link: str) -> LinkTarget:
    """For a link that `link_problem` has nothing against. Raises ValueError for a host that no name can have."""
    match = _LINK.match(link)
    if match is None:
        raise ValueError("not a link")
    scheme, host, rest = match["scheme"].lower(), match["host"].strip("[]"), match["rest"]
    path = quote(rest if rest.startswith("/") else f"/{rest}", safe=_ASCII)
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host).encode("idna").decode("ascii")
    return LinkTarget(scheme, host.lower().removesuffix("."), int(match["port"] or _PORTS[scheme]), path)


def redirected_link(link: str, location: str) -> str:
    """Where an answer to `link` leads. `location` as `http.client` gives it: bytes read as latin-1."""
    raw = location.strip().encode("latin-1", errors="replace")
    clean = _NOT_IN_A_LINK.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")
    return urljoin(link, clean)
