"""The trials there are, in the order in which they run. A topic is a module of this folder with a `measure`."""

from __future__ import annotations

from typing import Final

TOPICS: Final[dict[str, str]] = {
    "kill": "kill -9 in the middle of a batch, restart, Continue",
    "answers": "every kind of bad answer on picture 3 of 10",
    "endings": "cancelling and closing wherever an attempt can hang",
    "origins": "whom the program talks to",
    "faults": "five hundred pictures, every fifth answer a fault",
    "key": "the key, looked for in everything the program leaves behind",
    "disk": "the disk is full, at one point after the other",
    "mutations": "mutated pictures and mutated answers",
    "odd": "more than a hundred odd pictures and names in one drop",
    "soak": "thousands of uploads in one program",
}
