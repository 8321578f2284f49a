"""Rows as they are laid out and painted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyleOptionViewItem, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import ErrorRecord, IssueCode, UploadState
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.row_content import content_of
from pixverse_gui.ui.row_delegate import RowButton, RowDelegate
from pixverse_gui.ui.row_geometry import RowGeometry, RowSlots
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.type_scale import TypeScale
from tests.helpers.rows import LONG_ID, RowModel, blocker, facts, link_upload, upload, warning
from tests.helpers.themes import theme

__all__ = ["theme"]

S = UploadState
NAME = "a very long name that goes on and on, as some tools write the prompt into it.png"
ROWS = {
    "done": (upload(NAME, S.DONE, img_id=LONG_ID, facts=facts(), reused_from=3), None),
    "ready": (upload(NAME, facts=facts(), issues=(warning(IssueCode.ANIMATED),)), None),
    "blocked": (upload("panorama.jpg", S.BLOCKED, facts=facts(), issues=(blocker(IssueCode.CUT_OFF),)), None),
    "waiting": (upload("扫描_0007.jpg", S.WAITING), None),
    "checking": (upload(state=S.CHECKING), None),
    "failed": (upload(state=S.FAILED, error=ErrorRecord("content_refused"), facts=facts()), None),
    "uploading": (upload(NAME, S.UPLOADING, facts=facts()), LiveProgress(0.71)),
    "asked": (link_upload("https://example.com/a.png", S.UPLOADING), LiveProgress(1.0, "waiting_for_answer")),
    "unsaved": (upload(state=S.UPLOADING), LiveProgress(1.0, "waiting_for_answer", LONG_ID, "full")),
}
WIDE = 1060


@pytest.fixture(params=[1.0, 2.0], ids=["text 100 %", "text 200 %"])
def geometry(request: pytest.FixtureRequest, theme: Theme) -> RowGeometry:
    system = theme.fonts.body
    system.setPointSizeF(system.pointSizeF() * request.param)
    return RowGeometry(TypeScale.of(system))


def slots_of(geometry: RowGeometry, row: str, width: int = WIDE, heading: str = "") -> RowSlots:
    rect = QRect(0, 0, width, geometry.height(heading))
    return geometry.slots(rect, content_of(*ROWS[row]), heading)


def shown(slots: RowSlots) -> dict[str, QRect]:
    names = ("thumbnail", "name", "pill", "time", "bar", "progress_text", "id_text", "copy", "close")
    return {name: getattr(slots, name) for name in names if not getattr(slots, name).isEmpty()}


def test_a_row_is_as_tall_as_in_the_pictures_and_grows_with_the_text(theme: Theme) -> None:
    assert RowGeometry(theme.fonts).row_px == 64
    assert 32 <= RowGeometry(theme.fonts).heading_px <= 38
    large = theme.fonts.body
    large.setPointSizeF(large.pointSizeF() * 2)
    taller = RowGeometry(TypeScale.of(large))
    assert taller.row_px >= taller.name.height() + taller.small.height() + 16


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("width", [1600, WIDE, 640, 380])
def test_nothing_lies_over_anything_else(geometry: RowGeometry, row: str, width: int) -> None:
    slots = slots_of(geometry, row, width)
    for (one, first), (other, second) in combinations(shown(slots).items(), 2):
        assert not first.intersects(second), (one, other)
    assert all(slots.row.contains(rect) for rect in shown(slots).values())
    assert not slots.facts.intersects(slots.note)


@pytest.mark.parametrize("width", [1600, WIDE, 640, 400])
def test_an_id_always_has_all_the_room_it_needs(geometry: RowGeometry, width: int) -> None:
    for row in ("done", "unsaved"):
        slots = slots_of(geometry, row, width)
        assert slots.id_text.width() >= geometry.mono.horizontalAdvance(LONG_ID)
        assert slots.row.contains(slots.id_text)


def test_names_and_notes_give_way_first(theme: Theme) -> None:
    geometry = RowGeometry(theme.fonts)
    wide, narrow = slots_of(geometry, "done"), slots_of(geometry, "done", 620)
    assert narrow.name.width() < wide.name.width()
    assert narrow.id_text.size() == wide.id_text.size()
    assert geometry.is_shortened(narrow.row, content_of(*ROWS["done"]))
    assert not geometry.is_shortened(QRect(0, 0, 2400, 64), content_of(*ROWS["done"]))


def test_with_little_room_words_at_the_right_become_icons(theme: Theme) -> None:
    geometry = RowGeometry(theme.fonts)
    assert slots_of(geometry, "done").pill_has_word
    assert not slots_of(geometry, "done", 520).pill_has_word
    assert not slots_of(geometry, "done", 420).copy_has_word
    assert slots_of(geometry, "uploading", 300).bar.isEmpty()
    assert not slots_of(geometry, "uploading", 300).progress_text.isEmpty()
    assert not slots_of(geometry, "blocked", 260).pill.isEmpty()


def test_a_note_matters_more_than_the_facts_beside_it(theme: Theme) -> None:
    geometry = RowGeometry(theme.fonts)
    assert slots_of(geometry, "blocked").facts.width() > 0
    narrow = slots_of(geometry, "blocked", 420)
    assert narrow.facts.width() == 0
    assert narrow.note.left() == narrow.name.left()


def test_the_bars_of_all_rows_stand_below_each_other(geometry: RowGeometry) -> None:
    assert slots_of(geometry, "uploading").bar.left() == slots_of(geometry, "asked").bar.left()


@pytest.mark.parametrize("row", ROWS)
def test_painted_buttons_are_large_enough_to_hit(geometry: RowGeometry, row: str) -> None:
    for rect in slots_of(geometry, row).buttons.values():
        assert min(rect.width(), rect.height()) >= 32


def test_a_heading_makes_the_row_taller_and_stands_above_it(geometry: RowGeometry) -> None:
    slots = slots_of(geometry, "done", heading="Today · 4 images")
    assert slots.heading.bottom() + 1 == slots.row.top()
    assert slots.row.height() == geometry.row_px
    assert slots.heading.height() >= geometry.small.height()


@dataclass
class Place:
    """A painted button under the pointer, as the list view tells it."""

    button: RowButton
    row: int

    def is_in(self, index: object) -> bool:
        return index.row() == self.row  # type: ignore[attr-defined]


class PointedList(QListView):
    """A view that says which painted button is under the pointer."""

    hovered: Place | None = None
    held: Place | None = None


class Painted:
    """A delegate over rows of its own, painted into an image of twice the pixels."""

    def __init__(
        self,
        theme: Theme,
        *rows: str,
        heading: str = "",
        picture: QPixmap | None = None,
        glance: QPixmap | None = None,
    ) -> None:
        self.asked: list[str] = []
        self.model = RowModel(*((*ROWS[row], heading) for row in rows))
        self.delegate = RowDelegate(
            theme,
            lambda sha256: self.asked.append(sha256) or picture,  # type: ignore[func-returns-value]
            glance_of=lambda _, __: glance,
        )
        self.theme = theme

    def option(self, view: QWidget | None = None, *flags: QStyle.StateFlag) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, WIDE, self.delegate.sizeHint(option, self.model.index(0)).height())
        option.state = QStyle.StateFlag.State_Enabled
        for flag in flags:
            option.state |= flag
        if view is not None:
            option.widget = view
        return option

    def image(self, *flags: QStyle.StateFlag, view: QWidget | None = None) -> QImage:
        option = self.option(view, *flags)
        image = QImage(option.rect.size() * 2, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(2.0)
        image.fill(self.theme.colours.surface)
        painter = QPainter(image)
        self.delegate.paint(painter, option, self.model.index(0))
        painter.end()
        return image


@pytest.mark.parametrize("row", ROWS)
def test_every_row_paints_something(theme: Theme, row: str) -> None:
    empty = QImage(WIDE * 2, 128, QImage.Format.Format_ARGB32_Premultiplied)
    empty.fill(theme.colours.surface)
    assert Painted(theme, row).image() != empty


def test_selection_hover_and_focus_look_different(theme: Theme) -> None:
    flags = QStyle.StateFlag
    painted = Painted(theme, "done")
    plain = painted.image()
    looks = [
        painted.image(flags.State_Selected),
        painted.image(flags.State_MouseOver),
        painted.image(flags.State_HasFocus),
        painted.image(flags.State_Selected, flags.State_HasFocus),
    ]
    for one, other in combinations([plain, *looks], 2):
        assert one != other
    corner = painted.image(flags.State_HasFocus).pixelColor(WIDE, 2)
    assert corner == theme.colours.focus


def test_the_thumbnail_is_a_rounded_square_cut_from_the_middle(theme: Theme) -> None:
    picture = QPixmap(144, 48)
    picture.fill(QColor("red"))
    painter = QPainter(picture)
    painter.fillRect(48, 0, 48, 48, QColor("blue"))
    painter.end()
    painted = Painted(theme, "done", picture=picture)
    image = painted.image()
    tile = slots_of(RowGeometry(theme.fonts), "done").thumbnail
    left, middle = tile.left() * 2, tile.center() * 2
    assert image.pixelColor(middle) == QColor("blue")
    assert image.pixelColor(left + 4, middle.y()) == QColor("blue")
    assert image.pixelColor(left, tile.top() * 2) == theme.colours.surface
    assert painted.asked == ["ab" * 32]


def test_without_a_thumbnail_a_neutral_tile_stands_there(theme: Theme) -> None:
    painted = Painted(theme, "waiting")
    assert painted.image().pixelColor(40, 64) == theme.colours.tile
    assert painted.asked == []


def test_a_row_that_is_gone_paints_nothing(theme: Theme) -> None:
    painted = Painted(theme, "done")
    painted.model.rows = ((None, None, ""),)  # type: ignore[assignment]
    assert painted.delegate.button_at(QPoint(5, 5), painted.option(), painted.model.index(0)) is None
    blank = painted.image()
    assert {blank.pixelColor(x, 30).name() for x in range(0, 2 * WIDE, 50)} == {theme.colours.surface.name()}


def test_buttons_are_found_where_they_are_painted(theme: Theme) -> None:
    for row, button in (("done", RowButton.COPY), ("ready", RowButton.CLOSE), ("unsaved", RowButton.COPY)):
        painted = Painted(theme, row, heading="Today")
        option, index = painted.option(), painted.model.index(0)
        rects = painted.delegate.button_rects(option, content_of(*ROWS[row]), "Today")
        assert set(rects) == {button}
        assert painted.delegate.button_at(rects[button].center(), option, index) is button
        assert painted.delegate.button_at(QPoint(100, rects[button].center().y()), option, index) is None


def test_a_button_under_the_pointer_looks_different(theme: Theme, qtbot: QtBot) -> None:
    view = PointedList()
    qtbot.addWidget(view)
    painted = Painted(theme, "done", "ready")
    plain = painted.image(view=view)
    view.hovered = Place(RowButton.COPY, 0)
    hovered = painted.image(view=view)
    view.held = Place(RowButton.COPY, 0)
    assert len({image.constBits().tobytes() for image in (plain, hovered, painted.image(view=view))}) == 3
    view.hovered = view.held = Place(RowButton.COPY, 1)
    assert painted.image(view=view) == plain


@pytest.mark.parametrize("theme", [None], indirect=True)
def test_other_colours_are_taken_over_while_the_program_runs(theme: Theme, qapp: QApplication) -> None:
    painted = Painted(theme, "done")
    seen = []
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        qapp.styleHints().colorSchemeChanged.emit(scheme)
        seen.append(painted.image())
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_the_tool_tip_shows_whole_texts_and_never_markup(theme: Theme, qtbot: QtBot) -> None:
    row = upload("<b>bold</b> " * 20 + ".png", issues=(warning(IssueCode.ANIMATED),))
    model = RowModel((row, None, ""))
    delegate = RowDelegate(theme, lambda _: None)
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 400, 64)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(20, 20), view.mapToGlobal(QPoint(20, 20)))
    assert delegate.helpEvent(event, view, option, model.index(0))
    assert "&lt;b&gt;bold" in QToolTip.text()
    assert "Animated" in QToolTip.text()
    QToolTip.hideText()


def test_rows_ask_for_little_width_so_that_the_list_never_scrolls_sideways(theme: Theme) -> None:
    painted = Painted(theme, "done")
    hint = painted.delegate.sizeHint(QStyleOptionViewItem(), painted.model.index(0))
    assert hint == QSize(240, 64)


def of_colour(name: str) -> QPixmap:
    made = QPixmap(96, 96)
    made.fill(QColor(name))
    return made


@pytest.mark.parametrize("row", ["checking", "ready"])
def test_a_glance_stands_in_until_the_picture_is_here(theme: Theme, row: str) -> None:
    blue, red = of_colour("blue"), of_colour("red")
    assert Painted(theme, row, glance=blue).image() != Painted(theme, row).image()
    if ROWS[row][0].facts is not None:
        assert Painted(theme, row, glance=blue, picture=red).image() == Painted(theme, row, picture=red).image()


def test_what_turned_out_to_be_unreadable_has_no_picture_at_a_glance_either(theme: Theme) -> None:
    assert Painted(theme, "blocked", glance=of_colour("blue")).image() == Painted(theme, "blocked").image()
