"""The API key: cleaned of what people paste around it, and kept from every log, message and file."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NoReturn

from pixverse_gui.core.errors import MalformedApiKeyError

MIN_KEY_CHARS: Final = 8
MAX_KEY_CHARS: Final = 512

_SALT: Final = b"pixverse-gui key"
# Quotes of every kind, and what ends a line of JSON, of a shell script or of a list.
_AROUND: Final = "{}()[]\"'`´\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a<>,;\\"
_HEADER: Final = re.compile(r"""(?:^|\s)(?:-H|--header)[\s=]*["']?\s*API[-_ ]?KEY\s*:\s*([^"'\s]+)""", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"""(?:-H\s*|--header[\s=]*|export\s+|set\s+|\$env:)?["']?\s*(?:PIXVERSE[-_ ]?)?API[-_ ]?KEY\s*["']?\s*[:=]""",
    re.IGNORECASE,
)


class Secret:
    """An API key that only `reveal` gives away. Not to be pickled, compared in constant time, masked when shown."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The key itself: for the request header and the key store, nothing else."""
        return self.__text

    @property
    def last4(self) -> str:
        """What the account menu shows."""
        return self.__text[-4:]

    @property
    def fingerprint(self) -> str:
        """Short one-way label (8 hex digits): tells keys apart in the journal, and is the same in every run."""
        import hashlib  # noqa: PLC0415 - loads OpenSSL, for which the window need not wait

        # 32 bits of a hash over a 128-bit random key: nothing to guess the key from, so no slow hash is needed.
        return hashlib.blake2b(self.__text.encode("utf-8", "surrogatepass"), digest_size=4, salt=_SALT).hexdigest()

    def __repr__(self) -> str:
        return "Secret(****)"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # noqa: PLC0415 - as above

        mine, others = (one.reveal().encode("utf-8", "surrogatepass") for one in (self, other))
        return hmac.compare_digest(mine, others)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied")


def clean_key(text: str) -> Secret:
    """The key in what was pasted: without blanks, quotes, line breaks, invisible characters, or what names it.

    Takes a header (`API-KEY: …`), an assignment (`export PIXVERSE_API_KEY=…`), a JSON line and a curl command.
    Raises MalformedApiKeyError; its params never hold the text.
    """
    # Format characters (zero-width blanks, byte order marks, bidi marks) are never part of a key, wherever they are.
    kept = "".join(character for character in text if unicodedata.category(character) != "Cf")
    header = _HEADER.search(kept)
    key = _without_wrapping(header.group(1) if header else kept)
    if not key:
        raise MalformedApiKeyError(reason="empty")
    if not all("!" <= character <= "~" for character in key):
        raise MalformedApiKeyError(reason="characters")
    if not MIN_KEY_CHARS <= len(key) <= MAX_KEY_CHARS:
        raise MalformedApiKeyError(reason="length")
    return Secret(key)


def _without_wrapping(text: str) -> str:
    """Quotes may stand around the name, the value or both: peel until nothing changes."""
    while True:
        peeled = text.strip().strip(_AROUND).strip("\0")
        named = _NAMED.match(peeled)
        if named:
            peeled = peeled[named.end() :]
        if peeled == text:
            return text
        text = peeled
