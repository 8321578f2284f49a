"""The place at the right where details appear; the panel itself is made when it is first asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pixverse_gui.core.models import Upload
from pixverse_gui.ui.details_panel import DetailsPanel


class DetailsDrawer(QWidget):
    """Closed, it takes no room. `copy_wanted(str)`, `link_wanted(str)`, `closed`: what was pressed in the panel."""

    copy_wanted = Signal(str)
    link_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._panel: DetailsPanel | None = None
        self.upload: Upload | None = None
        self.hide()

    def open_for(self, upload: Upload, preview: QPixmap | None) -> None:
        """Show this row."""
        panel = self._panel or self._make()
        self.upload = upload
        panel.show_upload(upload)
        panel.set_preview(preview)
        self.show()

    def close_it(self) -> None:
        """Put it away."""
        self.upload = None
        self.hide()
        if self._panel is not None:
            self._panel.show_upload(None)

    def _make(self) -> DetailsPanel:
        panel = self._panel = DetailsPanel(parent=self)
        panel.copy_details.connect(self.copy_wanted)
        panel.copy_id.connect(self.copy_wanted)
        panel.open_link.connect(self.link_wanted)
        panel.closed.connect(self.closed)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(panel)
        return panel
