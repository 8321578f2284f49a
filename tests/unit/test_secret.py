"""The key is cleaned of what is pasted around it, and never shown."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.errors import MalformedApiKeyError
from pixverse_gui.core.secret import MAX_KEY_CHARS, MIN_KEY_CHARS, Secret, clean_key

KEY = "sk-0123456789abcdef0123456789abcdef"
CANARY = "sk-canary…canary"

AS_PASTED = [
    KEY,
    f"  {KEY}\t",
    f"{KEY}\n",
    f"\r\n{KEY}\r\n\r\n",
    f'"{KEY}"',
    f"'{KEY}'",
    f"`{KEY}`",
    f"\u201c{KEY}\u201d",
    f"\u00ab{KEY}\u00bb",
    f'" {KEY} "',
    f"\u00a0{KEY}\u3000",
    f"\ufeff{KEY}",
    f"{KEY}\u200b",
    f"\u200e{KEY[:9]}\u200b{KEY[9:]}\u2060",
    f"{KEY},",
    f"<{KEY}>",
    f"API-KEY: {KEY}",
    f"api-key:{KEY}",
    f"Api_Key = {KEY}",
    f"API KEY: {KEY}",
    f"apikey={KEY}",
    f'"API-KEY": "{KEY}",',
    f'{{"API-KEY": "{KEY}"}}',
    f"PIXVERSE_API_KEY={KEY}",
    f"export PIXVERSE_API_KEY='{KEY}'",
    f"EXPORT pixverse_api_key={KEY}",
    f"set PIXVERSE_API_KEY={KEY}\r\n",
    f'$env:PIXVERSE_API_KEY = "{KEY}"',
    f"-H 'API-KEY: {KEY}'",
    f'--header "api-key: {KEY}" \\',
    f"curl -X GET 'https://example.com/a' -H 'Ai-trace-id: 1' -H 'API-KEY: {KEY}' --compressed",
    f"curl https://example.com/a --header=API-KEY:{KEY}",
    f"'API-KEY: {KEY}' \\\n",
    f"\0{KEY}\0",
]


@pytest.mark.parametrize("pasted", AS_PASTED)
def test_what_is_pasted_around_a_key_is_taken_off(pasted: str) -> None:
    assert clean_key(pasted).reveal() == KEY


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ('""', "empty"),
        ("API-KEY:", "empty"),
        ("\u200b\ufeff", "empty"),
        ("sk-canary canary", "characters"),
        ("sk-canary\ncanary", "characters"),
        (CANARY, "characters"),
        ("ключ-canary-canary", "characters"),
        ("sk-canary\x1bcanary", "characters"),
        ("sk-canary\udcffcanary", "characters"),
        ("x" * (MIN_KEY_CHARS - 1), "length"),
        ("x" * (MAX_KEY_CHARS + 1), "length"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_the_reason(pasted: str, reason: str) -> None:
    with pytest.raises(MalformedApiKeyError) as caught:
        clean_key(pasted)
    assert caught.value.params == {"reason": reason}


@pytest.mark.parametrize("length", [MIN_KEY_CHARS, MAX_KEY_CHARS])
def test_the_shortest_and_the_longest_key_are_taken(length: int) -> None:
    assert clean_key("k" * length).reveal() == "k" * length


def test_a_refused_key_is_in_no_line_of_the_traceback() -> None:
    with pytest.raises(MalformedApiKeyError) as caught:
        clean_key(CANARY)
    assert "canary" not in repr(caught.value)
    assert "canary" not in "".join(traceback.format_exception_only(caught.value))


@given(st.text(max_size=60))
def test_any_text_gives_a_header_safe_key_or_our_own_error(text: str) -> None:
    try:
        key = clean_key(text).reveal()
    except MalformedApiKeyError:
        return
    assert MIN_KEY_CHARS <= len(key) <= MAX_KEY_CHARS
    assert all("!" <= character <= "~" for character in key)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40).map(lambda rest: f"sk-{rest}-12345"),
    st.lists(st.sampled_from([" ", "\n", "\t", '"', "'", "\ufeff", "\u200b", "\r\n", "\u00a0"]), max_size=6),
)
def test_any_mixture_of_wrappings_comes_off(key: str, around: list[str]) -> None:
    assert clean_key("".join(around) + "API-KEY: " + key + "".join(reversed(around))).reveal() == key


def test_a_key_is_masked_wherever_it_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(KEY)
    logging.getLogger("tests").warning("key %s %r", secret, [secret])
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", f"{(secret,)!r}", caplog.text]
    assert not any(KEY in text or KEY[3:] in text for text in shown)


def test_only_the_last_four_characters_are_given_away() -> None:
    assert Secret(KEY).last4 == "cdef"


def test_the_fingerprint_is_eight_hex_digits_and_tells_keys_apart() -> None:
    assert Secret(KEY).fingerprint == Secret(KEY).fingerprint
    assert len(Secret(KEY).fingerprint) == 8
    assert int(Secret(KEY).fingerprint, 16) >= 0
    assert Secret(KEY).fingerprint != Secret(f"{KEY}0").fingerprint


def test_the_fingerprint_is_the_same_in_every_version_so_that_the_journal_finds_its_rows() -> None:
    assert Secret("sk-test-key").fingerprint == "7e703e78"


def test_keys_are_equal_by_their_text() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert Secret(KEY) != Secret(f"{KEY}0")
    assert Secret(KEY) != KEY
    assert len({Secret(KEY), Secret(KEY), Secret("another-key")}) == 2


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_key_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(KEY), protocol)


def test_a_key_cannot_be_copied_and_has_no_fields_to_dump() -> None:
    with pytest.raises(TypeError):
        copy.deepcopy(Secret(KEY))
    assert not hasattr(Secret(KEY), "__dict__")
