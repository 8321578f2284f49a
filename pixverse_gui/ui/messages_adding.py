"""What is said after a drop that was not simply taken: what was left out, could not be read, or was too much."""

from __future__ import annotations

from collections.abc import Sequence

from pixverse_gui.ui.messages import images, number
from pixverse_gui.ui.visible_name import visible_name

LEFT_OUT_TITLE = "Files that were left out"
LEFT_OUT_LIST_NAME = "Files that were left out"
SHOW_LIST = "Show list"


def left_out_heading(count: int) -> str:
    return "1 file is no picture" if count == 1 else f"{number(count)} files are no pictures"


def gathered_line(
    added: int,
    *,
    left_out: int = 0,
    unreadable: Sequence[str] = (),
    empty: Sequence[str] = (),
    is_cut_short: bool = False,
    is_stopped: bool = False,
    silent: str = "",
    is_late: bool = False,
) -> str:
    """ "" where there is nothing to say. `unreadable`, `empty`: names of folders; the latter had no pictures.

    `silent`: the name of what could not be read yet, as its drive does not answer. `is_late`: now it does.
    """
    if silent:
        return " ".join([*([f"{images(added)} added."] if added else []), _silent(silent, is_stopped=is_stopped)])
    said = [
        _left_out(left_out) if left_out else "",
        _unreadable(unreadable) if unreadable else "",
        "There are more images in there than one drop can take: add the rest in smaller folders."
        if is_cut_short
        else "",
        "Reading was stopped, so there may be more." if is_stopped else "",
    ]
    if added == 0 and not is_stopped and not left_out and not unreadable and empty:
        return _empty(empty)
    news = [sentence for sentence in said if sentence]
    return " ".join([f"{images(added)} added.", *news]) if news or is_late else ""


def _left_out(count: int) -> str:
    return "1 other file was left out." if count == 1 else f"{number(count)} other files were left out."


def _unreadable(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"The folder \u201c{visible_name(names[0])}\u201d could not be read."
    return f"{number(len(names))} folders could not be read."


def _silent(name: str, *, is_stopped: bool) -> str:
    what_follows = "Reading was stopped." if is_stopped else "What is found there is added as soon as it does."
    return f"The drive with \u201c{visible_name(name)}\u201d does not answer. {what_follows}"


def _empty(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"There are no images in the folder \u201c{visible_name(names[0])}\u201d."
    return "There are no images in these folders."
