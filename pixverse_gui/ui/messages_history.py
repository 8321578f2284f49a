"""Sentences of the History, of copying and of dropping. Numbers by locale, ids never; one and many apart."""

from __future__ import annotations

from datetime import date

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.messages import images, number

HISTORY_LIST_NAME = "Uploaded images"
SEARCH_NAME = "Search history"
SEARCH_PLACEHOLDER = "Search name, ID or link"
SEARCH_NOW = "Search"
CLEAR_SEARCH = "Clear search"
HISTORY_EMPTY = "Uploaded images and their IDs will appear here and stay here."
HISTORY_UNREADABLE = "The history cannot be read just now. Nothing is lost."
HISTORY_TRY_AGAIN = "Try again"

COPY_AS = "Copy as"
COPY_AS_IN_LINE = "copy as"
NOTHING_TO_COPY = "Nothing to copy yet"
COPY_REFUSED = "Your system did not let us copy. The text is selected below: press Ctrl+C."
COPIED = "Copied."
COPY_FAILED = "This could not be copied: the history cannot be read just now."
REFUSED_TEXT_NAME = "Text to copy"
HIDE = "Hide"

FORMAT_NAMES = {
    CopyFormat.ID_LINES: "One ID per line",
    CopyFormat.ID_COMMAS: "IDs with commas",
    CopyFormat.JSON_LIST: "JSON list",
    CopyFormat.JSON_OBJECTS: "JSON objects",
    CopyFormat.LINK_LINES: "Image links, one per line",
    CopyFormat.TABLE: "Table: name, ID, link",
}

_PIECES = {
    CopyFormat.LINK_LINES: ("link", "links"),
    CopyFormat.TABLE: ("row", "rows"),
}
_IDS = ("ID", "IDs")


def pieces(count: int, copy_format: CopyFormat) -> str:
    """What a format consists of: 14 IDs · 1 ID · 3 rows · 2 links."""
    one, many = _PIECES.get(copy_format, _IDS)
    return f"1 {one}" if count == 1 else f"{number(count)} {many}"


def copy_button(count: int, copy_format: CopyFormat) -> str:
    """Copy 14 IDs; without a number while there is nothing."""
    return f"Copy {pieces(count, copy_format)}" if count else f"Copy {_PIECES.get(copy_format, _IDS)[1]}"


def copied(count: int, missing: int, copy_format: CopyFormat) -> str:
    """Copied 12 IDs. 2 images have no ID yet."""
    sentence = f"Copied {pieces(count, copy_format)}."
    if not missing:
        return sentence
    what = "link" if copy_format is CopyFormat.LINK_LINES else "ID"
    has = "1 image has" if missing == 1 else f"{number(missing)} images have"
    return f"{sentence} {has} no {what} yet."


def selected(count: int) -> str:
    return f"{number(count)} selected"


def with_an_id(count: int) -> str:
    return f"{number(count)} with an ID"


def nothing_found(text: str) -> str:
    return f"Nothing matches “{text}”."


def found(count: int) -> str:
    return f"{number(count)} found"


def day_heading(day: date, count: int, dates: Dates) -> str:
    """Today · 4 images."""
    return f"{dates.heading(day)} · {images(count)}" if count else dates.heading(day)


def removed_from_history(count: int) -> str:
    """The pictures stay at PixVerse; only this list changes."""
    if count == 1:
        return "Removed 1 image from this list. It stays at PixVerse."
    return f"Removed {number(count)} images from this list. They stay at PixVerse."


def drop_to_add(count: int) -> str:
    """While something hovers over the window; 0 is "not known yet"."""
    if count == 0:
        return "Drop to add. Nothing is uploaded until you press Upload."
    items = "1 item" if count == 1 else f"{number(count)} items"
    return f"Drop to add {items}. Nothing is uploaded until you press Upload."


def remote_files(count: int) -> str:
    """`file://server/…` in a drop: looking at it could send a sign-in to a stranger's computer."""
    files = "1 file is" if count == 1 else f"{number(count)} files are"
    return f"{files} on another computer and cannot be added by this address. Copy them to this computer first."
