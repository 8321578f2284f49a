"""Pictures that stand inside the text itself, as `data:` links."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from pixverse_gui.core.limits import MIB

_DATA_LINK: Final = re.compile(
    r"""data:image/[a-z0-9.+-]{1,40}((?:;[^\s;,"'<>()]{1,80}){0,4}),([^\s"'<>()]*)""", re.IGNORECASE
)
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_BASE64_OVERHEAD: Final = 3
"""A percent-encoded byte takes three characters, more than base64 needs."""


def image_data_links(html_or_text: str, *, max_bytes: int = 20 * MIB) -> tuple[bytes, ...]:
    """The bytes of every picture, in order; what is damaged or `max_bytes` long or longer is left out."""
    found = []
    for match in _DATA_LINK.finditer(html_or_text):
        if len(match[2]) < max_bytes * _BASE64_OVERHEAD:
            data = _decoded(match[1].lower(), match[2])
            if data and len(data) < max_bytes:
                found.append(data)
    return tuple(found)


def _decoded(parameters: str, written: str) -> bytes | None:
    if "&" in written:
        written = html.unescape(written)
    data = unquote_to_bytes(written.encode("utf-8", "surrogatepass"))
    if not parameters.endswith(";base64"):
        return data
    compact = b"".join(data.split()).translate(_URL_SAFE)
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except binascii.Error:
        return None
