"""Finished uploads as text for the clipboard: ids, JSON, links or a table, in the order given."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from pixverse_gui.core.models import Upload

_WHOLE_NUMBER: Final = re.compile(r"0|[1-9][0-9]*")
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


class CopyFormat(StrEnum):
    """What Copy gives; the value is kept in the settings. No format ends in a newline."""

    ID_LINES = "id_lines"
    ID_COMMAS = "id_commas"
    JSON_LIST = "json_list"
    JSON_OBJECTS = "json_objects"
    LINK_LINES = "link_lines"
    TABLE = "table"


def copyable(uploads: Iterable[Upload], copy_format: CopyFormat) -> list[Upload]:
    """Those that the format has something to say about: they have an id, or a link where links are wanted."""
    if copy_format is CopyFormat.LINK_LINES:
        return [upload for upload in uploads if _is_plain(upload.img_url)]
    return [upload for upload in uploads if upload.img_id]


def render(uploads: Iterable[Upload], copy_format: CopyFormat) -> str:
    """The text; rows without an id (or link) are left out. Ids are never numbers on the way, so none is rounded."""
    return _RENDER[copy_format](copyable(uploads, copy_format))


def _ids(uploads: list[Upload]) -> list[str]:
    return [upload.img_id or "" for upload in uploads]


def _json_id(img_id: str) -> str:
    """A bare number: several operations of the API refuse a quoted one (pixverse-api-kit, live tests)."""
    return img_id if _WHOLE_NUMBER.fullmatch(img_id) else json.dumps(img_id)


def _json_list(uploads: list[Upload]) -> str:
    return f"[{', '.join(map(_json_id, _ids(uploads)))}]"


def _json_objects(uploads: list[Upload]) -> str:
    objects = (f'{{"img_id": {_json_id(img_id)}}}' for img_id in _ids(uploads))
    return f"[{', '.join(objects)}]"


def _table(uploads: list[Upload]) -> str:
    rows = (f"{_cell(upload.source.label)}\t{upload.img_id}\t{_cell(upload.img_url or '')}" for upload in uploads)
    return "\n".join(rows)


def _cell(text: str) -> str:
    """One cell: no character that would end it, no lone surrogate, and nothing a sheet would take for a formula."""
    flat = "".join(map(_flat, text))
    begins = next((one for one in flat if not one.isspace() and unicodedata.category(one) != "Cf"), "")
    return f"'{flat}" if begins in _FORMULA_STARTS else flat


def _flat(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    # From a file name that is not UTF-8: no clipboard can carry it.
    return "\ufffd" if category == "Cs" else character


def _is_plain(link: str | None) -> bool:
    """A link out of an answer is copied raw only where it is one line that can be seen."""
    return bool(link) and link is not None and link.isprintable() and not any(map(str.isspace, link))


_RENDER: Final[Mapping[CopyFormat, Callable[[list[Upload]], str]]] = {
    CopyFormat.ID_LINES: lambda uploads: "\n".join(_ids(uploads)),
    CopyFormat.ID_COMMAS: lambda uploads: ", ".join(_ids(uploads)),
    CopyFormat.JSON_LIST: _json_list,
    CopyFormat.JSON_OBJECTS: _json_objects,
    CopyFormat.LINK_LINES: lambda uploads: "\n".join(upload.img_url or "" for upload in uploads),
    CopyFormat.TABLE: _table,
}
