"""The roles under which list models hand a row to the delegate, beside Qt's own."""

from __future__ import annotations

from PySide6.QtCore import Qt

UPLOAD = int(Qt.ItemDataRole.UserRole) + 1
"""The row itself: `core.models.Upload`."""

LIVE = UPLOAD + 1
"""How far a row that is being sent has come: `row_content.LiveProgress`, or None."""

HEADING = LIVE + 1
"""Text above the first row of a group; "" or None for every other row."""

CHIPS = HEADING + 1
"""The names of the chips that show the row, but for the one that shows all."""
