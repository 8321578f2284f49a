"""Which links the service could reach, by their text alone."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.intake import link_problem
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.public_link import is_public_address, link_label

LIMITS = Limits()


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.png",
        "http://example.com/a.png",
        "HTTPS://EXAMPLE.COM/A.PNG",
        "https://example.com",
        "https://example.com.",
        "https://example.com:8443/a.png",
        "https://example.com:/a.png",
        "https://media.pixverse.ai/openapi%2Ff4c512d1.jpg",
        "https://example.com/a.png?x=1&y=http://localhost/#@b",
        "https://example.com/a(1)[2]{3}|^~.png",
        "https://example.com/图.png",
        "https://bücher.example/a.png",
        "https://xn--bcher-kva.example/a.png",
        "https://i❤.example/a.png",
        "https://my_bucket.s3.example.com/a.png",
        "https://8.8.8.8/a.png",
        "https://[2606:4700:4700::1111]/a.png",
        "https://1.example.com/a.png",
        "https://localhost.example.com/a.png",
        "https://local.example/a.png",
        "https://e.test/a.png",
        "https://example.com/a@b.png",
        "https://example.com/%00",
    ],
)
def test_a_public_link_can_be_sent(link: str) -> None:
    assert link_problem(link, LIMITS) is None


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("", "scheme"),
        ("castle", "scheme"),
        ("example.com/a.png", "scheme"),
        ("//example.com/a.png", "scheme"),
        ("https:example.com/a.png", "scheme"),
        ("https:/example.com/a.png", "scheme"),
        ("ftp://example.com/a.png", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("javascript://example.com/%0aalert(1)", "scheme"),
        ("java\nscript:alert(1)", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("file://server/share/a.png", "scheme"),
        ("\\\\server\\share\\a.png", "scheme"),
        ("data:image/png;base64,AAAA", "scheme"),
        ("blob:https://example.com/a", "scheme"),
        ("view-source:https://example.com/", "scheme"),
        (" https://example.com/a.png", "scheme"),
        ("https://user@example.com/a.png", "credentials"),
        ("https://user:password@example.com/a.png", "credentials"),
        ("https://@example.com/a.png", "credentials"),
        ("https://example.com@127.0.0.1/a.png", "credentials"),
        ("https://example.com/a b.png", "characters"),
        ("https://example.com/a.png ", "characters"),
        ("https://example.com/a\tb.png", "characters"),
        ("https://example.com/a\r\nX: y", "characters"),
        ("https://example.com/a\x00.png", "characters"),
        ("https://example.com/a\x7f.png", "characters"),
        ("https://example.com/\u202egnp.a", "characters"),
        ("https://exa\u200bmple.com/a.png", "characters"),
        ("https://example.com/\udce9.png", "characters"),
        ("https://example.com/\u00a0.png", "characters"),
        ("https://example.com\\@evil.example/a.png", "characters"),
        ('https://example.com/"><script>', "characters"),
        ("https://", "host"),
        ("https:///a.png", "host"),
        ("https://?a", "host"),
        ("https://:80/a.png", "host"),
        ("https://localhost/a.png", "host"),
        ("https://LOCALHOST./a.png", "host"),
        ("https://sub.localhost/a.png", "host"),
        ("https://nas/a.png", "host"),
        ("https://nas.local/a.png", "host"),
        ("https://NAS.Local./a.png", "host"),
        ("https://fritz.box.lan/a.png", "host"),
        ("https://host.internal/a.png", "host"),
        ("https://router.home.arpa/a.png", "host"),
        ("https://a..b/a.png", "host"),
        ("https://.example.com/a.png", "host"),
        ("https://exam%70le.com/a.png", "host"),
        ("https://%31%32%37.0.0.1/a.png", "host"),
        (f"https://{'a' * 64}.example/a.png", "host"),
        (f"https://{'a.' * 130}example/a.png", "host"),
        ("https://example.com:0/a.png", "host"),
        ("https://example.com:99999/a.png", "host"),
        ("https://example.com:123456/a.png", "host"),
        ("https://example.com:port/a.png", "host"),
        ("https://127.0.0.1/a.png", "host"),
        ("https://127.1/a.png", "host"),
        ("https://0x7f.1/a.png", "host"),
        ("https://0x7f000001/a.png", "host"),
        ("https://2130706433/a.png", "host"),
        ("https://017700000001/a.png", "host"),
        ("https://0177.0.0.1/a.png", "host"),
        ("https://8.8.2056/a.png", "host"),
        ("https://1.2.3.4.5/a.png", "host"),
        ("https://256.1.1.1/a.png", "host"),
        ("https://example.1/a.png", "host"),
        ("https://１２７.0.0.1/a.png", "host"),
        ("https://127。0。0。1/a.png", "host"),
        ("https://ⓛocalhost/a.png", "host"),
        ("https://example.com℀evil/a.png", "host"),
        ("https://0.0.0.0/a.png", "host"),
        ("https://10.1.2.3/a.png", "host"),
        ("https://172.16.0.1/a.png", "host"),
        ("https://172.31.255.255/a.png", "host"),
        ("https://192.168.178.1/a.png", "host"),
        ("https://169.254.169.254/latest/meta-data", "host"),
        ("https://100.64.0.1/a.png", "host"),
        ("https://224.0.0.1/a.png", "host"),
        ("https://255.255.255.255/a.png", "host"),
        ("https://[::1]/a.png", "host"),
        ("https://[::]/a.png", "host"),
        ("https://[::ffff:127.0.0.1]/a.png", "host"),
        ("https://[::ffff:8.8.8.8]/a.png", "host"),
        ("https://[::127.0.0.1]/a.png", "host"),
        ("https://[64:ff9b::7f00:1]/a.png", "host"),
        ("https://[2002:7f00:1::]/a.png", "host"),
        ("https://[2001:0:53aa:64c:0:0:80ff:fffe]/a.png", "host"),
        ("https://[fe80::1]/a.png", "host"),
        ("https://[fe80::1%25eth0]/a.png", "host"),
        ("https://[2606:4700::1%25eth0]/a.png", "host"),
        ("https://[2606:4700::1%eth0]/a.png", "host"),
        ("https://[fec0::1]/a.png", "host"),
        ("https://[fd00::1]/a.png", "host"),
        ("https://[ff02::1]/a.png", "host"),
        ("https://[::1/a.png", "host"),
        ("https://[nonsense]/a.png", "host"),
        ("https://[::1]evil.example/a.png", "host"),
    ],
)
def test_any_other_link_is_refused_with_the_reason(link: str, reason: str) -> None:
    assert link_problem(link, LIMITS) == reason


def test_a_link_may_be_as_long_as_the_limit_and_no_longer() -> None:
    limits = replace(LIMITS, max_link_chars=40)
    link = "https://example.com/" + "a" * 20
    assert link_problem(link, limits) is None
    assert link_problem(f"{link}a", limits) == "length"


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("http://127.0.0.1:8080/a.png", True),
        ("http://127.8.8.8/a.png", True),
        ("http://localhost:8080/a.png", True),
        ("http://[::1]:8080/a.png", True),
        ("http://127.1/a.png", False),
        ("http://2130706433/a.png", False),
        ("http://[::ffff:127.0.0.1]/a.png", False),
        ("http://10.0.0.1/a.png", False),
        ("http://nas.local/a.png", False),
        ("http://user@127.0.0.1/a.png", False),
        ("https://example.com/a.png", True),
    ],
)
def test_plain_links_to_this_computer_are_taken_where_the_api_is_here_too(link: str, is_taken: bool) -> None:
    assert (link_problem(link, LIMITS, allow_loopback=True) is None) is is_taken


@given(st.text(max_size=30))
def test_any_text_has_an_answer(text: str) -> None:
    reasons = {None, "scheme", "length", "characters", "credentials", "host"}
    assert link_problem(text, LIMITS) in reasons
    assert link_problem(f"https://{text}", LIMITS) in reasons


@given(st.ip_addresses(v=4))
def test_an_address_that_is_not_public_is_refused_in_every_spelling(address: ipaddress.IPv4Address) -> None:
    packed = int(address)
    spellings = [f"{packed}", f"0x{packed:x}", f"0{packed:o}", f"[::ffff:{address}]", f"0{address}"]
    assert (link_problem(f"http://{address}/", LIMITS) is None) is is_public_address(address)
    assert {link_problem(f"http://{one}/", LIMITS) for one in spellings} == {"host"}


@pytest.mark.parametrize(
    ("link", "label"),
    [
        ("https://example.com/pictures/castle_01.png?x=1#y", "example.com/castle_01.png"),
        ("https://example.com/a/b/", "example.com/b"),
        ("https://example.com", "example.com"),
        ("https://example.com/", "example.com"),
        ("https://example.com:8443/a.png", "example.com:8443/a.png"),
        ("https://example.com?picture=a.png", "example.com"),
        ("https://example.com/openapi%2Fcastle%20%E5%9B%BE.png", "example.com/castle 图.png"),
        ("https://example.com/caf%E9.png", "example.com/caf%E9.png"),
        ("https://example.com/%E2%80%AEgnp.a", "example.com/%E2%80%AEgnp.a"),
        ("https://example.com/%0A", "example.com/%0A"),
        ("no link", "no link"),
    ],
)
def test_a_link_is_called_by_its_host_and_the_last_part_of_its_path(link: str, label: str) -> None:
    assert link_label(link) == label
