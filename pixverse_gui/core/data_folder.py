"""Where everything of one account of this computer is kept: one folder, easy to find, to copy, to delete."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER_NAME = "pixverse-gui"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The names inside the folder. `make` blocks; everything else only names."""

    path: Path
    log_beside: Path | None = None
    """Where the log is kept if not in here: one run has one log."""

    @property
    def journal(self) -> Path:
        return self.path / "journal.sqlite"

    @property
    def thumbnails(self) -> Path:
        return self.path / "thumbnails.sqlite"

    @property
    def settings(self) -> Path:
        return self.path / "settings.json"

    @property
    def pasted(self) -> Path:
        """Pictures that came without a file, kept until their upload is done."""
        return self.path / "pasted"

    @property
    def log(self) -> Path:
        return (self.log_beside or self.path) / "log"

    @property
    def practice(self) -> DataFolder:
        """Practice mode has data of its own."""
        return DataFolder(self.path / "practice", log_beside=self.path)

    def make(self) -> None:
        """Create the folder, for this user only. Where that fails, whoever writes into it says so."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return
