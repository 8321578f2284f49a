"""Looking at links, against real servers on this computer."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pixverse_gui.core import link_fetch
from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.link_preview import inspect_link
from pixverse_gui.core.models import ImageFormat, Inspection, Issue, IssueCode, Source, SourceKind
from tests.helpers import behaviours, pictures
from tests.helpers.certificates import Authority
from tests.helpers.scripted_server import ScriptedServer

_C = IssueCode
LIMITS = Limits(preview_timeout_s=5)
SHORT = Limits(preview_timeout_s=0.4)
PICTURE = pictures.encoded(pictures.noise(), "JPEG")
PUBLIC = "93.184.215.14"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(pages={"/a.jpg": ("image/jpeg", PICTURE)}) as running:
        yield running


def look(link: str, limits: Limits = LIMITS, *, allow_loopback: bool = True, **more: Any) -> Inspection:
    return inspect_link(Source(SourceKind.LINK, link, link), limits, allow_loopback=allow_loopback, **more)


def told(found: Inspection) -> list[tuple[IssueCode, dict[str, Any]]]:
    return [(issue.code, dict(issue.params)) for issue in found.issues]


def failure(reason: str) -> list[tuple[IssueCode, dict[str, Any]]]:
    return [(_C.PREVIEW_FAILED, {"reason": reason})]


def paths(server: ScriptedServer) -> list[str]:
    return [arrival.path for arrival in server.arrivals]


# --- what comes -------------------------------------------------------------------------------------------------------


def test_a_picture_has_facts_and_a_thumbnail(server: ScriptedServer) -> None:
    found = look(f"{server.url}/a.jpg")
    assert found.issues == ()
    assert found.facts is not None
    assert (found.facts.format, found.facts.width, found.facts.height) == (ImageFormat.JPEG, 320, 240)
    assert (found.facts.byte_size, found.facts.modified_ns) == (len(PICTURE), None)
    assert found.facts.sha256 == hashlib.sha256(PICTURE).hexdigest()
    assert found.thumbnail is not None


def test_nothing_but_one_plain_request_is_made(server: ScriptedServer) -> None:
    server.script(behaviours.answer(PICTURE, type="image/jpeg", set_cookie="a=b"), kind="page")
    look(f"{server.url}/a.jpg")
    look(f"{server.url}/a.jpg")
    assert [arrival.method for arrival in server.arrivals] == ["GET", "GET"]
    assert server.arrivals[1].headers.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert server.arrivals[1].headers["accept-encoding"] == "identity"


def test_no_name_and_password_of_a_netrc_file_go_along(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    look(f"{server.url}/a.jpg")
    assert "authorization" not in server.arrivals[0].headers


@pytest.mark.parametrize(
    ("asked", "arrives"),
    [
        ("/openapi%2Fx%2f/../y.jpg?a=%e4&b=~%7E", "/openapi%2Fx%2f/../y.jpg?a=%e4&b=~%7E"),
        ("/bild ü.jpg".replace(" ", "+") + "#part", "/bild+%C3%BC.jpg"),
        ("", "/"),
    ],
)
def test_the_link_is_asked_for_byte_for_byte(server: ScriptedServer, asked: str, arrives: str) -> None:
    look(server.url + asked)
    assert paths(server) == [arrives]


@pytest.mark.parametrize("told_type", ["application/octet-stream", "binary/octet-stream", "text/plain", ""])
def test_a_picture_that_is_not_called_one_is_shown_all_the_same(server: ScriptedServer, told_type: str) -> None:
    server.pages["/x"] = (told_type, PICTURE)
    found = look(f"{server.url}/x")
    assert told(found) == [(_C.LINK_IS_UNTYPED, {"type": told_type})]
    assert found.facts is not None
    assert found.thumbnail is not None


@pytest.mark.parametrize("told_type", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])
def test_a_page_is_called_one_and_not_read(server: ScriptedServer, told_type: str) -> None:
    server.script(behaviours.Behaviour(endless=True, body=b"", headers={"Content-Type": told_type}), kind="page")
    found = look(f"{server.url}/x")
    assert (told(found), found.facts) == ([(_C.LINK_IS_A_PAGE, {})], None)
    assert found.is_sendable


@pytest.mark.parametrize(
    ("told_type", "data", "expected"),
    [
        ("image/jpeg", b"hello", failure("not_an_image")),
        ("image/gif", pictures.gif(), failure("not_an_image")),
        ("image/jpeg", b"", failure("not_an_image")),
        ("", b"", failure("not_an_image")),
        ("video/mp4", bytes(200_000), failure("not_an_image")),
        ("application/octet-stream", bytes(200_000), [(_C.LINK_IS_UNTYPED, {"type": "application/octet-stream"})]),
        ("", b"junk", [(_C.LINK_IS_UNTYPED, {"type": ""})]),
        ("image/jpeg", PICTURE[:-500], failure("not_an_image")),
    ],
)
def test_what_is_no_picture_is_a_warning(
    server: ScriptedServer, told_type: str, data: bytes, expected: list[tuple[IssueCode, dict[str, Any]]]
) -> None:
    server.pages["/x"] = (told_type, data)
    found = look(f"{server.url}/x")
    assert told(found) == expected
    assert found.is_sendable
    assert found.thumbnail is None


def test_an_answer_in_chunks_is_put_together(server: ScriptedServer) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PICTURE[:5], PICTURE[5:]))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.script(behaviours.raw(head + chunks + b"0\r\n\r\n"), kind="page")
    assert look(f"{server.url}/x").issues == ()


def test_an_answer_without_a_length_ends_with_the_connection(server: ScriptedServer) -> None:
    server.script(behaviours.raw(b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + PICTURE), kind="page")
    assert look(f"{server.url}/x").issues == ()


# --- limits of the service --------------------------------------------------------------------------------------------


def test_too_many_pixels_are_blocked_as_in_a_file(server: ScriptedServer) -> None:
    server.pages["/x"] = ("image/png", pictures.png((10_001, 3)))
    found = look(f"{server.url}/x")
    assert told(found) == [(_C.TOO_MANY_PIXELS, {"width": 10_001, "height": 3, "limit": 10_000})]
    assert not found.is_sendable


def test_warnings_are_those_of_a_file_but_for_the_ending(server: ScriptedServer) -> None:
    server.pages["/x.jpg"] = ("image/png", pictures.png((4_001, 3), "I;16"))
    assert [code for code, _ in told(look(f"{server.url}/x.jpg"))] == [_C.LARGE_SIDE, _C.COLOURS_MAY_DIFFER]


def test_too_many_bytes_are_known_before_they_are_read(server: ScriptedServer) -> None:
    size = 3 * 2**30
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % size
    server.script(behaviours.raw(head + pictures.jpeg_with([bytes(0)], PICTURE) + bytes(200_000)), kind="page")
    found = look(f"{server.url}/x")
    assert told(found) == [(_C.TOO_MANY_BYTES, {"bytes": size, "limit": LIMITS.max_file_bytes})]
    assert found.facts is not None
    assert (found.facts.width, found.facts.byte_size, found.facts.sha256) == (320, size, None)


def test_a_stream_that_does_not_end_is_read_up_to_the_limit(server: ScriptedServer) -> None:
    limits = Limits(preview_timeout_s=5, preview_max_bytes=300_000, max_file_bytes=300_000)
    server.script(behaviours.Behaviour(endless=True, body=PICTURE, headers={"Content-Type": "image/jpeg"}), kind="page")
    found = look(f"{server.url}/x", limits)
    assert told(found) == [(_C.TOO_MANY_BYTES, {"bytes": 300_000, "limit": 300_000})]


def test_more_than_a_preview_may_read_is_no_blocker_where_the_service_would_take_it(server: ScriptedServer) -> None:
    limits = Limits(preview_timeout_s=5, preview_max_bytes=1_000)
    found = look(f"{server.url}/a.jpg", limits)
    assert told(found) == failure("too_large")
    assert found.facts is not None
    assert found.facts.width == 320


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: ScriptedServer, status: int) -> None:
    server.pages["/x"] = behaviours.redirect("/y?z=%2F", status)
    server.pages["/y?z=%2F"] = behaviours.redirect(f"{server.url}/a.jpg", status)
    assert look(f"{server.url}/x").issues == ()
    assert paths(server) == ["/x", "/y?z=%2F", "/a.jpg"]


def test_at_most_three_redirects_are_followed(server: ScriptedServer) -> None:
    server.pages.update({f"/{step}": behaviours.redirect(f"/{step - 1}") for step in range(1, 6)})
    server.pages["/0"] = ("image/jpeg", PICTURE)
    assert look(f"{server.url}/3").issues == ()
    server.clear()
    assert told(look(f"{server.url}/4")) == failure("redirects")
    assert paths(server) == ["/4", "/3", "/2", "/1"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/a.jpg", "private"),
        ("http://[::ffff:192.168.0.1]/", "private"),
        ("http://169.254.169.254/latest/meta-data", "private"),
        ("http://2130706433/", "private"),
        ("http://printer.local/", "private"),
        ("ftp://example.com/a.jpg", "redirects"),
        ("javascript:alert(1)", "redirects"),
        ("http://me:secret@example.com/", "redirects"),
        ("http://exam\\ple.com/", "redirects"),
        ("http://example.com/" + "x" * 9_000, "redirects"),
    ],
)
def test_redirects_to_where_no_link_may_lead_are_not_followed(
    server: ScriptedServer, location: str, reason: str
) -> None:
    server.pages["/x"] = behaviours.redirect(location)
    found = look(f"{server.url}/x")
    assert told(found) == failure(reason)
    assert found.is_sendable
    assert paths(server) == ["/x"]


def test_a_redirect_may_be_longer_than_a_link_that_is_sent(server: ScriptedServer) -> None:
    signed = "/signed?" + "x" * 4_000
    server.pages["/x"] = behaviours.redirect(signed)
    server.pages[signed] = ("image/jpeg", PICTURE)
    assert look(f"{server.url}/x").issues == ()


def test_a_redirect_without_a_place_is_no_picture(server: ScriptedServer) -> None:
    server.script(behaviours.raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), kind="page")
    assert told(look(f"{server.url}/x")) == failure("status")


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [300, 304, 401, 403, 404, 410, 429, 500, 503])
def test_every_other_status_is_a_warning(server: ScriptedServer, status: int) -> None:
    server.pages["/x"] = behaviours.answer(PICTURE, status=status, type="image/jpeg")
    found = look(f"{server.url}/x")
    assert (told(found), found.is_sendable) == (failure("status"), True)


JPEG_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n"
BROKEN = {
    "junk": behaviours.raw(b"this is not HTTP at all\r\n\r\n"),
    "nothing": behaviours.raw(b""),
    "too many headers": behaviours.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
    "a header without end": behaviours.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
    "too few bytes": behaviours.raw(JPEG_HEAD + b"Content-Length: 90000\r\n\r\n" + PICTURE[:5_000]),
    "half a chunk": behaviours.raw(JPEG_HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + PICTURE[:500]),
    "no chunk": behaviours.raw(JPEG_HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + PICTURE[:500]),
    "reset": behaviours.reset("before"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_answers_are_a_warning(server: ScriptedServer, name: str) -> None:
    server.script(BROKEN[name], kind="page")
    assert told(look(f"{server.url}/x")) == failure("unreachable")


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.silent(),
        behaviours.Behaviour(drip=(1, 0.03), body=PICTURE, headers={"Content-Type": "image/jpeg"}),
        behaviours.Behaviour(drip=(200, 0.05), body=PICTURE, headers={"Content-Type": "image/jpeg"}),
        behaviours.raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000),
    ],
    ids=["silent", "dripping head", "dripping body", "endless promises"],
)
def test_one_deadline_counts_for_all_of_it(server: ScriptedServer, behaviour: behaviours.Behaviour) -> None:
    server.script(behaviour, kind="page")
    (issue,) = look(f"{server.url}/x", SHORT).issues
    assert dict(issue.params)["reason"] in ({"timeout"} if behaviour.raw is None else {"timeout", "unreachable"})
    server.release()


def test_a_deadline_that_is_over_connects_to_nobody(server: ScriptedServer) -> None:
    assert told(look(f"{server.url}/a.jpg", Limits(preview_timeout_s=0))) == failure("timeout")
    assert server.arrivals == []


def test_a_preview_that_nobody_waits_for_ends(server: ScriptedServer) -> None:
    server.script(behaviours.silent(), kind="page")
    assert told(look(f"{server.url}/x", is_cancelled=lambda: bool(server.arrivals))) == failure("timeout")
    server.release()


def test_a_server_that_is_not_there_is_a_warning() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        assert told(look(f"http://127.0.0.1:{taken.getsockname()[1]}/")) == failure("unreachable")


def test_a_host_that_no_name_can_have_is_a_warning() -> None:
    assert told(look("https://" + "ü" * 62 + ".example/")) == failure("unreachable")


# --- who may be connected to ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("file:///etc/passwd", "scheme"),
        ("http://me:secret@example.com/", "credentials"),
        ("http://127.0.0.1:1/", "host"),
        ("http://localhost/", "host"),
        ("http://0x7f.1/", "host"),
        ("http://[::1]/", "host"),
        ("http://192.168.1.1/", "host"),
        ("http://example.com/a b", "characters"),
        ("http://example.com/" + "x" * 3_000, "length"),
    ],
)
def test_links_that_cannot_be_sent_are_blocked_and_not_looked_at(link: str, reason: str) -> None:
    found = look(link, allow_loopback=False)
    assert (told(found), found.is_sendable) == ([(_C.LINK_NOT_PUBLIC, {"reason": reason})], False)


Answers = Callable[..., None]


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Names lead where the test says; nobody is asked."""

    def answers(*addresses: str) -> None:
        def look_up(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
            return [
                (
                    socket.AF_INET6 if ":" in address else socket.AF_INET,
                    socket.SOCK_STREAM,
                    socket.IPPROTO_TCP,
                    "",
                    (address, port),
                )
                for address in addresses
            ]

        monkeypatch.setattr("socket.getaddrinfo", look_up)

    return answers


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("100.64.0.1",),
        ("169.254.169.254",),
        ("0.0.0.0",),
        ("224.0.0.1",),
        ("255.255.255.255",),
        ("192.0.2.1",),
        ("198.18.0.1",),
        ("::1",),
        ("fe80::1%1",),
        ("fd00::1",),
        ("fec0::1",),
        ("::ffff:10.0.0.1",),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::a00:1",),
        ("2002:a00:1::",),
        ("2001:0:a00:1::",),
        ("ff02::1",),
        ("2001:db8::1",),
        (PUBLIC, "10.0.0.1"),
        ("::1", PUBLIC),
    ],
)
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(
    resolves: Answers, monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    def no_socket(*_: Any) -> None:
        raise AssertionError("a socket was made")

    resolves(*addresses)
    monkeypatch.setattr(link_fetch.socket, "socket", no_socket)
    found = look("http://pictures.example.com/a.jpg", allow_loopback=False)
    assert (told(found), found.is_sendable) == (failure("private"), True)


def detour(monkeypatch: pytest.MonkeyPatch, server: ScriptedServer, peer: str | None) -> list[Any]:
    """Every connection ends at `server`, whatever address was asked for; `peer` is what it says it is connected to."""
    asked: list[Any] = []

    class Detoured(socket.socket):
        def connect(self, address: Any, /) -> None:
            asked.append(address)
            super().connect(("127.0.0.1", int(server.url.rpartition(":")[2])))

        def getpeername(self) -> Any:
            return (peer, 80) if peer else super().getpeername()

    monkeypatch.setattr(link_fetch.socket, "socket", Detoured)
    return asked


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    server: ScriptedServer, resolves: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(PUBLIC)
    asked = detour(monkeypatch, server, PUBLIC)
    assert look("http://pictures.example.com/a.jpg", allow_loopback=False).issues == ()
    assert asked == [(PUBLIC, 80)]
    assert server.arrivals[0].headers["host"] == "pictures.example.com"


def test_a_peer_that_is_private_after_all_is_told_nothing(
    server: ScriptedServer, resolves: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(PUBLIC)
    asked = detour(monkeypatch, server, None)
    assert told(look("http://pictures.example.com/a.jpg", allow_loopback=False)) == failure("private")
    assert len(asked) == 1
    assert server.arrivals == []


def test_a_redirect_is_looked_up_and_checked_like_the_first_link(
    server: ScriptedServer, resolves: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/x"] = behaviours.redirect("http://inside.example.com/a.jpg")
    resolves(PUBLIC)
    detour(monkeypatch, server, PUBLIC)
    look_up = socket.getaddrinfo

    def by_name(host: str, port: int, **more: Any) -> Any:
        return [(2, 1, 6, "", ("10.0.0.1", port))] if host.startswith("inside") else look_up(host, port, **more)

    monkeypatch.setattr("socket.getaddrinfo", by_name)
    assert told(look("http://pictures.example.com/x", allow_loopback=False)) == failure("private")
    assert paths(server) == ["/x"]


def test_the_next_address_is_tried_when_one_does_not_answer(server: ScriptedServer, resolves: Answers) -> None:
    port = server.url.rpartition(":")[2]
    resolves("127.0.0.2", "127.0.0.1")
    assert look(f"http://localhost:{port}/a.jpg").issues == ()


def test_a_name_that_leads_nowhere_is_a_warning(resolves: Answers) -> None:
    resolves()
    assert told(look("http://pictures.example.com/")) == failure("timeout")


def test_a_name_that_is_not_found_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown name")

    monkeypatch.setattr("socket.getaddrinfo", not_found)
    assert told(look("http://pictures.example.com/")) == failure("unreachable")


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure_server(authority: Authority) -> Iterator[ScriptedServer]:
    with ScriptedServer(tls=authority.server_context(), pages={"/a.jpg": ("image/jpeg", PICTURE)}) as running:
        yield running


def secure_link(server: ScriptedServer) -> str:
    return f"https://localhost:{server.url.rpartition(':')[2]}/a.jpg"


def test_a_certificate_that_the_system_trusts_is_taken(
    secure_server: ScriptedServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    assert look(secure_link(secure_server)).issues == ()


def test_a_certificate_that_nobody_vouches_for_is_a_warning(secure_server: ScriptedServer) -> None:
    assert told(look(secure_link(secure_server))) == failure("certificate")
    assert secure_server.arrivals == []


def test_a_certificate_for_another_host_is_a_warning(
    secure_server: ScriptedServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    assert told(look(secure_link(secure_server).replace("localhost", "127.0.0.1"))) == failure("certificate")


def test_a_server_that_speaks_no_tls_is_a_warning(server: ScriptedServer) -> None:
    assert told(look(secure_link(server), SHORT)) == failure("timeout")


def test_tls_secrets_are_not_written_down(
    secure_server: ScriptedServer, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "secrets"))
    assert look(secure_link(secure_server)).issues == ()
    assert not (tmp_path / "secrets").exists()


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_a_proxy_is_asked_for_the_whole_link(server: ScriptedServer) -> None:
    server.pages["http://pictures.example.com/a%2Fb.jpg"] = ("image/jpeg", PICTURE)
    proxies = {"http": server.url.replace("//", "//me:s%40cret@")}
    found = look("http://pictures.example.com/a%2Fb.jpg", allow_loopback=False, proxies=proxies)
    assert found.issues == ()
    assert server.arrivals[0].headers["host"] == "pictures.example.com"
    assert server.arrivals[0].headers["proxy-authorization"] == "Basic bWU6c0BjcmV0"


def test_a_proxy_without_a_scheme_and_for_all_links_is_understood(server: ScriptedServer) -> None:
    server.pages["http://pictures.example.com:81/"] = ("image/jpeg", PICTURE)
    proxies = {"all": server.url.removeprefix("http://")}
    assert look("http://pictures.example.com:81", allow_loopback=False, proxies=proxies).issues == ()


def test_a_tunnel_carries_tls_to_the_host_itself(
    server: ScriptedServer,
    secure_server: ScriptedServer,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(link_fetch.LinkTarget, "is_loopback_by_name", False)  # no other name leads to the server
    server.script(behaviours.let_through(), kind="connect")
    proxies = {"https": server.url}
    assert look(secure_link(secure_server), proxies=proxies).issues == ()
    assert [arrival.kind for arrival in server.arrivals] == ["connect"]
    assert paths(secure_server) == ["/a.jpg"]


def test_a_tunnel_that_is_refused_is_a_warning(server: ScriptedServer) -> None:
    for host in ("pictures.example.com", "[2606:4700::1111]"):
        found = look(f"https://{host}/", allow_loopback=False, proxies={"https": server.url})
        assert told(found) == failure("unreachable")
    assert paths(server) == ["pictures.example.com:443", "[2606:4700::1111]:443"]


def test_behind_a_proxy_the_literal_host_is_checked_on_every_hop(server: ScriptedServer) -> None:
    server.pages["http://pictures.example.com/x"] = behaviours.redirect("http://10.0.0.1/a.jpg")
    proxies = {"http": server.url}
    assert told(look("http://pictures.example.com/x", allow_loopback=False, proxies=proxies)) == failure("private")
    assert len(server.arrivals) == 1


def test_this_computer_is_not_asked_for_through_a_proxy(server: ScriptedServer) -> None:
    assert look(f"{server.url}/a.jpg", proxies={"http": "http://127.0.0.1:1"}).issues == ()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "https://127.0.0.1:1", "http://", "http://127.0.0.1:x"])
def test_other_kinds_of_proxy_are_a_warning(proxy: str) -> None:
    found = look("http://pictures.example.com/", allow_loopback=False, proxies={"http": proxy})
    assert told(found) == failure("unreachable")


# --- together with files ----------------------------------------------------------------------------------------------


def test_an_inspector_that_files_use_can_be_shared(server: ScriptedServer) -> None:
    inspector = Inspector(LIMITS)
    assert look(f"{server.url}/a.jpg", inspector=inspector).thumbnail is not None


def test_every_issue_of_a_preview_but_the_certain_ones_is_a_warning(server: ScriptedServer) -> None:
    server.pages["/x"] = ("text/plain", pictures.png((10_001, 2))[:-4])
    found = look(f"{server.url}/x")
    assert [issue.code for issue in found.issues if isinstance(issue, Issue) and issue.is_blocker] == [
        _C.TOO_MANY_PIXELS
    ]
    assert [code for code, _ in told(found)] == [_C.TOO_MANY_PIXELS, _C.PREVIEW_FAILED, _C.LINK_IS_UNTYPED]
