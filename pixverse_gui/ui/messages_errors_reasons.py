"""What the sentences of an error code become for each of its reasons."""

from __future__ import annotations

from collections.abc import Mapping

from pixverse_gui.ui.messages_errors_table import RETRY_OR_SEND_DETAILS

UNREACHABLE_WHY: Mapping[str, str] = {
    "name": "its name was not found",
    "refused": "the connection was refused",
    "timeout": "it did not answer in time",
    "network": "no internet connection",
    "proxy": "the proxy refused",
}
WRITE_WHY: Mapping[str, str] = {
    "full": "the disk is full",
    "read_only": "the data folder is read-only",
    "locked": "another program holds the file",
    "other": "the disk refused it",
}

BY_REASON: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "source_unreadable": {
        "permission": {
            "meaning": "This app may not read the file. Nothing was sent.",
            "next_step": "Allow reading it, or choose a copy in another folder; then press Retry.",
            "row": "This app may not read the file",
        },
        "not_a_file": {
            "meaning": "This is not an ordinary file. Nothing was sent.",
            "next_step": "Add the picture itself.",
            "row": "This is not an ordinary file",
        },
        "drive": {
            "meaning": "The drive broke off while the file was read. Nothing was sent.",
            "next_step": "Check the drive or the network folder, then press Retry.",
            "row": "The drive broke off while the file was read",
        },
    },
    "drive_silent": {"drive": {}},
    "service_address": {
        "empty": {"meaning": "Enter the address of the service."},
        "scheme": {"meaning": "The address must begin with https://, so that nobody can read the key on its way."},
        "host": {"meaning": "The address has no usable host name."},
        "userinfo": {"meaning": "The address must not hold a user name or a password."},
        "query": {"meaning": "The address must end after the host name: no path, no ? and no #."},
        "port": {"meaning": "The port of the address is not a number from 1 to 65535."},
    },
    "malformed_key": {
        "empty": {"meaning": "There is no key yet. Paste or type it first."},
        "characters": {"meaning": "A key holds only letters, digits and signs, without blanks inside."},
        "length": {"meaning": "This is too short or too long for a key. Check that all of it was copied."},
        "environment": {
            "title": "The key in PIXVERSE_API_KEY cannot be used",
            "meaning": "What stands in PIXVERSE_API_KEY does not look like a key, so there is none for this run.",
            "next_step": "Correct it and start again, or enter a key here.",
        },
    },
    "keyring_unavailable": {
        "missing": {},
        "insecure": {"meaning": "The only password store here would keep the key unprotected, so we do not use it."},
        "lost": {"meaning": "The password store did not give the key back after saving it."},
        "failed": {"meaning": "The password store reported an error."},
    },
    "unreachable": {
        reason: {
            "meaning": f"PixVerse cannot be reached ({why}). Nothing was sent.",
            "row": f"PixVerse cannot be reached ({why})",
        }
        for reason, why in UNREACHABLE_WHY.items()
    },
    "connection_broken": {
        "reset": {},
        "stalled": {"meaning": "Nothing moved for a while, so the attempt was ended. There is no ID for the picture."},
        "no_answer": {"meaning": "The picture was sent, but no answer came. There is no ID for it."},
        "asleep": {"meaning": "The computer was asleep while the picture was on its way, so there is no ID for it."},
    },
    "account_refused": {
        "key": {
            "title": "Key not accepted",
            "meaning": "PixVerse no longer accepts the key, so uploading is paused.",
            "next_step": "Enter the key again, or create a new one at platform.pixverse.ai.",
            "row": "Stopped: PixVerse does not accept the key",
        },
        "permission": {
            "title": "Not allowed for this key",
            "meaning": "The key or its plan does not allow uploading, so uploading is paused.",
            "row": "Stopped: the key may not upload",
        },
        "account": {"row": "Stopped: PixVerse does not accept the account"},
        "proxy": {
            "title": "The proxy wants a login",
            "meaning": "The proxy of your network asks for a user name and a password. Nothing reached PixVerse.",
            "next_step": "Ask whoever looks after your network; then press Continue.",
            "row": "Stopped: the proxy of your network wants a login",
        },
        "balance": {
            "title": "Not enough credits",
            "meaning": "PixVerse says that the account has too few credits, so uploading is paused.",
            "next_step": "Top up at platform.pixverse.ai, then press Continue.",
            "row": "Stopped: the account has too few credits",
        },
    },
    "rejected_image": {
        "size": {
            "meaning": "PixVerse says that the picture has too many bytes or too many pixels.",
            "next_step": "Make the picture smaller and add it again.",
        },
        "format": {"meaning": "PixVerse does not take the format of this picture."},
        "dimensions": {
            "meaning": "PixVerse does not take a picture of this width and height.",
            "next_step": "Change its size and add it again.",
        },
        "parameter": {"meaning": "PixVerse did not accept what was sent.", "next_step": RETRY_OR_SEND_DETAILS},
    },
    "unexpected_answer": {
        "not_json": {},
        "too_large": {"meaning": "The answer was far too long to be one of PixVerse, so there is no ID."},
        "no_id": {"meaning": "PixVerse said that it worked, but gave no ID for the picture."},
        "encoding": {},
        "shape": {},
    },
    "write": {
        reason: {
            "meaning": f"Results cannot be saved: {why}. Uploading is paused; nothing is lost.",
            "row": f"The result could not be saved yet ({why})",
        }
        for reason, why in WRITE_WHY.items()
    },
}
"""By code and the param `reason`: the parts of the message that differ."""
