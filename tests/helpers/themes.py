"""Fixtures for what is painted: a theme that is taken off again, and a locale that groups numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from pixverse_gui.ui.theme import Scheme, Theme


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    """Each scheme in turn; afterwards the application looks as before."""
    palette, font, style = qapp.palette(), qapp.font(), qapp.style().objectName()
    made = Theme(qapp, request.param)
    yield made
    made.deleteLater()
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def british() -> Iterator[None]:
    """Numbers like 12,400 and days like 3 Nov, wherever the tests run."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)
