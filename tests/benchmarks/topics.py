"""The topics there are, in the order in which they run. A topic is a module of this folder with a `measure`."""

from __future__ import annotations

from typing import Final

TOPICS: Final[dict[str, str]] = {
    "start": "from exec to the first window",
    "inspect": "the first pass, over headers",
    "drop": "a thousand pictures at once, and nothing else",
    "thumbnails": "both passes, thumbnails, and the memory they take",
    "stall": "the event loop while thousands of pictures are dropped, checked, uploaded and scrolled",
    "upload": "the wire, over TLS to this computer",
    "history": "a hundred thousand uploads of the past",
    "growth": "the cost of one picture as the batch grows",
}
