"""The key and whose it is: found, tested, saved and forgotten, always on a worker and within a deadline."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.doors import ClientBox, Doors
from pixverse_gui.background.tasks import DeadlineExceededError, Pool, Tasks
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.errors import AccountRefusedError, KeyNotForgottenError, KeyringSilentError, UnreachableError
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.service_address import host_of

T = TypeVar("T")


class KeySource(StrEnum):
    """Where the key in use comes from."""

    NONE = "none"
    STORE = "store"
    SESSION = "session"
    ENVIRONMENT = "environment"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class KeyOutcome:
    """What became of a submitted key: `error` of the test or of saving; `store_name` where it was kept."""

    works: bool
    credits: int | None = None
    store_name: str | None = None
    error: Exception | None = None


class Account(QObject):
    """GUI thread only. `changed`: any property may have another value. `identity_known(str, str)`: old and new name."""

    changed = Signal()
    identity_known = Signal(str, str)

    def __init__(self, api_url: str, doors: Doors, tasks: Tasks, limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._doors, self._tasks, self._limits = doors, tasks, limits
        self._box: ClientBox | None = None
        self._generation = 0
        self.api_url = api_url
        self.key: Secret | None = None
        self.source = KeySource.NONE
        self.credits: int | None = None
        self.problem: Exception | None = None
        self.is_busy = False
        self._account_id: str | None = None
        # The key on its way to another address: still hers while the store is asked, and while she changes her mind.
        self._carried: tuple[Secret, KeySource] | None = None

    @property
    def identity(self) -> str | None:
        """What stands with a row: `<host>/<account id>`, or the key's fingerprint until that is known."""
        if self.key is None:
            return None
        host = host_of(self.api_url)
        return f"{host}/{self._account_id}" if self._account_id else f"{host}/key:{self.key.fingerprint}"

    @property
    def client_box(self) -> ClientBox | None:
        """The client of the present key; None without one."""
        return self._box

    def use(self, key: Secret, source: KeySource) -> None:
        """Take this key for the run, without saving it, and ask whose it is."""
        self._take(key, source)
        self.refresh()

    def load(self) -> None:
        """Ask the key store. A store that does not answer never holds up more than this call."""
        host, generation = host_of(self.api_url), self._next()
        self.is_busy = True
        self.changed.emit()

        def loaded(key: Secret | None) -> None:
            if generation != self._generation:
                return
            self.is_busy, self.problem = False, None
            if key is None:
                self.changed.emit()
            else:
                self.use(key, KeySource.STORE)

        self._ask_store(
            lambda: self._doors.key_store(host).load(), loaded, lambda error: self._trouble(generation, error)
        )

    def submit(
        self, key: Secret, done: Callable[[KeyOutcome], None], *, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Test a key, take it over where it works, and save it; `done` then hears of it.

        Where `is_wanted` says no when the answer comes, the operator has changed her mind: nothing is taken over.
        """
        box = self._new_box(key)

        def tested(balance: Balance) -> None:
            if not is_wanted():
                return
            self._take(key, KeySource.SESSION, box)
            self._learn(balance)
            self._save(key, balance, done)

        self._ask_balance(box, tested, lambda error: done(KeyOutcome(works=False, error=error)))

    def forget(self, done: Callable[[Exception | None], None]) -> None:
        """Take the key out of the store and of memory; in memory it is gone at once."""
        host = host_of(self.api_url)
        self._drop()
        generation = self._generation

        def failed(error: Exception) -> None:
            self._trouble(generation, KeyNotForgottenError())
            done(error)

        self._ask_store(lambda: self._doors.key_store(host).forget(), lambda _: done(None), failed)

    def change_service(self, api_url: str) -> None:
        """Another API address, to which the operator has agreed: its own key, or the present one if it has none that
        can be had. A key from the environment is the one for this run, whatever the store has."""
        carried = (self.key, self.source) if self.key is not None else self._carried
        self._drop()
        self.api_url, self._carried = api_url, carried
        if carried is not None and carried[1] is KeySource.ENVIRONMENT:
            self.use(*carried)
            return
        host, generation = host_of(api_url), self._next()

        def loaded(found: Secret | None) -> None:
            if generation != self._generation:
                return
            if found is not None:
                self.use(found, KeySource.STORE)
            elif carried is not None:
                self.use(carried[0], KeySource.SESSION)

        def failed(error: Exception) -> None:
            if carried is not None:
                loaded(None)
            else:
                self._trouble(generation, error)

        self._ask_store(lambda: self._doors.key_store(host).load(), loaded, failed)

    def refresh(self) -> None:
        """Ask for the balance. Trouble with the network is no news here; a refused key is."""
        box, generation = self._box, self._generation
        if box is None:
            return
        self.is_busy = True
        self.changed.emit()

        def known(balance: Balance) -> None:
            if generation == self._generation:
                self._learn(balance)

        def failed(error: Exception) -> None:
            if generation == self._generation:
                self.is_busy = False
                self.problem = error if isinstance(error, AccountRefusedError) else None
                self.changed.emit()

        self._ask_balance(box, known, failed)

    def refused(self, error: Exception) -> None:
        """An upload was told that the key is no good (any more)."""
        self.problem = error
        self.changed.emit()

    def forgive(self) -> None:
        """The operator wants the key tried again: what was said against it no longer counts."""
        if isinstance(self.problem, AccountRefusedError):
            self.problem = None
            self.changed.emit()

    def _learn(self, balance: Balance) -> None:
        before = self.identity
        self._account_id = balance.account_id
        self.credits = balance.credits
        self.problem = None
        self.is_busy = False
        after = self.identity
        if before and after and before != after:
            self.identity_known.emit(before, after)
        self.changed.emit()

    def _save(self, key: Secret, balance: Balance, done: Callable[[KeyOutcome], None]) -> None:
        host = host_of(self.api_url)

        def saved(name: str) -> None:
            if self.key == key:
                self.source = KeySource.STORE
                self.changed.emit()
            done(KeyOutcome(works=True, credits=balance.credits, store_name=name))

        self._ask_store(
            lambda: self._doors.key_store(host).save(key),
            saved,
            lambda error: done(KeyOutcome(works=True, credits=balance.credits, error=error)),
        )

    def _ask_store(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        def told(error: Exception) -> None:
            failed(KeyringSilentError() if isinstance(error, DeadlineExceededError) else error)

        self._tasks.run(Pool.KEYRING, work, done=done, failed=told, timeout_s=self._limits.keyring_timeout_s)

    def _ask_balance(
        self, box: ClientBox, done: Callable[[Balance], None], failed: Callable[[Exception], None]
    ) -> None:
        control = AttemptControl(self._limits)

        def told(error: Exception) -> None:
            if isinstance(error, DeadlineExceededError):
                control.abort("no_answer")
                error = UnreachableError(reason="timeout")
            failed(error)

        self._tasks.run(
            Pool.ACCOUNT,
            lambda: box.get().balance(str(uuid.uuid4()), control),
            done=done,
            failed=told,
            timeout_s=self._limits.balance_timeout_s,
        )

    def _trouble(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self.is_busy = False
            self.problem = error
            self.changed.emit()

    def _new_box(self, key: Secret) -> ClientBox:
        build, api_url = self._doors.client, self.api_url
        return ClientBox(lambda: build(api_url, key))

    def _take(self, key: Secret, source: KeySource, box: ClientBox | None = None) -> None:
        self._drop()
        self.key, self.source, self._box = key, source, box or self._new_box(key)
        self.changed.emit()

    def _drop(self) -> None:
        self._next()
        old, self._box = self._box, None
        self._carried = None
        self.key, self.source, self.credits, self._account_id = None, KeySource.NONE, None, None
        self.problem, self.is_busy = None, False
        if old is not None:
            self._tasks.run(Pool.ACCOUNT, old.close, done=lambda _: None, failed=lambda _: None)
        self.changed.emit()

    def _next(self) -> int:
        """Answers to questions asked before this moment no longer count."""
        self._generation += 1
        return self._generation
