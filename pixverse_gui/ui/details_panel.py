"""The details panel: everything known of one row, at the right-hand side of the lists."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pixverse_gui.core.models import Upload
from pixverse_gui.ui import messages_details as words
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.detail_field import FOCUS_RING_PX, DetailField
from pixverse_gui.ui.messages_errors import message_for, second_copy_sentence
from pixverse_gui.ui.messages_rows import already_uploaded, facts_text, issue_sentence, state_word
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.preview import Preview
from pixverse_gui.ui.row_actions import link_of
from pixverse_gui.ui.visible_name import visible_name
from pixverse_gui.ui.wrapped_text import WrappedText

WIDTH_PX = 360
PADDING_PX = 16
SPACING_PX = 8


class DetailsPanel(QFrame):
    """`copy_details(str)`, `copy_id(str)`: put this on the clipboard. `open_link(str)`: open this https link.

    `closed`: the operator put it away with its cross or Esc; the focus should go back to the list.
    """

    copy_details = Signal(str)
    copy_id = Signal(str)
    open_link = Signal(str)
    closed = Signal()

    def __init__(self, dates: Dates | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dates = dates or Dates()
        self._upload: Upload | None = None
        self.setProperty("panel", "details")
        self.setAccessibleName(words.DETAILS)
        self.setMinimumWidth(WIDTH_PX)
        # In the order of the eye, as Tab and screen readers go by the order in which things are made.
        self._heading = PlainLabel(words.DETAILS, look="heading", parent=self)
        self._close = Button("✕", kind=ButtonKind.QUIET, parent=self)
        self._scroll = QScrollArea(self)
        self._content = QWidget(self._scroll.viewport())  # where QScrollArea would move it
        in_it = partial(DetailField, parent=self._content)
        self._preview = Preview(self._content)
        self._name = WrappedText(name=words.NAME, look="heading", parent=self._content)
        self._state = in_it(words.STATE)
        self._problem_title = PlainLabel(look="heading", parent=self._content)
        self._problem = in_it(words.MEANING)
        self._next_step = in_it(words.WHAT_TO_DO)
        self._to_know = in_it(words.TO_KNOW)
        self._id = in_it(words.ID, look="mono", button=words.COPY, button_name=words.COPY_ID)
        self._link = in_it(words.LINK, button=words.OPEN_LINK, button_below=True)
        self._facts = in_it(words.PICTURE)
        self._account = in_it(words.ACCOUNT)
        self._added = in_it(words.ADDED)
        self._finished = in_it(words.FINISHED)
        self._api_code = in_it(words.PIXVERSE_CODE, look="mono")
        self._http_status = in_it(words.HTTP_STATUS, look="mono")
        self._server_text = in_it(words.SERVER_TEXT)
        self._attempts = in_it(words.ATTEMPTS)
        self._copy = Button(words.COPY_DETAILS, parent=self)
        self._build()
        self._connect()
        self.show_upload(None)

    def show_upload(self, upload: Upload | None) -> None:
        """Show this row; None empties the panel. The same row again keeps the place and what is selected in it."""
        is_other = upload is None or self._upload is None or upload.key != self._upload.key
        self._upload = upload
        self._scroll.setVisible(upload is not None)
        self._copy.setEnabled(upload is not None)
        if upload is None:
            self._preview.set_pixmap(None)
            return
        if is_other:
            self._preview.set_pixmap(None)
            self._scroll.verticalScrollBar().setValue(0)
        self._show_picture(upload)
        self._show_error(upload)
        self._show_wire(upload)

    def set_preview(self, pixmap: QPixmap | None) -> None:
        """The picture of the row that is shown now."""
        self._preview.set_pixmap(pixmap)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _show_picture(self, upload: Upload) -> None:
        self._name.set_text(visible_name(upload.source.label))
        self._state.set_text(state_word(upload.state))
        self._id.set_text(upload.img_id or "")
        self._link.set_text(visible_name(upload.img_url or link_of(upload) or ""))
        self._link.show_button(link_of(upload) is not None)
        self._facts.set_text(facts_text(upload))
        self._account.set_text(words.account_name(upload.account))
        self._added.set_text(words.moment_text(upload.added_at, self._dates))
        self._finished.set_text(words.moment_text(upload.finished_at, self._dates))
        said = [issue_sentence(issue) for issue in upload.issues]
        said += [already_uploaded(upload, self._dates), second_copy_sentence(upload)]
        self._to_know.set_text("\n\n".join(sentence for sentence in said if sentence))

    def _show_error(self, upload: Upload) -> None:
        message = message_for(upload.error) if upload.error is not None else None
        self._problem_title.setText(message.title if message else "")
        self._problem_title.setVisible(message is not None)
        self._problem.set_text(message.meaning if message else "")
        self._next_step.set_text(message.next_step if message else "")

    def _show_wire(self, upload: Upload) -> None:
        error = upload.error
        self._api_code.set_text("" if error is None or error.api_code is None else str(error.api_code))
        self._http_status.set_text("" if error is None or error.http_status is None else str(error.http_status))
        self._server_text.set_text("" if error is None else visible_name(error.server_text))
        self._attempts.set_text(words.attempt_lines(upload, self._dates))

    def _build(self) -> None:
        self._close.setAccessibleName(words.CLOSE_DETAILS)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, SPACING_PX, 0)
        column.setSpacing(PADDING_PX)
        self._problem_title.setWordWrap(True)
        self._problem_title.setContentsMargins(FOCUS_RING_PX, 0, 0, 0)
        for widget in self._in_order():
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll.setWidget(self._content)
        # The panel has a ground of its own; these two would paint the window's over it.
        self._content.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        frame.setSpacing(PADDING_PX)
        frame.addLayout(head)
        frame.addWidget(self._scroll, 1)
        frame.addWidget(self._copy)

    def _in_order(self) -> tuple[QWidget, ...]:
        return (
            self._preview,
            self._name,
            self._state,
            self._problem_title,
            self._problem,
            self._next_step,
            self._to_know,
            self._id,
            self._link,
            self._facts,
            self._account,
            self._added,
            self._finished,
            self._api_code,
            self._http_status,
            self._server_text,
            self._attempts,
        )

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._copy.clicked.connect(self._copy_all)
        self._id.button_clicked.connect(self._copy_the_id)
        self._link.button_clicked.connect(self._open_the_link)

    def _copy_all(self) -> None:
        if self._upload is not None:
            self.copy_details.emit(words.details_text(self._upload))

    def _copy_the_id(self) -> None:
        if self._upload is not None and self._upload.img_id is not None:
            self.copy_id.emit(self._upload.img_id)

    def _open_the_link(self) -> None:
        link = link_of(self._upload) if self._upload is not None else None
        if link is not None:
            self.open_link.emit(link)
