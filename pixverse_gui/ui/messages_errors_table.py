"""The sentences of each error code, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """What the operator reads: what happened, what it means for the work, what to do, and the short form for a row."""

    title: str
    meaning: str
    next_step: str
    row: str


_M = ErrorMessage
RETRY_OR_SEND_DETAILS = "Press Retry. If it happens again, copy the details and send them to PixVerse."
_BY_ITSELF = "Nothing is lost. The upload goes on by itself."

MESSAGES: Mapping[str, ErrorMessage] = {
    "error": _M(
        "Something went wrong",
        "The program met an error it has no words for.",
        "Try again. If it happens again, copy the details.",
        "Something went wrong",
    ),
    "source": _M(
        "The picture could not be used",
        "It could not be read from this computer, so nothing was sent.",
        "Add the picture again.",
        "The picture could not be used",
    ),
    "source_missing": _M(
        "File not found",
        "The file was moved or deleted since you added it. Nothing was sent.",
        "Put the file back and press Retry, or remove this row.",
        "The file was moved or deleted since you added it",
    ),
    "source_unreadable": _M(
        "File cannot be read",
        "The file is there, but it could not be read. Nothing was sent.",
        "Check the drive and the file, then press Retry.",
        "The file could not be read",
    ),
    "drive_silent": _M(
        "The drive does not answer",
        "The drive with this file does not answer. Nothing was sent.",
        "Check the drive or the network folder, then press Retry.",
        "The drive with this file does not answer",
    ),
    "source_changed": _M(
        "File changed",
        "The file is not the one that was checked when you added it.",
        "It is checked again by itself; then it can be sent.",
        "The file changed after you added it; the new version was checked again",
    ),
    "service_address": _M(
        "Not a usable service address",
        "The key may only be sent to a plain https address.",
        "Use an address such as https://app-api.pixverse.ai.",
        "The service address cannot be used",
    ),
    "credential": _M(
        "The key cannot be used",
        "Uploading needs a working API key.",
        "Enter the key again.",
        "Stopped: there is no usable key",
    ),
    "malformed_key": _M(
        "This cannot be an API key",
        "What was entered does not look like a key. Nothing was sent.",
        "Copy the whole key from platform.pixverse.ai and paste it again.",
        "Stopped: the key cannot be used",
    ),
    "key_not_forgotten": _M(
        "The key is still in the password store",
        "It could not be taken out, so the next start will find it again. In this window it is forgotten.",
        "Unlock the password store, paste the key once more, and forget it then.",
        "Stopped: there is no key",
    ),
    "missing_key": _M(
        "Connect your PixVerse account first",
        "You can add images already; uploading starts once the key works.",
        "Paste the API key from platform.pixverse.ai.",
        "Stopped: no key yet",
    ),
    "keyring_locked": _M(
        "The password store is locked",
        "The key is kept there and cannot be read or saved while it is locked.",
        "Unlock it and try again, or use the key for this session only.",
        "Stopped: the password store is locked",
    ),
    "keyring_silent": _M(
        "The password store is not answering",
        "It may be waiting for your password in another window.",
        "Look for that window, then try again, or use the key for this session only.",
        "Stopped: the password store is not answering",
    ),
    "keyring_unavailable": _M(
        "No password store",
        "This computer has no password store that we can use.",
        "The key will be kept until you close the app.",
        "The key is kept for this session only",
    ),
    "api": _M(
        "The upload did not work",
        "PixVerse gave no result for this picture.",
        RETRY_OR_SEND_DETAILS,
        "The upload did not work",
    ),
    "unreachable": _M(
        "PixVerse cannot be reached",
        "There was no connection, so nothing was sent.",
        _BY_ITSELF,
        "PixVerse cannot be reached",
    ),
    "certificate_refused": _M(
        "The connection is not safe",
        "The certificate of {host} was refused: somebody may be listening in. Nothing was sent.",
        "Check the date of this computer and its network, or ask whoever looks after it. Then press Continue.",
        "The connection is not safe: the certificate of {host} was refused",
    ),
    "connection_broken": _M(
        "The connection broke",
        "It broke while the picture was on its way, so there is no ID for it.",
        "Check the network, then press Retry.",
        "The connection broke",
    ),
    "redirected": _M(
        "The service address sent us elsewhere",
        "The answer named another address. Nothing was sent there, because the key belongs to PixVerse only.",
        "Check the service address in the settings, then press Retry.",
        "The service address sent us elsewhere; nothing was sent there",
    ),
    "account_refused": _M(
        "PixVerse does not accept this account",
        "Uploading is paused.",
        "Check the key and the plan at platform.pixverse.ai, then press Continue.",
        "Stopped: account problem",
    ),
    "rate_limited": _M(
        "PixVerse is busy",
        "PixVerse asked us to slow down.",
        _BY_ITSELF,
        "Waiting: PixVerse is busy",
    ),
    "content_refused": _M(
        "Picture refused",
        "PixVerse did not accept the content of this picture. Sending it again would not help.",
        "Use another image.",
        "PixVerse did not accept the content of this picture",
    ),
    "rejected_image": _M(
        "PixVerse could not use this picture",
        "The picture arrived, but the service refused it.",
        "Save the picture anew as PNG or JPG, add it again, or use another image.",
        "PixVerse could not use this picture",
    ),
    "remote_fetch": _M(
        "PixVerse could not load this link",
        "The service tried to fetch the picture from its address and could not.",
        "Check that the link opens without signing in, or save the picture and add the file instead.",
        "PixVerse could not load this link",
    ),
    "server": _M(
        "PixVerse has a problem",
        "The service reported a fault of its own; the picture is not to blame.",
        "Wait a little, then press Retry.",
        "PixVerse has a problem of its own",
    ),
    "unexpected_answer": _M(
        "The answer cannot be understood",
        "PixVerse answered in a way this program does not know, so there is no ID for the picture.",
        RETRY_OR_SEND_DETAILS,
        "PixVerse gave an answer that cannot be understood",
    ),
    "intercepted": _M(
        "Somebody else answered",
        "Something between you and PixVerse answered (a proxy or a sign-in page).",
        "Open a web page in your browser and sign in to the network if it asks; then press Retry.",
        "Something between you and PixVerse answered (a proxy or a sign-in page)",
    ),
    "unknown_api_code": _M(
        "An error we do not know",
        "PixVerse answered with an error we do not know ({api_code}).",
        RETRY_OR_SEND_DETAILS,
        "PixVerse answered with an error we do not know ({api_code})",
    ),
    "storage": _M(
        "Something could not be saved or read",
        "A file in the data folder could not be used. The program goes on.",
        "Check the disk and try again.",
        "The result could not be saved yet",
    ),
    "corrupt_file": _M(
        "A damaged file was set aside",
        "Part of what was saved could not be read. The old file was kept at {place}.",
        "You can go on working.",
        "A damaged file was set aside",
    ),
    "id_lost": _M(
        "The ID of this image is lost",
        "The file with the history was damaged where this ID stood. The image is at PixVerse, but its ID is gone.",
        "Retry sends the image once more, and it gets a new ID.",
        "The ID was lost with a damaged file",
    ),
    "write": _M(
        "Results cannot be saved",
        "Results cannot be saved. Uploading is paused; nothing is lost.",
        "Check the disk, then try again.",
        "The result could not be saved yet",
    ),
    "newer_file": _M(
        "Made by a newer version",
        "What was saved here comes from a newer version of PixVerse Uploader. It was left as it is.",
        "Start the newer version, or choose another data folder.",
        "Made by a newer version of this program",
    ),
    "folder_in_use": _M(
        "PixVerse Uploader is open already",
        "Another window uses this data folder, so nothing can be saved from this one.",
        "Close this window and go on in the other one.",
        "The data folder is in use",
    ),
}
"""By the `code` of core/errors.py; placeholders are the error's params."""
