"""Whether a link is one that the service could reach, judged by its text alone: no name is looked up."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from pixverse_gui.core.limits import Limits

_LINK: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_NUMERIC_LABEL: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ASCII_LABEL: Final = re.compile(r"[a-z0-9_-]+")
# No browser and no server agrees on what these mean inside a link.
_FORBIDDEN: Final = frozenset('\\<>"')
# Names that only exist inside one network: RFC 6762, RFC 6761, RFC 8375, and those ICANN set aside for that.
_PRIVATE_ENDINGS: Final = (
    ".local",
    ".localhost",
    ".localdomain",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def link_problem(link: str, limits: Limits, *, allow_loopback: bool = False) -> str | None:
    """Reason of LINK_NOT_PUBLIC (scheme|length|characters|credentials|host), or None where the link can be sent.

    `allow_loopback`: take links to this computer, written plainly; for an API on this computer.
    """
    match = _LINK.fullmatch(link)
    if match is None or match["scheme"].lower() not in {"http", "https"}:
        return "scheme"
    if len(link) > limits.max_link_chars:
        return "length"
    if not link.isprintable() or any(one.isspace() or one in _FORBIDDEN for one in link):
        return "characters"
    if "@" in match["authority"]:
        return "credentials"
    return None if _is_usable_authority(match["authority"], allow_loopback=allow_loopback) else "host"


def link_label(link: str) -> str:
    """What the operator calls it: host and last part of the path, readable where that is safe to show."""
    match = _LINK.fullmatch(link)
    if match is None:
        return link
    path = re.split(r"[?#]", match["rest"], maxsplit=1)[0]
    try:
        readable = unquote(path, errors="strict")
    except UnicodeDecodeError:
        readable = path
    last = (readable if readable.isprintable() else path).rstrip("/").rpartition("/")[2]
    host = match["authority"].rpartition("@")[2]  # a name and a password are nothing for the screen
    return f"{host}/{last}" if last else host


def is_public_address(address: Address) -> bool:
    """Nothing of this computer, this network, or an address that wraps another one."""
    # is_reserved covers ::/8, so the IPv4-mapped, IPv4-compatible and NAT64 forms; is_global alone lets some through.
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return not (address.is_site_local or address.sixtofour or address.teredo or address.scope_id)
    return True


def _is_usable_authority(authority: str, *, allow_loopback: bool) -> bool:
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not match["host"]:
        return False
    if match["port"] and not 0 < int(match["port"]) < 65536:
        return False
    host = match["host"]
    if host.startswith("["):
        return _is_usable_ipv6(host[1:-1], allow_loopback=allow_loopback)
    # What a resolver makes of full-width digits and other kinds of dots.
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().removesuffix(".")
    labels = host.split(".")
    if not all(map(_is_label, labels)):
        return False
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        return _is_usable_ipv4(host, allow_loopback=allow_loopback)
    if host == "localhost":
        return allow_loopback
    return len(labels) > 1 and len(host) <= 253 and not host.endswith(_PRIVATE_ENDINGS)


def _is_label(label: str) -> bool:
    """Letters of any script are left to the resolver; of ASCII only what a name can have."""
    of_ascii = "".join(one for one in label if one.isascii())
    return 0 < len(label) <= 63 and (not of_ascii or _ASCII_LABEL.fullmatch(of_ascii) is not None)


def _is_usable_ipv4(host: str, *, allow_loopback: bool) -> bool:
    """Only four plain numbers: 0x7f.1, 2130706433 and 017700000001 are ways to hide an address."""
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return (allow_loopback and address.is_loopback) or is_public_address(address)


def _is_usable_ipv6(text: str, *, allow_loopback: bool) -> bool:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    # Python 3.13 calls ::ffff:127.0.0.1 a loopback address; here it is a way to hide one.
    is_loopback = address.is_loopback and address.ipv4_mapped is None
    return (allow_loopback and is_loopback) or is_public_address(address)
