"""A clipboard whose owner hangs."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from pixverse_gui.ui.drop_reader import Offer, read


class HungOwner(QMimeData):
    """Says nothing, and each question takes its time; this one counts them instead."""

    def __init__(self) -> None:
        super().__init__()
        self.questions = 0

    def formats(self) -> list[str]:
        self.questions += 1
        return []

    def hasFormat(self, mimetype: str, /) -> bool:
        self.questions += 1
        return False

    def retrieveData(self, mimetype: str, preferredType: object, /) -> object:  # noqa: N803 - Qt's name
        self.questions += 1
        return None


def test_an_owner_that_hangs_is_asked_once() -> None:
    owner = HungOwner()
    assert read(owner) == Offer()
    assert owner.questions == 1
