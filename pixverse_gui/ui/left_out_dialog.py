"""The names of files that a drop of folders left out, to be read through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.fitted_dialog import FittedDialog
from pixverse_gui.ui.messages_adding import LEFT_OUT_LIST_NAME, LEFT_OUT_TITLE, left_out_heading
from pixverse_gui.ui.messages_dialogs import CLOSE
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.visible_name import visible_name

_LIST_PX = 240


class LeftOutDialog(FittedDialog):
    """Read only; `names` as the folders have them."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(LEFT_OUT_TITLE, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        listed = QPlainTextEdit()
        listed.setReadOnly(True)
        listed.setTabChangesFocus(True)
        listed.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        listed.setAccessibleName(LEFT_OUT_LIST_NAME)
        listed.setMinimumHeight(_LIST_PX)
        listed.setPlainText("\n".join(map(visible_name, names)))
        close = Button(CLOSE, kind=ButtonKind.PRIMARY)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        self.column.addWidget(PlainLabel(left_out_heading(len(names)), look="heading"))
        self.column.addWidget(listed, 1)
        self.column.addLayout(row)
