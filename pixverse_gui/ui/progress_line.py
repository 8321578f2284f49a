"""The line under the list: how far it is, and the one next step."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from pixverse_gui.ui import messages
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.progress_content import ProgressButton, ProgressContent

_STEPS = 1000

_TEXTS = {
    ProgressButton.UPLOAD: messages.upload_button(0),
    ProgressButton.PAUSE: messages.PAUSE,
    ProgressButton.CONTINUE: messages.CONTINUE,
    ProgressButton.STOP: messages.STOP,
    ProgressButton.STOP_READING: messages.STOP,
    ProgressButton.TRY_NOW: messages.TRY_NOW,
    ProgressButton.RETRY_FAILED: messages.RETRY_FAILED,
    ProgressButton.SHOW_FAILED: messages.SHOW_FAILED,
    ProgressButton.SHOW_ATTENTION: messages.SHOW_ATTENTION,
    ProgressButton.CLEAR: messages.CLEAR_LIST,
}


class ProgressLine(QWidget):
    """Shows a `ProgressContent`. `pressed(object)`: the ProgressButton that was chosen.

    Buttons give way to others at the same place, so a double click must not press both: Upload, then Pause.
    """

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel()
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(messages.PROGRESS_NAME)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(0)
        self._buttons: dict[ProgressButton, Button] = {}
        self._last_press_ms: int | None = None
        for which in _ORDER:
            button = Button(_TEXTS[which])
            button.hide()
            button.installEventFilter(self)
            button.clicked.connect(lambda _=False, which=which: self.pressed.emit(which))
            row.addWidget(button)
            self._buttons[which] = button
        self._stretch_at = row.indexOf(self._bar) + 1
        self.setMinimumHeight(self._buttons[ProgressButton.UPLOAD].sizeHint().height())

    def show_content(self, content: ProgressContent, ready: int) -> None:
        """Take over a new value; what did not change is not touched, so that focus and speech stay calm."""
        if self._text.text() != content.text:
            self._text.setText(content.text)
        self._bar.setVisible(content.bar is not None)
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.setStretch(self._stretch_at, 0 if content.bar is not None else 1)
        if content.bar is not None:
            self._bar.setValue(round(content.bar * _STEPS))
        upload = self._buttons[ProgressButton.UPLOAD]
        if upload.text() != messages.upload_button(ready):
            upload.setText(messages.upload_button(ready))
        upload.setEnabled(ready > 0)
        for which, button in self._buttons.items():
            self._show(button, shown=which in content.buttons, primary=which is content.primary)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        presses = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}
        if isinstance(event, QMouseEvent) and event.type() in presses:
            last, self._last_press_ms = self._last_press_ms, event.timestamp()
            # The time stamp of the press, not of its arrival: a busy window must not make one click out of two.
            return last is not None and 0 <= event.timestamp() - last < QApplication.doubleClickInterval()
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What the line says."""
        return self._text.text()

    def button(self, which: ProgressButton) -> Button:
        """For keys and for tests."""
        return self._buttons[which]

    def _show(self, button: Button, *, shown: bool, primary: bool) -> None:
        kind = (ButtonKind.PRIMARY if primary else ButtonKind.PLAIN).value
        if button.property("kind") != kind:
            button.setProperty("kind", kind)
            button.style().unpolish(button)
            button.style().polish(button)
        if button.isHidden() == shown:
            button.setVisible(shown)


_ORDER = (
    ProgressButton.SHOW_ATTENTION,
    ProgressButton.SHOW_FAILED,
    ProgressButton.RETRY_FAILED,
    ProgressButton.TRY_NOW,
    ProgressButton.UPLOAD,
    ProgressButton.PAUSE,
    ProgressButton.CONTINUE,
    ProgressButton.STOP,
    ProgressButton.STOP_READING,
    ProgressButton.CLEAR,
)
