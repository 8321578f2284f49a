"""Paints a row: tile, texts, pill, bar and buttons, from its content and its rectangles."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.colours import Colours
from pixverse_gui.ui.icons import pixmap
from pixverse_gui.ui.messages_rows import COPY
from pixverse_gui.ui.row_content import NoteKind, RowButton, RowContent
from pixverse_gui.ui.row_geometry import ICON_GAP_PX, PILL_GAP_PX, PILL_ICONS, PILL_SIDE_PX, RowGeometry, RowSlots
from pixverse_gui.ui.text_widths import TextWidths
from pixverse_gui.ui.type_scale import TypeScale

ROW_RADIUS, TILE_RADIUS, BUTTON_RADIUS = 6, 7, 8
FOCUS_PX = 2
TILES_KEPT = 400
TILE_ICON_SHARE = 0.5
NOTE_ICONS = {NoteKind.INFO: "reuse", NoteKind.WARNING: "warning", NoteKind.DANGER: "error"}
# Put together once, as a number: joining flags costs more than some of the painting.
_ONE_LINE = int(Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)
_LEFT = _ONE_LINE | int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = _ONE_LINE | int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, slots=True)
class RowLook:
    """How a row stands at this moment: `heading` "" but for the first of a day, `picture` its thumbnail if there."""

    heading: str = ""
    picture: QPixmap | None = None
    is_selected: bool = False
    is_hovered: bool = False
    has_focus: bool = False
    hovered_button: RowButton | None = None
    pressed_button: RowButton | None = None


class RowPainter:
    """Made anew when colours or fonts change. Drawn icons and rounded thumbnails are kept: scrolling paints each
    row dozens of times."""

    def __init__(self, colours: Colours, fonts: TypeScale) -> None:
        self._colours, self._fonts = colours, fonts
        self.geometry = RowGeometry(fonts)
        self._icons: dict[tuple[str, int, int, float], QPixmap] = {}
        self._tiles: OrderedDict[tuple[int, int, float], QPixmap] = OrderedDict()

    def paint(self, painter: QPainter, rect: QRect, content: RowContent, look: RowLook) -> None:
        """The whole row into `rect`; texts are shortened to their rectangles, the id never is."""
        slots = self.geometry.slots(rect, content, look.heading)
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, slots, look)
        self._tile(painter, slots.thumbnail, content, look.picture)
        self._texts(painter, slots, content)
        self._state(painter, slots, content)
        self._buttons(painter, slots, look)
        painter.restore()

    def _ground(self, painter: QPainter, slots: RowSlots, look: RowLook) -> None:
        colours, row = self._colours, slots.row
        if look.heading:
            self._text(
                painter, slots.heading.adjusted(12, 4, -12, 0), look.heading, self._fonts.small_bold, colours.muted
            )
            painter.fillRect(QRect(row.left(), row.top() - 1, row.width(), 1), colours.border)
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), colours.border)
        inside = row.adjusted(0, 0, 0, -1)
        if look.is_selected or look.is_hovered:
            self._box(painter, inside, colours.selection if look.is_selected else colours.hover, ROW_RADIUS)
        if look.has_focus:
            painter.setPen(QPen(colours.focus, FOCUS_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(inside).adjusted(1, 1, -1, -1), ROW_RADIUS, ROW_RADIUS)

    def _tile(self, painter: QPainter, place: QRect, content: RowContent, picture: QPixmap | None) -> None:
        if place.isEmpty():
            return
        if picture is not None and not picture.isNull():
            painter.drawPixmap(
                place.topLeft(), self._rounded(picture, place.width(), painter.device().devicePixelRatio())
            )
            return
        self._box(painter, place, self._colours.tile, TILE_RADIUS)
        side = round(place.width() * TILE_ICON_SHARE)
        self._icon(painter, _centred(place, side), "link" if content.is_link else "picture", self._colours.muted)

    def _texts(self, painter: QPainter, slots: RowSlots, content: RowContent) -> None:
        geometry, colours, middle = self.geometry, self._colours, Qt.TextElideMode.ElideMiddle
        name = _fitted(geometry.name, content.name, slots.name.width(), middle)
        self._text(painter, slots.name, name, self._fonts.bold, colours.text)
        if content.facts and slots.facts.width():
            mode = middle if content.second_line_is_link else Qt.TextElideMode.ElideRight
            facts = _fitted(geometry.small, content.facts, slots.facts.width(), mode)
            self._text(painter, slots.facts, facts, self._fonts.small, colours.muted)
        if content.note_kind is not NoteKind.NONE:
            self._note(painter, slots.note, content)

    def _note(self, painter: QPainter, place: QRect, content: RowContent) -> None:
        tones = {NoteKind.WARNING: self._colours.warning, NoteKind.DANGER: self._colours.danger}
        colour = tones.get(content.note_kind, self._colours.muted)
        side = self.geometry.icon_px
        if place.width() < side:
            return
        icon = QRect(place.left(), place.top() + (place.height() - side) // 2, side, side)
        self._icon(painter, icon, NOTE_ICONS[content.note_kind], colour)
        rest = place.adjusted(side + ICON_GAP_PX, 0, 0, 0)
        note = _fitted(self.geometry.small, content.note, rest.width(), Qt.TextElideMode.ElideRight)
        self._text(painter, rest, note, self._fonts.small, colour)

    def _state(self, painter: QPainter, slots: RowSlots, content: RowContent) -> None:
        colours, fonts = self._colours, self._fonts
        if not slots.pill.isEmpty():
            self._pill(painter, slots, content)
        if not slots.bar.isEmpty():
            self._bar(painter, slots.bar, content.progress or 0.0)
        if not slots.progress_text.isEmpty():
            word = _fitted(
                self.geometry.small, content.state_word, slots.progress_text.width(), Qt.TextElideMode.ElideRight
            )
            self._text(painter, slots.progress_text, word, fonts.small, colours.muted)
        if not slots.time.isEmpty():
            self._text(painter, slots.time, content.time_text, fonts.small, colours.muted)
        if not slots.id_text.isEmpty():
            self._text(painter, slots.id_text, content.id_text, fonts.mono, colours.text)

    def _pill(self, painter: QPainter, slots: RowSlots, content: RowContent) -> None:
        colours, place = self._colours, slots.pill
        text, back = {
            UploadState.DONE: (colours.success, colours.success_back),
            UploadState.BLOCKED: (colours.danger, colours.danger_back),
            UploadState.FAILED: (colours.danger, colours.danger_back),
        }.get(content.state_kind, (colours.muted, colours.chip))
        self._box(painter, place, back, place.height() / 2)
        icon = PILL_ICONS.get(content.state_kind)
        side = self.geometry.icon_px
        if icon is not None and not slots.pill_has_word:
            self._icon(painter, _centred(place, side), icon, text)
            return
        word = place
        if icon is not None:
            left = place.left() + PILL_SIDE_PX - 2
            self._icon(painter, QRect(left, place.center().y() - side // 2 + 1, side, side), icon, text)
            word = QRect(
                left + side + PILL_GAP_PX, place.top(), place.right() - left - side - PILL_GAP_PX, place.height()
            )
        self._text(painter, word, content.state_word, self._fonts.small, text, align=_CENTRE if icon is None else _LEFT)

    def _bar(self, painter: QPainter, place: QRect, share: float) -> None:
        radius = place.height() / 2
        self._box(painter, place, self._colours.track, radius)
        width = round(place.width() * share)
        if width:
            done = QRect(place.left(), place.top(), max(width, place.height()), place.height())
            self._box(painter, done, self._colours.accent, radius)

    def _buttons(self, painter: QPainter, slots: RowSlots, look: RowLook) -> None:
        colours = self._colours
        for button, place in slots.buttons.items():
            is_hovered, is_pressed = button is look.hovered_button, button is look.pressed_button
            fill = colours.pressed if is_pressed else colours.hover if is_hovered else colours.surface
            if button is RowButton.COPY:
                self._box(painter, place, fill, BUTTON_RADIUS, colours.rim if is_hovered else colours.border)
                if slots.copy_has_word:
                    self._text(painter, place, COPY, self._fonts.small, colours.text, align=_CENTRE)
                else:
                    self._icon(painter, _centred(place, self.geometry.icon_px + 2), "copy", colours.text)
                continue
            if is_hovered or is_pressed:
                self._box(painter, place, colours.track if is_pressed else colours.pressed, BUTTON_RADIUS)
            colour = colours.text if is_hovered else colours.muted
            self._icon(painter, _centred(place, self.geometry.icon_px + 2), "close", colour)

    def _box(self, painter: QPainter, place: QRect, fill: QColor, radius: float, border: QColor | None = None) -> None:
        painter.setBrush(fill)
        if border is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(place, radius, radius)
        else:
            painter.setPen(border)
            painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _text(
        self,
        painter: QPainter,
        place: QRect,
        text: str,
        font: QFont,
        colour: QColor,
        *,
        align: int = _LEFT,
    ) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(place, align, text)

    def _icon(self, painter: QPainter, place: QRect, name: str, colour: QColor) -> None:
        ratio = painter.device().devicePixelRatio()
        key = (name, colour.rgba(), place.width(), ratio)
        if key not in self._icons:
            self._icons[key] = pixmap(name, colour, place.width(), ratio)
        painter.drawPixmap(place.topLeft(), self._icons[key])

    def _rounded(self, picture: QPixmap, side: int, ratio: float) -> QPixmap:
        """The middle square of a thumbnail with round corners, in the pixels of this screen."""
        key = (picture.cacheKey(), side, ratio)
        found = self._tiles.get(key)
        if found is None:
            found = self._tiles[key] = _rounded_square(picture, side, ratio)
            if len(self._tiles) > TILES_KEPT:
                self._tiles.popitem(last=False)
        else:
            self._tiles.move_to_end(key)
        return found


def _rounded_square(picture: QPixmap, side: int, ratio: float) -> QPixmap:
    pixels = round(side * ratio)
    filling = picture.scaled(
        QSize(pixels, pixels), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    filling.setDevicePixelRatio(1.0)
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, pixels, pixels), TILE_RADIUS * ratio, TILE_RADIUS * ratio)
    offset = QPoint((pixels - filling.width()) // 2, (pixels - filling.height()) // 2)
    brush = QBrush(filling)
    painter.setBrushOrigin(offset)
    painter.fillPath(path, brush)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def _centred(place: QRect, side: int) -> QRect:
    return QRect(place.left() + (place.width() - side) // 2, place.top() + (place.height() - side) // 2, side, side)


def _fitted(metrics: TextWidths, text: str, width: int, mode: Qt.TextElideMode) -> str:
    return text if metrics.width(text) <= width else metrics.elidedText(text, mode, width)
