"""Ids that the account in use has already: asked of the journal, and taken over by rows with the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.core.models import EarlierUpload, Upload, UploadState


@dataclass(frozen=True, slots=True)
class ReusePolicy:
    """Under which account earlier uploads count; None: no account is known, or the operator wants none used."""

    account: str | None


@dataclass(frozen=True, slots=True)
class EarlierIds:
    """What was found under `account`, by key of the row that asked."""

    account: str | None
    by_key: Mapping[int, EarlierUpload]

    def taken_over(self, row: Upload) -> Upload | None:
        """The row with the id of its earlier upload, DONE; None where there is none."""
        earlier = self.by_key.get(row.key)
        if earlier is None:
            return None
        return row.moved_to(
            UploadState.DONE,
            img_id=earlier.img_id,
            img_url=earlier.img_url,
            account=self.account,
            reused_from=earlier.key,
            reused_at=earlier.finished_at,
            finished_at=earlier.finished_at,
            error=None,
        )


class EarlierIdSearch:
    """GUI thread only."""

    def __init__(self, writer: JournalWriter, policy: Callable[[], ReusePolicy]) -> None:
        self._writer, self._policy = writer, policy

    @property
    def account(self) -> str | None:
        """Whose ids would be found now."""
        return self._policy().account

    def ask(self, rows: Sequence[Upload], done: Callable[[EarlierIds], None]) -> None:
        """What the journal has for these rows; at once where there is nothing to ask.

        An account that became another one while the journal looked is asked for anew: an id belongs to its account.
        """
        account = self.account
        wanted = [row for row in rows if not row.resend and row.facts is not None and row.facts.sha256 is not None]
        if account is None or not wanted:
            done(EarlierIds(account, {}))
            return

        def found(earlier: dict[int, EarlierUpload]) -> None:
            if self.account == account:
                done(EarlierIds(account, earlier))
            else:
                self.ask(wanted, done)

        # Where the journal cannot be asked the rows stay READY, which is always right.
        self._writer.run(
            lambda journal: journal.find_earlier(wanted, account),
            done=found,
            failed=lambda _: done(EarlierIds(account, {})),
        )
