"""Links on the wire: byte for byte."""

from __future__ import annotations

import pytest

from pixverse_gui.core.link_target import LinkTarget, link_target, redirected_link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://example.com/a.png", LinkTarget("https", "example.com", 443, "/a.png")),
        ("HTTP://Example.COM", LinkTarget("http", "example.com", 80, "/")),
        ("http://example.com?x=1", LinkTarget("http", "example.com", 80, "/?x=1")),
        ("https://example.com:8443/a#part", LinkTarget("https", "example.com", 8443, "/a")),
        ("https://example.com:/a", LinkTarget("https", "example.com", 443, "/a")),
        ("https://example.com./a", LinkTarget("https", "example.com", 443, "/a")),
        ("http://[2606:4700::1111]:81/a", LinkTarget("http", "2606:4700::1111", 81, "/a")),
        ("https://bücher.example/ü", LinkTarget("https", "xn--bcher-kva.example", 443, "/%C3%BC")),
        ("https://图片.example/图.png", LinkTarget("https", "xn--wcsw84d.example", 443, "/%E5%9B%BE.png")),
    ],
)
def test_a_link_becomes_a_target(link: str, expected: LinkTarget) -> None:
    assert link_target(link) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/openapi%2Fmedia%2fx.jpg",
        "/a/../b/./c//d",
        "/%7Euser/~user",
        "/a%20b+c?d=%2B+&e=%e4&f[]=1|2&sig=a/b=",
        "/%zz%",
        "/a;b=c,d!$&'()*+:@",
        "/?next=https://other.example/?x",
        "/^`{|}",
    ],
)
def test_nothing_of_ascii_is_touched(path: str) -> None:
    assert link_target(f"https://example.com{path}").path == path


@pytest.mark.parametrize(
    ("link", "authority"),
    [
        ("https://example.com/", "example.com"),
        ("https://example.com:443/", "example.com"),
        ("https://example.com:80/", "example.com:80"),
        ("http://[2606:4700::1111]/", "[2606:4700::1111]"),
        ("http://[2606:4700::1111]:8080/", "[2606:4700::1111]:8080"),
    ],
)
def test_the_host_header_leaves_out_the_port_that_is_understood(link: str, authority: str) -> None:
    assert link_target(link).authority == authority


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("127.example.com", False), ("8.8.8.8", False)],
)
def test_links_to_this_computer_are_known_by_their_name(host: str, expected: bool) -> None:
    assert link_target(f"http://{host}/").is_loopback_by_name is expected


@pytest.mark.parametrize("link", ["ftp://example.com/", "https://" + "ü" * 80 + ".example/", "https://ü..example/"])
def test_what_cannot_be_asked_for_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        link_target(link)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b.png", "https://example.com/b.png"),
        ("c.png", "https://example.com/folder/c.png"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("http://other.example/x%2Fy?z=%20", "http://other.example/x%2Fy?z=%20"),
        (' /with space and "quotes" ', "https://example.com/with%20space%20and%20%22quotes%22"),
        ("/ü.png".encode().decode("latin-1"), "https://example.com/%C3%BC.png"),
        ("/\u4e2d", "https://example.com/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("", "https://example.com/folder/a.png"),
    ],
)
def test_redirects_lead_where_they_say(location: str, expected: str) -> None:
    assert redirected_link("https://example.com/folder/a.png", location) == expected
