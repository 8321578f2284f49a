"""A public link  →  its first 20 MiB, within strict limits: one deadline, checked addresses, nothing of the operator.

Part of `link_preview`. No cookies, no key, no netrc, no SSLKEYLOGFILE, nothing from the environment. The standard
library's parser does the HTTP; the connection is made here, to the very address that was checked, and its peer is
checked once more before the answer is read, so that a name cannot point elsewhere at the second look-up.

The one thing that cannot be bounded is the name look-up itself: the system's resolver cannot be interrupted. Its time
counts, so what comes after it is given up at once.
"""

from __future__ import annotations

import base64
import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from pixverse_gui import __version__
from pixverse_gui.core.image_headers import FIRST_BLOCK_BYTES, read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.link_target import LinkTarget, link_target, redirected_link
from pixverse_gui.core.public_link import is_public_address, link_problem
from pixverse_gui.core.system_trust import SystemTrust

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Signed addresses of storage services are longer than what the upload API takes.
_REDIRECT_MAX_CHARS = 8_192
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_POLL_S = 0.25
_HEADERS = (
    f"User-Agent: pixverse-gui/{__version__}\r\nAccept: image/png, image/jpeg, image/webp, */*;q=0.5\r\n"
    "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
)


class FetchFailedError(Exception):
    """Nothing usable came. `reason` is that of PREVIEW_FAILED."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with success. `type` is bare and lower-case, "" if none was told.

    `data` is all of it only if `is_whole`: of a page nothing is read, of what is no picture only the beginning, and of
    what is too large the beginning too. `byte_size`: as announced, or as far as it was read.
    """

    type: str
    data: bytes
    byte_size: int
    is_whole: bool

    @property
    def is_page(self) -> bool:
        return self.type in _PAGE_TYPES


class LinkFetcher:
    """One link, on a worker thread. `proxies` as `urllib.request.getproxies` gives them."""

    def __init__(
        self,
        limits: Limits,
        *,
        allow_loopback: bool,
        proxies: Mapping[str, str] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
        trust: SystemTrust | None = None,
    ) -> None:
        self._limits, self._trust = limits, trust or SystemTrust()
        self._allow_loopback, self._proxies, self._is_cancelled = allow_loopback, dict(proxies or {}), is_cancelled
        self._deadline = time.monotonic() + limits.preview_timeout_s

    def fetch(self, link: str) -> Fetched:
        """Follow at most `preview_max_redirects` redirects. Raises FetchFailedError."""
        for _ in range(self._limits.preview_max_redirects + 1):
            with self._answer_to(link) as answer:
                location = answer.getheader("Location") if answer.status in _REDIRECTS else None
                if location is None:
                    return self._read(answer)
                link = self._next_link(link, location)
        raise FetchFailedError("redirects")

    def _next_link(self, link: str, location: str) -> str:
        following = redirected_link(link, location)
        limits = replace(self._limits, max_link_chars=_REDIRECT_MAX_CHARS)
        problem = link_problem(following, limits, allow_loopback=self._allow_loopback)
        if problem is not None:
            raise FetchFailedError("private" if problem == "host" else "redirects")
        return following

    @contextmanager
    def _answer_to(self, link: str) -> Iterator[http.client.HTTPResponse]:
        """The head of an answer; its body can be read while the context lasts. Translates every error on the way."""
        try:
            target = link_target(link)
            with self._connected(target) as (sock, request_path, extra):
                sock.sendall(f"GET {request_path} HTTP/1.1\r\nHost: {target.authority}\r\n{extra}{_HEADERS}".encode())
                # Closed here and not by the collector, which may take the stream under an answer first.
                with closing(self._head(sock, "GET")) as answer:
                    yield answer
        except TimeoutError as error:
            raise FetchFailedError("timeout") from error
        except ssl.SSLCertVerificationError as error:
            raise FetchFailedError("certificate") from error
        # ValueError: a host or a header that cannot be; http.client's own parser raises it too.
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchFailedError("unreachable") from error

    @contextmanager
    def _connected(self, target: LinkTarget) -> Iterator[tuple[socket.socket, str, str]]:
        """A socket to ask on, what to ask for, and the headers that a proxy wants besides."""
        proxy = None if target.is_loopback_by_name else self._proxies.get(target.scheme) or self._proxies.get("all")
        path, extra, login = target.path, "", ""
        if proxy is None:
            plain = self._connect(target.host, target.port, is_checked=True)
        else:
            host, port, login = _parsed_proxy(proxy)
            plain = self._connect(host, port, is_checked=False)
            if target.scheme == "http":
                path, extra = f"http://{target.authority}{target.path}", login
        with plain:
            if target.scheme == "http":
                yield plain, path, extra
                return
            if proxy is not None:
                self._open_tunnel(plain, target, login)
            plain.settimeout(self._left())
            with self._trust.context().wrap_socket(plain, server_hostname=target.host) as secure:
                yield secure, path, extra

    def _connect(self, host: str, port: int, *, is_checked: bool) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if is_checked and not all(self._may_connect(address[0]) for *_, address in found):
            raise FetchFailedError("private")
        failure: OSError = TimeoutError("no time left")
        for index, (family, kind, protocol, _, address) in enumerate(found):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._left() / (len(found) - index))
                sock.connect(address)
                if is_checked and not self._may_connect(sock.getpeername()[0]):
                    raise FetchFailedError("private")
            except OSError as error:
                sock.close()
                failure = error
            except FetchFailedError:
                sock.close()
                raise
            else:
                sock.settimeout(self._left())
                return sock
        raise failure

    def _may_connect(self, text: Any) -> bool:
        address = ipaddress.ip_address(text)
        return is_public_address(address) or (self._allow_loopback and address.is_loopback)

    def _open_tunnel(self, sock: socket.socket, target: LinkTarget, login: str) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        whole = f"{host}:{target.port}"
        sock.sendall(f"CONNECT {whole} HTTP/1.1\r\nHost: {whole}\r\n{login}\r\n".encode())
        with closing(self._head(sock, "CONNECT")) as answer:
            if answer.status != http.client.OK:
                raise FetchFailedError("unreachable")

    def _head(self, sock: socket.socket, method: str) -> http.client.HTTPResponse:
        stream = _Stream(_TimedReader(sock, self._left, self._is_cancelled))
        answer = http.client.HTTPResponse(cast("socket.socket", stream), method=method)
        answer.begin()
        return answer

    def _read(self, answer: http.client.HTTPResponse) -> Fetched:
        if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
            raise FetchFailedError("status")
        told = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        size, most = answer.length or 0, self._limits.preview_max_bytes
        if told in _PAGE_TYPES:
            return Fetched(told, b"", size, is_whole=False)
        data = self._read_up_to(answer, min(FIRST_BLOCK_BYTES, most))
        is_picture = read_image_header(data).format is not None
        if is_picture and size < most:
            data += self._read_up_to(answer, most - len(data))
        size = max(size, len(data))
        # Where exactly as much came as may be read, that there is more is as good as certain.
        return Fetched(told, data, size, is_whole=is_picture and size < most)

    @staticmethod
    def _read_up_to(answer: http.client.HTTPResponse, most: int) -> bytes:
        data = bytearray()
        while len(data) < most and (block := answer.read1(min(FIRST_BLOCK_BYTES, most - len(data)))):
            data += block
        if len(data) < most and answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return bytes(data)

    def _left(self) -> float:
        """Seconds until the deadline; raises TimeoutError when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for looking at a link is over")
        return left


class _TimedReader(io.RawIOBase):
    """A socket that is read up to one deadline, however slowly it drips, or until nobody waits for it any more."""

    def __init__(self, sock: socket.socket, left: Callable[[], float], is_cancelled: Callable[[], bool]) -> None:
        super().__init__()
        self._sock, self._left, self._is_cancelled = sock, left, is_cancelled

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while True:
            if self._is_cancelled():
                raise TimeoutError("nobody waits for it any more")
            self._sock.settimeout(min(_POLL_S, self._left()))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue


class _Stream:
    """What HTTPResponse wants of a socket."""

    def __init__(self, reader: _TimedReader) -> None:
        self._reader = reader

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._reader)


def _parsed_proxy(proxy: str) -> tuple[str, int, str]:
    """Host, port and login header. Raises ValueError for what is no plain HTTP proxy."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError("not a plain HTTP proxy")
    login = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        login = f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}\r\n"
    return parts.hostname, parts.port or 80, login
