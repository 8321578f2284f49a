"""Sentences of the window itself: buttons, banners, the line of progress. Numbers by locale, one and many apart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale

ADD_IMAGES = "Add images"
ADD_FOLDER = "Add folder"
ADD_LINKS = "Add links"
PASTE = "Paste"
SETTINGS = "Settings"
PAUSE = "Pause"
CONTINUE = "Continue"
STOP = "Stop"
TRY_NOW = "Try now"
TRY_AGAIN = "Try again"
RETRY_FAILED = "Retry failed"
SHOW_FAILED = "Show failed"
SHOW_ATTENTION = "Show them"
SHOW_FILE = "Show file"
DISCARD_WAITING = "Discard waiting"
CLEAR_LIST = "Clear list"
UNDO = "Undo"
REVIEW_FIRST = "Review first"
DISMISS = "OK"

PICK_IMAGES_TITLE = "Add images"
PICK_FOLDER_TITLE = "Add folder"
PICK_FILTER_IMAGES = "Images (*.png *.jpg *.jpeg *.webp *.PNG *.JPG *.JPEG *.WEBP)"
PICK_FILTER_ALL = "All files (*)"

UPLOAD_LIST_NAME = "Uploads"
TABS_NAME = "Lists"
SELECT_FOR_MORE = "Select images to copy, open or remove them. Space shows details."
PROGRESS_NAME = "Progress of all uploads"
MORE_WAYS_NAME = "More ways to add"

NOTHING_TO_PASTE = "There are no pictures, files or links to paste."
NOTHING_USABLE = "This does not contain pictures or links."

CONNECT_TITLE = "Connect your PixVerse account first"
CONNECT_TEXT = (
    "Paste the API key from platform.pixverse.ai. It is kept in your computer's password store, not in a file. "
    "You can add images already; uploading starts once the key works."
)
CONNECT_WITHOUT_STORE = (
    "Paste the API key from platform.pixverse.ai. You can add images already; uploading starts once the key works."
)
PASTE_KEY = "Paste key"
WHERE_IS_IT = "Where do I find it?"
TRY_WITHOUT_KEY = "Try without a key"
ENTER_KEY = "Enter key"

PRACTICE_TITLE = "Practice mode."
PRACTICE_TEXT = "Nothing leaves this computer, and the IDs are made up."
CONNECT_ACCOUNT = "Connect an account"
ADD_SAMPLES = "Add sample pictures"

KEY_FROM_ENVIRONMENT = "Using the key from PIXVERSE_API_KEY for this run."

KEY_REFUSED_TITLE = "PixVerse did not accept this key."
CERTIFICATE_TITLE = "The connection is not safe."
OFFLINE_TITLE = "PixVerse cannot be reached."
STORAGE_TITLE = "Results cannot be saved."
DAMAGED_TITLE = "Part of the history could not be read."
VOLATILE_TITLE = "Nothing can be saved in the data folder."
VOLATILE_TEXT = "Uploads work, but this list and its IDs are gone when you close the app. Copy the IDs before that."
RESTORED_TITLE = "The app closed before everything was done."
BUSY_PAUSED_TITLE = "PixVerse is busy."
BUSY_PAUSED_TEXT = "It asked us to wait several times in a row, so uploading is paused. Nothing is lost."
INTERCEPTED_PAUSED = (
    "Uploading is paused; nothing is lost. Open a web page in your browser and sign in to the network if it asks."
)
CLOSING_TITLE = "Uploads are running. Finished results are saved."
FINISH_THEN_CLOSE = "Finish these, then close"
CLOSE_NOW = "Close now"
KEEP_OPEN = "Keep open"
FINISHING_TO_CLOSE = "Finishing what is on its way, then closing."
NOT_ADDED_TITLE = "Nothing was added."
SETTINGS_NOT_SAVED = "The settings could not be saved; they count until you close the window."


def closing_unsaved_title(count: int) -> str:
    return "1 ID is not saved yet." if count == 1 else f"{number(count)} IDs are not saved yet."


def closing_unsaved_text(ids: Sequence[str]) -> str:
    return f"Copy what you need before you close the app, it cannot be asked for again: {' '.join(ids)}"


CLOSING_VOLATILE_TEXT = "They are in this window only, and gone when you close it. Copy them before that."


def number(value: int) -> str:
    """A count as this country writes it. Never for ids."""
    return QLocale().toString(value)


def images(count: int) -> str:
    return "1 image" if count == 1 else f"{number(count)} images"


def upload_tab(count: int) -> str:
    return f"Upload {number(count)}" if count else "Upload"


def history_tab(count: int) -> str:
    return f"History {number(count)}" if count else "History"


def upload_button(count: int) -> str:
    return f"Upload {images(count)}"


def ready_line(ready: int, attention: int) -> str:
    if ready == 0:
        return ""
    if attention:
        return f"{number(ready)} ready · {attention_line(attention)}"
    return "1 image is ready." if ready == 1 else f"{number(ready)} images are ready."


def attention_line(count: int) -> str:
    return "1 needs attention" if count == 1 else f"{number(count)} need attention"


def blocked_line(count: int) -> str:
    return "1 cannot be sent" if count == 1 else f"{number(count)} cannot be sent"


PROBLEM_GROUPS = {
    "large": ("1 too large", "{count} too large"),
    "not_opened": ("1 cannot be opened", "{count} cannot be opened"),
    "unreadable": ("1 cannot be read", "{count} cannot be read"),
    "link": ("1 link is not public", "{count} links are not public"),
    "warning": ("1 with a note", "{count} with a note"),
}
"""One and many of each kind of problem, in the order in which they are said."""


def problem_group(name: str, count: int) -> str:
    one, many = PROBLEM_GROUPS[name]
    return one if count == 1 else many.format(count=number(count))


def reused_line(count: int) -> str:
    if count == 1:
        return "1 already uploaded, its ID is used"
    return f"{number(count)} already uploaded, their IDs are used"


def looking_line(done: int, total: int) -> str:
    return f"Looking at {number(done)} of {number(total)} files… You can keep working."


def counting_line(count: int, *, drive_is_silent: bool = False) -> str:
    so_far = f"Reading folders: {number(count)} files so far…"
    return f"{so_far} The drive does not answer yet." if drive_is_silent else so_far


def size(byte_count: float) -> str:
    """Decimal kB and MB with one digit, as the service counts."""
    if byte_count < 1_000_000:
        return f"{QLocale().toString(max(1, round(byte_count / 1000)))} kB"
    return f"{QLocale().toString(byte_count / 1_000_000, 'f', 1)} MB"


def duration(seconds: float) -> str:
    """A rough time: nobody plans with seconds when it is minutes."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s"
    if seconds < 5400:
        return f"{number(round(seconds / 60))} min"
    return f"{QLocale().toString(seconds / 3600, 'f', 1)} h"


def progress_line(done: int, total: int, failed: int, bytes_per_s: float | None, seconds_left: float | None) -> str:
    parts = [f"{number(done)} of {number(total)} done"]
    if failed:
        parts.append(f"{number(failed)} failed")
    if bytes_per_s:
        parts.append(f"{size(bytes_per_s)}/s")
    if seconds_left is not None:
        parts.append(f"about {duration(seconds_left)} left")
    return " · ".join(parts)


def pausing_line(in_flight: int) -> str:
    uploads = "1 upload" if in_flight == 1 else f"{number(in_flight)} uploads"
    return f"Finishing {uploads}, then pausing."


def paused_line(waiting: int) -> str:
    if waiting == 1:
        return "Paused. 1 image is waiting."
    return f"Paused. {number(waiting)} images are waiting."


def stopping_line(in_flight: int) -> str:
    return "Stopping 1 upload…" if in_flight == 1 else f"Stopping {number(in_flight)} uploads…"


def busy_line(seconds: int) -> str:
    return f"PixVerse asked us to slow down. Going on by itself in {number(seconds)} s. Nothing is lost."


def offline_text(why: str, waiting: int, seconds: int) -> str:
    rest = f"{number(waiting)} images are waiting and go on by themselves."
    if waiting == 1:
        rest = "1 image is waiting and goes on by itself."
    again = f" Next try in {number(seconds)} s." if seconds else ""
    return f"{why} {rest}{again} Finished IDs can still be copied.".strip()


def finished_line(done: int, failed: int) -> str:
    if not failed:
        return "The image is uploaded." if done == 1 else f"All {number(done)} images are uploaded."
    if not done:
        return "The image could not be uploaded." if failed == 1 else f"None of {number(failed)} images was uploaded."
    return f"{number(done)} uploaded, {number(failed)} not. The uploaded ones are saved."


def stopped_line(done: int, left: int) -> str:
    return f"Stopped. {number(done)} uploaded, {number(left)} not sent."


def restored_text(safe: int, waiting: int) -> str:
    results = "1 result is safe" if safe == 1 else f"{number(safe)} results are safe"
    open_ones = "1 image was not finished" if waiting == 1 else f"{number(waiting)} images were not finished"
    return f"{open_ones}, {results}. Continue?"


def account_lost_text(done: int) -> str:
    if not done:
        return ""
    kept = "1 image is" if done == 1 else f"{number(done)} images are"
    return f"{kept} done and safe."


def damaged_text(recovered: int, place: str) -> str:
    entries = "1 entry was" if recovered == 1 else f"{number(recovered)} entries were"
    return f"{entries} recovered; the old file was kept at {place}."


def removed_line(count: int) -> str:
    return f"Removed {images(count)} from this list."


def cleared_line(count: int) -> str:
    return f"Cleared {images(count)} from this list. Finished ones stay in the History."


def test_address_text(address: str) -> str:
    return f"Using the address {address} for this run."


def saved_late_line(img_id: str, why: str) -> str:
    return f"The ID could not be saved yet ({why}): {img_id}"
