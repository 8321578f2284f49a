"""Which addresses the key may be sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.errors import ServiceAddressError
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL, host_of, is_loopback, parse_service_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (INTERNATIONAL, INTERNATIONAL),
        (CHINA, CHINA),
        (f"  {INTERNATIONAL}/ \n", INTERNATIONAL),
        ("HTTPS://App-API.PixVerse.AI", INTERNATIONAL),
        (f"{INTERNATIONAL}:443", INTERNATIONAL),
        (f"{INTERNATIONAL}:", INTERNATIONAL),
        (f"{INTERNATIONAL}.", INTERNATIONAL),
        (f"{INTERNATIONAL}/openapi/v2/image/upload", INTERNATIONAL),
        (f"{INTERNATIONAL}/openapi", INTERNATIONAL),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("https://api.example.com:080", "https://api.example.com:80"),
        ("https://intranet", "https://intranet"),
        ("https://10.0.0.7", "https://10.0.0.7"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("http://127.8.8.8:1", "http://127.8.8.8:1"),
    ],
)
def test_a_usable_address_is_normalised(text: str, address: str) -> None:
    assert parse_service_address(text) == address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("app-api.pixverse.ai", "scheme"),
        ("ftp://app-api.pixverse.ai", "scheme"),
        ("javascript://app-api.pixverse.ai", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("//app-api.pixverse.ai", "scheme"),
        ("https:app-api.pixverse.ai", "scheme"),
        ("http://app-api.pixverse.ai", "scheme"),
        ("http://localhost.example.com", "scheme"),
        ("http://127.0.0.1.example.com", "scheme"),
        ("http://10.0.0.1", "scheme"),
        ("http://0.0.0.0", "scheme"),
        ("https://user@app-api.pixverse.ai", "userinfo"),
        ("https://user:secret@app-api.pixverse.ai", "userinfo"),
        ("https://app-api.pixverse.ai@evil.example", "userinfo"),
        ("https://app-api.pixverse.ai?a=1", "query"),
        ("https://app-api.pixverse.ai/?a=1", "query"),
        ("https://app-api.pixverse.ai#a", "query"),
        ("https://app-api.pixverse.ai/elsewhere", "query"),
        ("https://app-api.pixverse.ai/openapi-evil", "query"),
        ("https://evil.example\\@app-api.pixverse.ai", "query"),
        ("https://", "host"),
        ("https:///openapi", "host"),
        ("https://:443", "host"),
        ("https://a..b", "host"),
        ("https://-a.example", "host"),
        ("https://a b.example", "host"),
        ("https://a%2eb.example", "host"),
        ("https://a_b.example", "host"),
        (f"https://{'a' * 64}.example", "host"),
        (f"https://{'a.' * 127}example", "host"),
        ("https://127.1", "host"),
        ("https://0x7f000001", "host"),
        ("https://2130706433", "host"),
        ("https://1.2.3.4.5", "host"),
        ("https://[::1", "host"),
        ("https://[::1]x", "host"),
        ("https://[nonsense]", "host"),
        ("https://[fe80::1%25eth0]", "host"),
        ("https://[fe80::1%eth0]", "host"),
        ("https://..ü", "host"),
        ("https://a.example:0", "port"),
        ("https://a.example:65536", "port"),
        ("https://a.example:99999999999999999999", "port"),
        ("https://a.example:-1", "port"),
        ("https://a.example:８０", "port"),
        ("https://a.example:44x", "port"),
    ],
)
def test_any_other_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ServiceAddressError) as caught:
        parse_service_address(text)
    assert caught.value.params == {"reason": reason}


@given(st.text(max_size=40).map(lambda rest: f"https://{rest}"))
def test_what_is_taken_stays_as_it_is_when_read_again(text: str) -> None:
    try:
        address = parse_service_address(text)
    except ServiceAddressError:
        return
    assert parse_service_address(address) == address
    assert address == f"https://{host_of(address)}"


@pytest.mark.parametrize(
    ("address", "host", "loopback"),
    [
        (INTERNATIONAL, "app-api.pixverse.ai", False),
        ("https://api.example.com:8443", "api.example.com:8443", False),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://localhost", "localhost", True),
        ("https://[2001:db8::1]", "[2001:db8::1]", False),
    ],
)
def test_host_and_loopback_of_an_address(address: str, host: str, loopback: bool) -> None:
    assert host_of(address) == host
    assert is_loopback(address) is loopback
