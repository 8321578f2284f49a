"""Where everything in a row stands: rectangles from the content, the width and the fonts."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRect

from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.messages_rows import COPY, WAITING_FOR_ANSWER
from pixverse_gui.ui.row_content import NoteKind, RowButton, RowContent
from pixverse_gui.ui.text_widths import TextWidths
from pixverse_gui.ui.type_scale import MIN_TARGET_PX, TypeScale

SIDE_PX, TOP_PX, GAP_PX = 12, 8, 12
THUMBNAIL_PX, LINE_GAP_PX = 48, 3
BAR_PX, SHORT_BAR_PX, BAR_HEIGHT_PX = 150, 72, 6
PILL_SIDE_PX, PILL_GAP_PX, ICON_GAP_PX = 10, 5, 5
BUTTON_SIDE_PX = 13
# With less room than this for the name, what stands at the right gives way step by step; the id never does.
MIN_NAME_CHARS = 16
LAST_STEP = 4
# A note that says why a picture does not go is worth more than the facts beside it: with little room they go.
FACTS_SHARE = 0.4

PILL_ICONS = {
    UploadState.DONE: "check",
    UploadState.BLOCKED: "error",
    UploadState.FAILED: "error",
    UploadState.WAITING: "clock",
    UploadState.CHECKING: "search",
    UploadState.UPLOADING: "clock",
}


@dataclass(frozen=True, slots=True)
class RowSlots:
    """Rectangles of one row in the coordinates of the view. Empty ones are not painted."""

    row: QRect
    heading: QRect
    thumbnail: QRect
    name: QRect
    facts: QRect
    note: QRect
    pill: QRect = field(default_factory=QRect)
    pill_has_word: bool = True
    time: QRect = field(default_factory=QRect)
    bar: QRect = field(default_factory=QRect)
    progress_text: QRect = field(default_factory=QRect)
    id_text: QRect = field(default_factory=QRect)
    copy: QRect = field(default_factory=QRect)
    copy_has_word: bool = True
    close: QRect = field(default_factory=QRect)

    @property
    def buttons(self) -> dict[RowButton, QRect]:
        """The painted buttons that are there."""
        places = {RowButton.COPY: self.copy, RowButton.CLOSE: self.close}
        return {button: rect for button, rect in places.items() if not rect.isEmpty()}


@dataclass(slots=True)
class _RightEnd:
    """What stands at the right, laid out from right to left; `left` is where the text must end."""

    left: int
    centre: int
    step: int
    places: dict[str, QRect] = field(default_factory=dict)

    def put(self, name: str, width: int, height: int, gap: int = GAP_PX) -> None:
        self.places[name] = QRect(self.left - width, self.centre - height // 2, width, height)
        self.left -= width + gap


class RowGeometry:
    """All sizes follow from the fonts, so that nothing is cut with larger text."""

    def __init__(self, fonts: TypeScale) -> None:
        self.name = TextWidths(fonts.bold)
        self.small = TextWidths(fonts.small)
        self.mono = TextWidths(fonts.mono)
        self.icon_px = max(14, round(self.small.height() * 0.9))
        self.button_px = max(MIN_TARGET_PX, self.small.height() + 14)
        self.pill_px = self.small.height() + 8
        text = self.name.height() + LINE_GAP_PX + self.small.height()
        self.thumbnail_px = max(THUMBNAIL_PX, text)
        self.row_px = self.thumbnail_px + 2 * TOP_PX
        self.heading_px = self.small.height() + 18
        self._progress_px = max(map(self.small.width, (WAITING_FOR_ANSWER, "Uploading 99 %"))) + 1

    def height(self, heading: str) -> int:
        """Of a row, with its date above where it has one."""
        return self.row_px + (self.heading_px if heading else 0)

    def slots(self, rect: QRect, content: RowContent, heading: str = "") -> RowSlots:
        """Everything's place within `rect`, which is as high as `height` says."""
        head = QRect(rect.left(), rect.top(), rect.width(), self.heading_px if heading else 0)
        row = rect.adjusted(0, head.height(), 0, 0)
        centre = row.top() + row.height() // 2
        thumbnail = QRect(row.left() + SIDE_PX, centre - self.thumbnail_px // 2, self.thumbnail_px, self.thumbnail_px)
        left = thumbnail.right() + 1 + GAP_PX + 2
        wanted = self.name.averageCharWidth() * MIN_NAME_CHARS
        ends = (self._right_end(row, content, step) for step in range(LAST_STEP + 1))
        end = next(
            end
            for end in ends
            if end.left - left >= (wanted if end.step < LAST_STEP - 1 else 0) or end.step == LAST_STEP
        )
        if end.left < left:
            left, thumbnail = thumbnail.left(), QRect()
        width = max(0, end.left - 4 - left)
        top = centre - (self.name.height() + LINE_GAP_PX + self.small.height()) // 2
        name = QRect(left, top, width, self.name.height())
        line = QRect(left, name.bottom() + 1 + LINE_GAP_PX, width, self.small.height())
        facts, note = self._second_line(line, content)
        return RowSlots(
            row=row, heading=head, thumbnail=thumbnail, name=name, facts=facts, note=note,
            pill_has_word=end.step < 1 or content.state_kind not in PILL_ICONS, copy_has_word=end.step < 2,
            **end.places,
        )  # fmt: skip

    def is_shortened(self, rect: QRect, content: RowContent, heading: str = "") -> bool:
        """Whether some text does not fit its place."""
        slots = self.slots(rect, content, heading)
        note_px = slots.note.width() - self.icon_px - ICON_GAP_PX
        return (
            self.name.width(content.name) > slots.name.width()
            or self.small.width(content.facts) > slots.facts.width()
            or (bool(content.note) and self.small.width(content.note) > note_px)
        )

    def _right_end(self, row: QRect, content: RowContent, step: int) -> _RightEnd:
        """`step` 0: everything; 1: pills without words, a short bar; 2: no bar, icons for buttons; 3: no pill;
        4: no copy button, and no thumbnail either if that is still too much."""
        end = _RightEnd(row.right() + 1 - SIDE_PX, row.top() + row.height() // 2, step)
        if RowButton.CLOSE in content.buttons:
            end.put("close", self.button_px, self.button_px, GAP_PX - 4)
        if RowButton.COPY in content.buttons and step < LAST_STEP:
            word = self.small.width(COPY) + 2 * BUTTON_SIDE_PX
            end.put("copy", word if step < 2 else self.button_px, self.button_px)
        if content.id_text:
            end.put("id_text", self.mono.width(content.id_text) + 1, self.mono.height())
        if content.time_text and step < LAST_STEP - 1:
            end.put("time", self.small.width(content.time_text) + 1, self.small.height())
        if content.progress is not None:
            self._put_progress(end, content, row.left())
        elif content.state_word and (step < LAST_STEP - 1 or not content.id_text):
            end.put("pill", self._pill_width(content, step), self.pill_px)
        return end

    def _put_progress(self, end: _RightEnd, content: RowContent, row_left: int) -> None:
        needed = min(self.small.width(content.state_word) + 1, end.left - row_left - SIDE_PX)
        end.put("progress_text", max(needed, self._progress_px) if end.step == 0 else needed, self.small.height())
        if end.step < 2:
            end.put("bar", BAR_PX if end.step == 0 else SHORT_BAR_PX, BAR_HEIGHT_PX)

    def _pill_width(self, content: RowContent, step: int) -> int:
        has_icon = content.state_kind in PILL_ICONS
        if has_icon and step > 0:
            return self.pill_px
        word = self.small.width(content.state_word) + 2 * PILL_SIDE_PX
        return word + (self.icon_px + PILL_GAP_PX - 2 if has_icon else 0)

    def _second_line(self, line: QRect, content: RowContent) -> tuple[QRect, QRect]:
        facts_px = self.small.width(content.facts) + 1 if content.facts else 0
        if content.note_kind is NoteKind.NONE:
            return line, QRect()
        note_px = self.icon_px + ICON_GAP_PX + self.small.width(content.note) + 1
        gap = GAP_PX if facts_px else 0
        if facts_px + gap + note_px > line.width() and facts_px > line.width() * FACTS_SHARE:
            facts_px = gap = 0
        facts = QRect(line.left(), line.top(), facts_px, line.height())
        note = line.adjusted(facts_px + gap, 0, 0, 0)
        return facts, note
