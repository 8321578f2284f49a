"""No text that is kept or shown holds the key, in whatever form it stands there."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pixverse_gui.core.scrubbing import SCRUBBED, Scrubber

KEY = "sk-0123456789abcdef0123456789abcdef"
ODD_KEY = 'sk-odd/"+%<&>\\0123456789abcdef'
FORMS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent": lambda key: urllib.parse.quote(key, safe=""),
    "percent, form": urllib.parse.quote_plus,
    "percent, every byte": lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
    "percent, twice": lambda key: urllib.parse.quote(urllib.parse.quote(key, safe=""), safe=""),
    "json": lambda key: json.dumps(key)[1:-1],
    "json, twice": lambda key: json.dumps(json.dumps(key))[3:-3],
    "json, every character": lambda key: "".join(f"\\u{ord(character):04x}" for character in key),
    "python": lambda key: repr(key)[1:-1],
    "bytes": lambda key: repr(key.encode())[2:-1],
    "html": html.escape,
    "hex": lambda key: key.encode().hex(),
    "hex, spaced": lambda key: key.encode().hex(" ").upper(),
    "utf-16": lambda key: key.encode("utf-16-le").decode("latin-1")[:-1],
    "utf-16, hex": lambda key: key.encode("utf-16-le")[:-1].hex(),
}
BASE64 = {
    "base64": base64.b64encode,
    "base64, for links": base64.urlsafe_b64encode,
    "base64, lines": base64.encodebytes,
}
EDGE = st.text(alphabet="ab \n:=\"'{}&%\\/+-", max_size=12)
KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=40)


def scrubber(*keys: str) -> Scrubber:
    made = Scrubber()
    for key in keys:
        made.register(key)
    return made


def rest_of(text: str, written: str) -> str:
    """What stood around the key."""
    before, after = text.split(written, 1)
    return before + SCRUBBED + after


@pytest.mark.parametrize("key", [KEY, ODD_KEY])
@pytest.mark.parametrize("form", FORMS)
def test_the_key_goes_and_what_stands_around_it_stays(form: str, key: str) -> None:
    written = FORMS[form](key)
    text = f"GET /?a=1;{written};b=2"
    assert scrubber(key)(text) == rest_of(text, written)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)  # each compiles a pattern of its own
@given(key=KEYS, before=EDGE, after=EDGE)
def test_no_form_of_any_key_gets_through(form: str, key: str, before: str, after: str) -> None:
    written = FORMS[form](key)
    scrubbed = scrubber(key)(f"{before}~{written}~{after}")
    assert written not in scrubbed or written in f"{before}~{SCRUBBED}~{after}"
    assert SCRUBBED in scrubbed


@pytest.mark.parametrize("form", BASE64)
@settings(max_examples=40)
@given(key=KEYS, before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_base64_of_something_with_the_key_in_it_does_not_give_it_back(
    form: str, key: str, before: bytes, after: bytes
) -> None:
    text = BASE64[form](before + key.encode() + after).decode()
    scrubbed = scrubber(key)(text)
    assert SCRUBBED in scrubbed
    kept = re.sub(r"[^A-Za-z0-9+/]", "A", scrubbed.translate(str.maketrans("-_", "+/")))
    decoded = [base64.b64decode("A" * shift + kept + "A" * (-(shift + len(kept)) % 4)) for shift in range(4)]
    assert not any(key.encode() in one for one in decoded)


@settings(max_examples=25)
@given(st.lists(KEYS, min_size=1, max_size=4), st.lists(st.sampled_from(["raw", "percent", "json", "hex"]), min_size=4))
def test_several_keys_in_one_text_all_go(keys: list[str], forms: list[str]) -> None:
    text = "\n".join(FORMS[form](key) for key in keys for form in forms)
    scrubbed = scrubber(*keys)(text)
    assert not [key for key in keys if key in scrubbed and key not in SCRUBBED]


SCRUB = scrubber(KEY)


@given(st.text(max_size=200))
def test_a_text_without_a_key_stays_as_it_is(text: str) -> None:
    assert SCRUB(text) == text


def test_a_key_registered_after_the_first_text_goes_too() -> None:
    scrub = scrubber(KEY)
    assert scrub(f"{KEY} {ODD_KEY}") == f"{SCRUBBED} {ODD_KEY}"
    scrub.register(ODD_KEY)
    scrub.register(ODD_KEY)
    assert scrub(f"{KEY} {ODD_KEY}") == f"{SCRUBBED} {SCRUBBED}"


@pytest.mark.parametrize(
    "line",
    [
        "{'API-KEY': 'someone-elses', 'Accept': '*/*'}",
        "API-KEY: someone-elses",
        "PIXVERSE_API_KEY=someone-elses python",
        '{"api_key": "someone-elses"}',
        "(b'API-KEY', b'someone-elses')",
    ],
)
def test_what_a_header_or_a_variable_names_goes_without_being_known(line: str) -> None:
    assert Scrubber()(line) == line.replace("someone-elses", SCRUBBED)


def test_long_texts_of_nothing_but_escapes_take_no_time_to_speak_of() -> None:
    """Ends within the limit of every test, which a pattern that tries all ways to share them out would not."""
    scrub = scrubber("a\\\\\\\\\\\\\\\\z" + "%25" * 20, ODD_KEY)
    for piece in ("\\", "%25", "&#0", "s", " ", "\\n", "0"):
        text = piece * 20_000
        assert scrub(text) == text
