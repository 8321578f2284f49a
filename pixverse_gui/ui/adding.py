"""The ways in: pickers, the links box, the clipboard, drops and what the command line named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from pixverse_gui.background.intake_runner import IntakeRunner
from pixverse_gui.background.preferences import Preferences
from pixverse_gui.core.intake import find_links, link_problem, link_source
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source
from pixverse_gui.ui import messages
from pixverse_gui.ui.clipboard import offer_from_clipboard, png_bytes
from pixverse_gui.ui.drop_reader import Offer
from pixverse_gui.ui.links_dialog import LinksDialog
from pixverse_gui.ui.messages_history import remote_files


def _is_path(named: str) -> bool:
    """The command line made every path absolute, where it was typed."""
    return Path(named).is_absolute()


class Adding(QObject):
    """Every way ends in the same `IntakeRunner`, so that the same files are staged in the same order.

    `began`: something is on its way into the list; it may take a while to get there.
    """

    began = Signal()

    def __init__(
        self,
        window: QWidget,
        intake: IntakeRunner,
        preferences: Preferences,
        limits: Limits,
        *,
        allow_loopback: Callable[[], bool],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._intake, self._preferences = window, intake, preferences
        self._limits, self._allow_loopback, self._say = limits, allow_loopback, say

    def pick_images(self) -> None:
        """Let the operator choose files."""
        dialog = self._picker(messages.PICK_IMAGES_TITLE)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.setNameFilters([messages.PICK_FILTER_IMAGES, messages.PICK_FILTER_ALL])
        dialog.filesSelected.connect(self._picked)
        dialog.open()

    def pick_folder(self) -> None:
        """Let the operator choose a folder, which is walked with everything in it."""
        dialog = self._picker(messages.PICK_FOLDER_TITLE)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.filesSelected.connect(self._picked)
        dialog.open()

    def ask_for_links(self) -> None:
        """Open the box for links."""
        dialog = LinksDialog(self._limits, allow_loopback=self._allow_loopback(), parent=self._window)
        dialog.links_added.connect(self._take_links)
        dialog.open()

    def paste(self) -> None:
        """Take what the clipboard holds: copied files, links, a picture."""
        self.take(
            offer_from_clipboard(QGuiApplication.clipboard(), takes_link=self.takes_link),
            nothing=messages.NOTHING_TO_PASTE,
        )

    def takes_link(self, link: str) -> bool:
        """Whether PixVerse could load this link at all; where not, the bytes that came with it are better."""
        return link_problem(link, self._limits, allow_loopback=self._allow_loopback()) is None

    def take(self, offer: Offer, *, nothing: str = messages.NOTHING_USABLE) -> None:
        """Take a drop or a paste."""
        links = find_links("\n".join(offer.links), offer.html, self._limits, allow_loopback=self._allow_loopback())
        makers = [(picture.name, partial(bytes, picture.data)) for picture in offer.pictures]
        if offer.image is not None:
            makers.append((offer.image_name, partial(png_bytes, offer.image)))
        if not (offer.paths or links or makers):
            self._say(remote_files(offer.remote_files) if offer.remote_files else nothing)
            return
        self._say(remote_files(offer.remote_files) if offer.remote_files else "")
        self.began.emit()
        self._intake.take_paths(offer.paths)
        self._intake.take_links(links)
        self._intake.take_pictures(makers)

    def take_named(self, named: Sequence[str]) -> None:
        """What the command line or "Open with" named, in its order: absolute paths, and links as they are."""
        if named:
            self.began.emit()
        for is_path, group in groupby(named, _is_path):
            if is_path:
                self._intake.take_paths(tuple(group))
            else:
                self._intake.take_links(tuple(map(link_source, group)))
        elsewhere = sum(not _is_path(one) and one.lower().startswith("file:") for one in named)
        if elsewhere:
            self._say(remote_files(elsewhere))

    def _take_links(self, sources: Sequence[Source]) -> None:
        self.began.emit()
        self._intake.take_links(sources)

    def _picker(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._preferences.value.last_folder)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _picked(self, paths: Sequence[str]) -> None:
        if paths:
            self._preferences.update(last_folder=str(Path(paths[0]).parent))
            self.began.emit()
            self._intake.take_paths(paths)
