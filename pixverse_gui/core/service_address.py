"""The API's address: the two that are known, and whether another one may be sent the key."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from pixverse_gui.core.errors import ServiceAddressError

# Both hosts stand in PixVerse's own clients; which one a key belongs to depends on where the account was made.
INTERNATIONAL: Final = "https://app-api.pixverse.ai"
CHINA: Final = "https://app-api.pixverseai.cn"

_ADDRESS: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#\\]*)(?P<rest>.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>.*))?", re.DOTALL)
_HOST_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_DEFAULT_PORT: Final = {"https": 443, "http": 80}
# People paste the address of an operation; the host is what they mean. Any other path would be ignored in silence.
_KNOWN_PATH: Final = re.compile(r"/?|/openapi(?:/.*)?")


def parse_service_address(text: str) -> str:
    """`scheme://host[:port]`, in lower case, without a default port. No name is looked up.

    https only; http only to this computer (tests). Raises ServiceAddressError.
    """
    text = text.strip()
    if not text:
        raise ServiceAddressError(reason="empty")
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ServiceAddressError(reason="scheme")
    scheme, authority, rest = match["scheme"].lower(), match["authority"], match["rest"]
    if scheme not in _DEFAULT_PORT:
        raise ServiceAddressError(reason="scheme")
    if "@" in authority:
        raise ServiceAddressError(reason="userinfo")
    host, port = _host_and_port(authority)
    if "?" in rest or "#" in rest:
        raise ServiceAddressError(reason="query")
    if not _KNOWN_PATH.fullmatch(rest):
        raise ServiceAddressError(reason="query")
    if scheme == "http" and not _is_this_computer(host):
        raise ServiceAddressError(reason="scheme")
    return f"{scheme}://{host}" if port in {None, _DEFAULT_PORT[scheme]} else f"{scheme}://{host}:{port}"


def host_of(api_url: str) -> str:
    """`host[:port]` of an address that `parse_service_address` gave: names the account and the key store's entry."""
    return api_url.partition("://")[2].partition("/")[0]


def is_loopback(api_url: str) -> bool:
    """The API is on this computer, as in tests: then links to this computer are taken too."""
    host = host_of(api_url)
    bracket = host.rfind("]")
    return _is_this_computer(host[: bracket + 1] if bracket >= 0 else host.partition(":")[0])


def _host_and_port(authority: str) -> tuple[str, int | None]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise ServiceAddressError(reason="host")
    host, port = _normal_host(match["host"]), match["port"]
    if not port:
        return host, None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise ServiceAddressError(reason="port")
    return host, int(port)


def _normal_host(host: str) -> str:
    if host.startswith("["):
        try:
            address = ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            raise ServiceAddressError(reason="host") from None
        if address.scope_id is not None:
            raise ServiceAddressError(reason="host")
        return f"[{address.compressed}]"
    if not host.isascii():
        host = _ascii_name(host)
    host = host.lower().removesuffix(".")
    if not _HOST_NAME.fullmatch(host):
        raise ServiceAddressError(reason="host")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
        return _normal_ipv4(host)
    return host


def _normal_ipv4(host: str) -> str:
    """A host that ends in a number is an IPv4 address; 127.1 and 0x7f000001 hide which one, so they are refused."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise ServiceAddressError(reason="host") from None


def _ascii_name(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ServiceAddressError(reason="host") from None


def _is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
