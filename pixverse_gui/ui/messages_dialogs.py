"""The sentences of the key, links and settings dialogs, the account menu and the details panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from pixverse_gui.core.errors import ApiError, KeyringLockedError, KeyringSilentError, PixVerseGuiError
from pixverse_gui.core.models import ErrorRecord
from pixverse_gui.ui.messages_errors import message_for
from pixverse_gui.ui.messages_errors_reasons import UNREACHABLE_WHY

CANCEL = "Cancel"
CLOSE = "Close"
SAVE = "Save"
OPEN = "Open"
COPY = "Copy"

# The key dialog.
KEY_PAGE = "https://platform.pixverse.ai/api-key"
KEY_TITLE = "Connect your PixVerse account"
KEY_INTRO = "Paste the API key from platform.pixverse.ai. It is kept in your computer's password store, not in a file."
KEY_FIELD = "API key"
KEY_SHOW = "Show"
KEY_SHOW_NAME = "Show the key"
KEY_PASTE = "Paste"
KEY_SELECT_ALL = "Select all"
KEY_PASTE_NAME = "Paste the key from the clipboard"
KEY_WHERE = "Where do I find it?"
KEY_SUBMIT = "Test and save"
KEY_TESTING = "Testing the key…"
KEY_TRY_AGAIN = "Try again"
KEY_USE_FOR_SESSION = "Use the key for this session"
KEY_UNLOCK = "Unlock and try again"
KEY_OK = "OK"
KEY_STORE_HELP = "How to set one up"
KEY_STORE_HELP_TEXT = (
    "On Linux, install GNOME Keyring or KDE Wallet, sign out and in again, and save the key once more. "
    "Windows and macOS have a password store of their own; whoever looks after this computer may have switched it off."
)
KEY_CLIPBOARD_EMPTY = "There is no text in the clipboard. Copy the key first."
KEY_WORKS_TITLE = "Key works."
KEY_FOR_SESSION_TITLE = "Key works, but it cannot be saved"
KEY_STORE_LOCKED_TITLE = "The password store is locked."
KEY_STORE_LOCKED = "The key works, but it cannot be saved while the store is locked."
KEY_STORE_SILENT_TITLE = "The password store is not answering."
KEY_STORE_SILENT = "The key works. The store may be waiting for your password in another window."
KEY_REFUSED_TITLE = "Key not accepted"
KEY_REFUSED = (
    "PixVerse did not accept this key. Check that all of it was copied, or create a new one. Nothing was uploaded."
)

_KEY_PROBLEMS: Mapping[str, str] = {
    "empty": "Paste or type the key first.",
    "characters": "A key holds only letters, digits and signs, without blanks inside. Check what was copied.",
    "length": "This is too short or too long for a key. Check that all of it was copied.",
}


def key_host(host: str) -> str:
    return f"The key will be sent to {host}."


def key_problem(reason: str) -> str:
    """What is wrong with what stands in the field; `reason` of MalformedApiKeyError."""
    return _KEY_PROBLEMS.get(reason, "This cannot be an API key. Check what was copied.")


def key_saved(store_name: str, credits_left: int | None) -> str:
    if credits_left is None:
        return f"Saved in {store_name}."
    return f"Saved in {store_name}. {credits_text(credits_left)} left."


_STORE_REASONS: Mapping[str, str] = {
    "missing": "This computer has no password store that we can use.",
    "insecure": "The only password store of this computer would keep the key unprotected.",
    "lost": "The password store did not give the key back after saving it.",
    "failed": "The password store reported an error.",
}


def key_for_session(reason: str) -> str:
    """`reason` of KeyringUnavailableError."""
    return f"{_STORE_REASONS.get(reason, _STORE_REASONS['failed'])} The key will be kept until you close the app."


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """A title and what it means; `small_print` is what the service said, for whoever wants to look it up."""

    title: str
    text: str
    small_print: str = ""


_KEY_NOT_TESTED: Mapping[str, str] = {
    "certificate_refused": "Check the date of this computer and its network, then try again. The key was not sent.",
    "connection_broken": "It broke before an answer came. Check the network, then try again.",
    "redirected": "Nothing was sent there. Check the service address in the settings.",
    "rate_limited": "Wait a little, then try again.",
    "server": "The service reported a fault of its own. Wait a little, then try again.",
    "unexpected_answer": "PixVerse answered in a way this program does not know. Try again later.",
}


def key_not_tested(error: Exception) -> KeyNotice:
    """What to say when the balance call did not prove the key. Any exception has an answer."""
    record = error.record() if isinstance(error, PixVerseGuiError) else ErrorRecord("error")
    message = message_for(record)
    small_print = said_by_service(record)
    if record.code == "account_refused" and record.params.get("reason") != "proxy":
        return KeyNotice(KEY_REFUSED_TITLE, KEY_REFUSED, small_print)
    text = _KEY_NOT_TESTED.get(record.code)
    if record.code == "unreachable":
        why = UNREACHABLE_WHY.get(str(record.params.get("reason")), UNREACHABLE_WHY["timeout"])
        text = f"{why[:1].upper()}{why[1:]}. The key could not be tested and was not saved."
    if text is None and isinstance(error, ApiError):
        text = f"{message.meaning} The key was not saved."
    return KeyNotice(message.title, text or f"{message.meaning} {message.next_step}", small_print)


def said_by_service(record: ErrorRecord) -> str:
    """One line of raw facts: what the service wrote, its code and the HTTP status; "" where it said nothing."""
    numbers = []
    if record.api_code is not None:
        numbers.append(f"code {record.api_code}")
    if record.http_status is not None:
        numbers.append(f"HTTP {record.http_status}")
    facts = ", ".join(numbers)
    if record.server_text:
        return f"PixVerse said: {record.server_text} ({facts})" if facts else f"PixVerse said: {record.server_text}"
    return f"PixVerse said: {facts}" if facts else ""


def key_not_saved(error: KeyringLockedError | KeyringSilentError) -> KeyNotice:
    """The key works, and the store is there but does not take it."""
    if isinstance(error, KeyringLockedError):
        return KeyNotice(KEY_STORE_LOCKED_TITLE, KEY_STORE_LOCKED)
    return KeyNotice(KEY_STORE_SILENT_TITLE, KEY_STORE_SILENT)


# The links dialog.
LINKS_TITLE = "Add links"
LINKS_INTRO = "One link a line. Nothing is uploaded until you press Upload."
LINKS_FIELD = "Links"
LINKS_ADD = "Add"
LINKS_PLACEHOLDER = "https://example.com/castle_01.png"
LINKS_NONE = "No links yet"
LINKS_PROBLEMS_SHOWN = 4

_LINK_PROBLEMS: Mapping[str, str] = {
    "scheme": "only public web links (https://…) can be used",
    "host": "only public web links can be used, not addresses of this computer or network",
    "credentials": "a link must not hold a user name or a password",
    "length": "the link is too long",
    "characters": "the link holds characters that a link cannot have",
}


def links_count(count: int) -> str:
    if count == 0:
        return LINKS_NONE
    return "1 link" if count == 1 else f"{QLocale().toString(count)} links"


def link_problem(line_number: int, reason: str) -> str:
    """`reason` of LINK_NOT_PUBLIC, or any other: then the line simply is no link."""
    return f"Line {QLocale().toString(line_number)}: {_LINK_PROBLEMS.get(reason, 'this is not a link')}"


def more_link_problems(count: int) -> str:
    return "and 1 more line" if count == 1 else f"and {QLocale().toString(count)} more lines"


def links_left(added: int, left: int) -> str:
    """Said when the good ones went in and the others stayed in the box."""
    stayed = "1 line stays here" if left == 1 else f"{QLocale().toString(left)} lines stay here"
    if added == 0:
        return f"Nothing was added; {stayed}."
    return f"Added {links_count(added)}; {stayed}."


# The settings dialog.
SETTINGS_TITLE = "Settings"
SETTINGS_AT_ONCE = "Pictures at once"
SETTINGS_LOOK = "Look at links before uploading"
SETTINGS_LOOK_NOTE = "Fetches each linked picture to show and check it. Your key is never part of that."
SETTINGS_REUSE = "Use the ID of pictures already uploaded"
SETTINGS_REUSE_NOTE = "A picture that this account has already is done at once and is not sent again."
SETTINGS_SERVICE = "Service address"
SETTINGS_SERVICE_INTERNATIONAL = "International"
SETTINGS_SERVICE_CHINA = "China"
SETTINGS_SERVICE_OWN = "Own address"
SETTINGS_OWN = "Own address"
SETTINGS_OWN_PLACEHOLDER = "https://api.example.com"
SETTINGS_FOLDER = "Data folder"
SETTINGS_OPEN_FOLDER_NAME = "Open the data folder"


def settings_service(name: str, host: str) -> str:
    return f"{name} ({host})"


def settings_new_host(host: str) -> str:
    return f"Your key will be sent to {host}."


def settings_agree(host: str) -> str:
    return f"Send my key to {host}"


# The account menu.
ACCOUNT_NONE = "Not connected"
ACCOUNT_NAME = "PixVerse account"
ACCOUNT_PRACTICE = "Practice mode"
ACCOUNT_REFUSED = "Key not accepted"
ACCOUNT_LOADING = "Looking for a saved key…"
ACCOUNT_ASKING = "Asking PixVerse…"
ACCOUNT_CREDITS_UNKNOWN = "Credits not known yet"
ACCOUNT_FOR_SESSION = "Kept until you close the app"
ACCOUNT_FROM_ENVIRONMENT = "Using the key from PIXVERSE_API_KEY for this run."
ACCOUNT_PRACTICE_NOTE = "Nothing leaves this computer, and the IDs are made up."
ACCOUNT_CONNECT = "Connect…"
ACCOUNT_CONNECT_REAL = "Connect an account"
ACCOUNT_CHANGE = "Change key…"
ACCOUNT_FORGET = "Forget key"
ACCOUNT_CHECK = "Check key again"
ACCOUNT_LOG = "Open log folder"


def credits_text(count: int) -> str:
    return "1 credit" if count == 1 else f"{QLocale().toString(count)} credits"


def account_button(name: str, credits_left: int | None) -> str:
    return name if credits_left is None else f"{name} · {credits_text(credits_left)}"


def account_spoken(text: str) -> str:
    """Accessible name of the account button."""
    return f"Account: {text}"


def key_ends_in(last4: str) -> str:
    return f"Key ends in {last4}"
