"""What can be done with rows in each state, and with several at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.row_actions import RowAction, RowActions, applies, link_of
from tests.helpers.rows import link_upload, upload

A, S = RowAction, UploadState
DONE = upload("done.png", S.DONE, img_id="77", img_url="https://media.example.com/77.png")
REUSED = replace(DONE, reused_from=1)
LINKED = link_upload("https://example.com/a.png", S.DONE, img_url="https://media.example.com/7.png")

PER_STATE = {
    S.CHECKING: {A.DETAILS, A.REMOVE},
    S.READY: {A.DETAILS, A.REMOVE},
    S.BLOCKED: {A.CHECK_AGAIN, A.DETAILS, A.REMOVE},
    S.WAITING: {A.CANCEL, A.DETAILS},
    S.UPLOADING: {A.CANCEL, A.DETAILS},
    S.FAILED: {A.RETRY, A.DETAILS, A.REMOVE},
}


@pytest.mark.parametrize("state", PER_STATE)
def test_each_state_has_its_actions(state: UploadState) -> None:
    assert {action for action in A if applies(action, upload(state=state))} == PER_STATE[state]


def test_a_done_row_can_be_copied_and_opened_and_a_reused_one_sent_again() -> None:
    assert {action for action in A if applies(action, DONE)} == {A.COPY, A.OPEN_LINK, A.DETAILS, A.REMOVE}
    assert {action for action in A if applies(action, REUSED)} == {
        A.COPY,
        A.OPEN_LINK,
        A.UPLOAD_AGAIN,
        A.DETAILS,
        A.REMOVE,
    }


@pytest.mark.parametrize(
    ("row", "link"),
    [
        (DONE, "https://media.example.com/77.png"),
        (link_upload("https://example.com/a.png"), "https://example.com/a.png"),
        (LINKED, "https://media.example.com/7.png"),
        (link_upload("http://example.com/a.png"), None),
        (upload(state=S.DONE, img_url="javascript:alert(1)"), None),
        (upload(state=S.DONE, img_url="file:///etc/passwd"), None),
        (upload(), None),
    ],
)
def test_only_https_pages_are_opened(row: Upload, link: str | None) -> None:
    assert link_of(row) == link
    assert applies(A.OPEN_LINK, row) is (link is not None)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(parent: QWidget) -> RowActions:
    return RowActions(tuple(A), parent)


def visible(actions: RowActions) -> set[RowAction]:
    assert all(action.isEnabled() == action.isVisible() for action in actions.actions.values())
    return {which for which, action in actions.actions.items() if action.isVisible()}


def test_without_a_selection_nothing_can_be_done(actions: RowActions, qtbot: QtBot) -> None:
    assert visible(actions) == set()
    with qtbot.assertNotEmitted(actions.triggered):
        actions.trigger(A.REMOVE)


def test_a_mixed_selection_has_what_makes_sense_for_any_of_its_rows(actions: RowActions) -> None:
    actions.select([DONE, upload(state=S.FAILED), upload(state=S.WAITING)])
    assert visible(actions) == {A.CANCEL, A.RETRY, A.COPY, A.REMOVE}


def test_an_action_takes_only_the_rows_it_makes_sense_for(actions: RowActions, qtbot: QtBot) -> None:
    failed, waiting = upload(state=S.FAILED), upload(state=S.WAITING)
    actions.select([DONE, failed, waiting])
    with qtbot.waitSignal(actions.triggered) as triggered:
        actions.actions[A.REMOVE].trigger()
    assert triggered.args == [A.REMOVE, [DONE, failed]]


def test_details_and_pages_are_for_one_row_at_a_time(actions: RowActions) -> None:
    actions.select([DONE])
    assert {A.DETAILS, A.OPEN_LINK} <= visible(actions)
    actions.select([DONE, REUSED])
    assert visible(actions).isdisjoint({A.DETAILS, A.OPEN_LINK})


def test_the_menu_offers_what_can_be_done_in_one_order(actions: RowActions, parent: QWidget) -> None:
    actions.select([REUSED])
    assert [action.text() for action in actions.menu(parent).actions()] == [
        "Copy",
        "Upload again",
        "Open link",
        "Details",
        "Remove",
    ]
