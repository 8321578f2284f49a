"""Ids that could not be saved yet: they can be copied, and closing never drops them in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.errors import WriteError
from pixverse_gui.ui.messages import closing_unsaved_title
from pixverse_gui.ui.notices import NoticeAction, Situation, Tone, state_notice
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.upload_desk import UploadDesk
from pixverse_gui.ui.upload_model import UploadModel
from pixverse_gui.ui.upload_panel import UploadPanel
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import open_world
from tests.helpers.themes import theme  # noqa: F401 - a fixture

IDS = ("9007199254740993", "9007199254740995")


def test_closing_with_unsaved_ids_names_them_and_offers_to_stay_first() -> None:
    notice = state_notice(Situation(asks_to_close=True, storage=WriteError(reason="full"), unsaved=IDS))
    assert notice is not None
    assert "2 IDs are not saved" in notice.title
    assert all(one in notice.text for one in IDS)
    assert [button.action for button in notice.buttons if button.primary] == [NoticeAction.KEEP_OPEN]
    assert notice.tone is Tone.DANGER


@pytest.mark.parametrize("unsaved", [(), IDS])
def test_only_saved_results_are_called_saved(unsaved: tuple[str, ...]) -> None:
    notice = state_notice(Situation(asks_to_close=True, unsaved=unsaved))
    assert notice is not None
    assert ("are saved" in notice.title) == (not unsaved)


def test_one_unsaved_id_is_told_as_one() -> None:
    assert closing_unsaved_title(1) == "1 ID is not saved yet."


def test_copy_in_a_row_gives_its_id_although_it_is_not_on_disk(
    tmp_path: Path,
    qtbot: QtBot,
    theme: Theme,  # noqa: F811
) -> None:
    with open_world(tmp_path, qtbot) as world:
        model = UploadModel(world.engine.rows, lambda _: None)
        panel = UploadPanel(model, RowDelegate(theme, lambda _: None), theme)
        qtbot.addWidget(panel)
        desk = UploadDesk(world.engine, panel, model)
        copied: list[list[str | None]] = []
        desk.copy_wanted.connect(lambda rows: copied.append([row.img_id for row in rows]))
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: world.service.sent == ["a.png"])
        with broken_disk(world):
            world.service.release()
            world.wait(lambda: bool(world.engine.flights.unsaved_ids()))
            desk.act(RowAction.COPY, [world.row("a.png")])
            assert copied == [list(world.engine.flights.unsaved_ids())]
        world.wait(lambda: world.engine.writer.is_idle)
