"""Names from files and servers, made safe to look at: what cannot be seen, or turns the line around, is marked."""

from __future__ import annotations

from unicodedata import category

# Zero-width joiner and non-joiner: emoji and several scripts are wrong without them.
_KEPT = frozenset("\u200c\u200d")
_REPLACEMENT = "\ufffd"


def visible_name(text: str) -> str:
    """`text` for the eye: control characters, bidi and other invisible marks become `[U+202E]`, half characters
    (undecodable bytes of a file name) the replacement sign. Newlines are marked too.

    Unicode has pictures of control characters, which many fonts lack: there a square would stand for all of them.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    kind = category(char)
    if kind == "Cs":
        return _REPLACEMENT
    if kind in {"Cc", "Cf", "Zl", "Zp"} and char not in _KEPT:
        return f"[U+{ord(char):04X}]"
    return char
