"""The sentences of the dialog that tells of a fault of the program itself."""

from __future__ import annotations

from PySide6.QtCore import QLocale

TITLE = "Something went wrong in this program"
SAVED = "Everything that was uploaded is saved. The program goes on."
NOT_SAVED = "Some IDs are not saved yet; the main window shows them and goes on trying. The program goes on."
NEXT_STEP = (
    "You can go on working. If something looks wrong, close the window and start the program again: it takes up what "
    "was not finished. Copy the details and send them to whoever looks after this program."
)
PRIVATE = "The details never hold your key."
DETAILS = "Details"
COPY = "Copy details"
COPIED = "Copied."
NOT_COPIED = "The clipboard did not take it. Select the details and copy them by hand."
OPEN_LOG = "Open log folder"
CLOSE = "Close"


def happened(count: int) -> str:
    """How often; said from the second time on."""
    return "" if count < 2 else f"This happened {QLocale().toString(count)} times."


def left_out(count: int) -> str:
    """The last line of details that would be too long; all of them are in the log."""
    return f"({QLocale().toString(count)} more, in the log)"
