"""Takes the API key out of text before it is kept or shown, in whatever form it stands there."""

from __future__ import annotations

import base64
import re
import threading
from itertools import groupby
from typing import Final

SCRUBBED: Final = "****"

_NAMED_IN_HEADER: Final = re.compile(r"""(?i)((?:\b|_)API[-_]?KEY\b["']?\s*[:=,]\s*b?["']?)[^\s"',}\])]+""")
"""A key that nobody registered, in what a header or an environment looks like in text."""
# Every repetition is bounded or possessive: a text of ten thousand backslashes must not take for ever.
_ESCAPE: Final = r"\\{1,8}+"
_BETWEEN_UTF16: Final = rf"(?:\0|{_ESCAPE}x00|{_ESCAPE}u0000|%00)?"
_LINE_BREAK: Final = r"(?:\\{1,4}[rn]|\s){0,4}"
_BASE64_LETTERS: Final = {"+": rf"(?:[+-]|%2B|{_ESCAPE}u002B)", "/": r"(?:\\{0,4}/|_|%2F)"}
_HTML_NAMES: Final = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


class Scrubber:
    """Any thread. The keys are held in memory only, for the life of the process: also one that was forgotten since.

    Known forms: as it is; percent-encoded, once or again; escaped for JSON, for Python or for HTML; base64 of either
    alphabet, at any offset; hexadecimal; and each of these of UTF-16. The forms may be mixed within one key.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: tuple[str, ...] = ()
        self._patterns: tuple[re.Pattern[str], ...] = ()

    def register(self, key: str) -> None:
        """From the end of this call on `key` is taken out. Takes a tenth of a second: worker threads only.

        Made here and not when the next text comes, which the GUI thread may be waiting to have written down.
        """
        if not key or key in self._keys:
            return
        pattern = _pattern_of(key)
        with self._lock:
            if key not in self._keys:
                self._keys, self._patterns = (*self._keys, key), (*self._patterns, pattern)

    def __call__(self, text: str) -> str:
        """`text` without any key; what stands in its place is SCRUBBED."""
        for pattern in self._patterns:
            text = pattern.sub(SCRUBBED, text)
        return _NAMED_IN_HEADER.sub(rf"\g<1>{SCRUBBED}", text)


def _pattern_of(key: str) -> re.Pattern[str]:
    runs = [(character, len(list(run))) for character, run in groupby(key)]
    written = _BETWEEN_UTF16.join(_written(character, count) for character, count in runs)
    data = key.encode("utf-8", "surrogatepass")
    hexadecimal = "(?i:" + r"[\s:]?(?:00[\s:]?)?".join(f"{byte:02x}" for byte in data) + ")"
    wide = [key.encode(encoding, "surrogatepass") for encoding in ("utf-16-le", "utf-16-be")]
    encoded = [_base64_pattern(one, offset) for one in (data, *wide) for offset in range(3)]
    return re.compile("|".join([written, hexadecimal, *encoded]))


def _written(character: str, count: int) -> str:
    """A run of one character of a key, in everything that can stand for it."""
    if character == "\\":  # doubled once for each time it was escaped, so only a whole run can be counted
        return rf"(?:\\{{{count},}}+|\\(?:\0\\){{{count - 1}}}|(?:{_coded(character)}){{{count}}})"
    one = rf"(?:\\{{0,8}}+{re.escape(character)}|{_coded(character)})"
    return _BETWEEN_UTF16.join([one] * count)


def _coded(character: str) -> str:
    code = ord(character)
    percent = "".join(f"%(?:25){{0,8}}(?i:{byte:02x})" for byte in character.encode("utf-8", "surrogatepass"))
    escaped = f"{_ESCAPE}(?i:u{code:04x}|x{code:02x})"
    html = rf"&#0{{0,8}}{code};|&#[xX]0{{0,8}}(?i:{code:x});"
    named = f"|&{_HTML_NAMES[character]};" if character in _HTML_NAMES else ""
    return f"{percent}|{escaped}|{html}{named}"


def _base64_pattern(data: bytes, offset: int) -> str:
    """What the key looks like where base64 was made of something around it: only whole letters of its own count."""
    text = base64.b64encode(b"\0" * offset + data).decode("ascii").rstrip("=")
    first = (0, 2, 3)[offset]
    last = len(text) - (1 if (offset + len(data)) % 3 else 0)
    letters = (_BASE64_LETTERS.get(letter, letter) for letter in text[first:last])
    return _LINE_BREAK.join(letters) + "[A-Za-z0-9+/_-]?={0,2}"
