"""After a drop: nothing that stayed behind is passed over in silence."""

from __future__ import annotations

import pytest

from pixverse_gui.ui.messages_adding import gathered_line
from tests.helpers.themes import british  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("british")


def test_a_drop_that_was_taken_whole_needs_no_words() -> None:
    assert gathered_line(1_200, empty=["holiday"]) == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (gathered_line(1, left_out=1), "1 image added. 1 other file was left out."),
        (gathered_line(2, left_out=30), "2 images added. 30 other files were left out."),
        (gathered_line(2, unreadable=["locked"]), "2 images added. The folder “locked” could not be read."),
        (gathered_line(0, unreadable=["a", "b"]), "0 images added. 2 folders could not be read."),
        (gathered_line(0, empty=["nothing"]), "There are no images in the folder “nothing”."),
        (gathered_line(0, empty=["a", "b"]), "There are no images in these folders."),
    ],
)
def test_what_stayed_behind_is_said(line: str, expected: str) -> None:
    assert line == expected


def test_a_folder_that_was_too_much_is_said() -> None:
    assert gathered_line(10_000, is_cut_short=True).startswith("10,000 images added. There are more images")


def test_a_folder_name_cannot_pretend_to_be_something_else() -> None:
    assert "\u202e" not in gathered_line(0, empty=["\u202egpj.exe"])
