"""The key: found, tested, saved and forgotten, whatever the key store and the service say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import Account, KeyOutcome, KeySource
from pixverse_gui.background.doors import Doors
from pixverse_gui.background.tasks import Tasks
from pixverse_gui.core import errors
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL
from tests.helpers.engines import KEY, QUICK, has_held_up_workers
from tests.helpers.fake_service import FakeClient, FakeKeyStore, FakeService
from tests.helpers.log_guard import LogGuard

OTHER_KEY = Secret("sk-fedcba9876543210fedcba9876543210")
IMPATIENT = replace(QUICK, keyring_timeout_s=0.05, balance_timeout_s=0.05)


class Desk:
    """An account with its doors: one key store a host, and all clients of one service."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.tasks, self.service = qtbot, Tasks(), FakeService()
        self.stores: dict[str, FakeKeyStore] = {}
        self.clients: list[FakeClient] = []
        self.outcomes: list[KeyOutcome] = []
        self.gate = threading.Event()

    def account(self, *, limits: Limits = QUICK, api_url: str = INTERNATIONAL) -> Account:
        return Account(api_url, Doors(self.store, self.client), self.tasks, limits, self.tasks)

    def store(self, host: str = "app-api.pixverse.ai") -> FakeKeyStore:
        return self.stores.setdefault(host, FakeKeyStore())

    def client(self, api_url: str, key: Secret) -> FakeClient:
        self.clients.append(FakeClient(self.service, api_url, key))
        return self.clients[-1]

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.tasks.is_idle)

    def submit(self, account: Account, key: Secret = KEY) -> KeyOutcome:
        account.submit(key, self.outcomes.append)
        self.qtbot.waitUntil(lambda: bool(self.outcomes))
        return self.outcomes.pop()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.gate.set()
    assert made.tasks.close(5)
    made.tasks.deleteLater()


# Looking for a key.


def test_a_saved_key_is_used_and_its_account_is_known(desk: Desk) -> None:
    desk.store().key = KEY
    account = desk.account()
    with desk.qtbot.waitSignal(account.identity_known) as known:
        account.load()
        assert account.is_busy
    assert (account.source, account.credits, account.is_busy) == (KeySource.STORE, 1234, False)
    assert account.identity == "app-api.pixverse.ai/4711"
    assert known.args == [f"app-api.pixverse.ai/key:{KEY.fingerprint}", "app-api.pixverse.ai/4711"]


def test_an_empty_store_is_no_problem(desk: Desk) -> None:
    account = desk.account()
    account.load()
    desk.settle()
    assert (account.source, account.problem, account.is_busy, account.identity) == (KeySource.NONE, None, False, None)


@pytest.mark.parametrize("trouble", [errors.KeyringLockedError(), errors.KeyringUnavailableError(reason="missing")])
def test_trouble_with_the_store_is_shown_and_can_be_overcome(desk: Desk, trouble: Exception) -> None:
    desk.store().key, desk.store().trouble = KEY, trouble
    account = desk.account()
    account.load()
    desk.settle()
    assert (account.source, account.problem, account.is_busy) == (KeySource.NONE, trouble, False)
    desk.store().trouble = None
    account.load()
    desk.settle()
    assert (account.source, account.problem) == (KeySource.STORE, None)


def test_a_silent_store_is_given_up_and_its_late_answer_changes_nothing(desk: Desk) -> None:
    desk.store().key = KEY
    desk.store().wait = lambda: desk.gate.wait(10)
    account = desk.account(limits=IMPATIENT)
    account.load()
    desk.settle()
    assert isinstance(account.problem, errors.KeyringSilentError)
    assert has_held_up_workers(desk.tasks)
    desk.gate.set()
    desk.qtbot.waitUntil(lambda: not has_held_up_workers(desk.tasks))
    assert account.key is None


def test_a_key_given_while_the_store_is_silent_is_not_replaced_by_the_stored_one(desk: Desk) -> None:
    desk.store().key = OTHER_KEY
    desk.store().wait = lambda: desk.gate.wait(10)
    account = desk.account()
    account.load()
    account.use(KEY, KeySource.SESSION)
    desk.gate.set()
    desk.settle()
    assert (account.key, account.source) == (KEY, KeySource.SESSION)


# Giving a key.


def test_a_key_that_works_is_taken_over_and_saved(desk: Desk) -> None:
    account = desk.account()
    outcome = desk.submit(account)
    assert outcome == KeyOutcome(works=True, credits=1234, store_name="Test store")
    assert desk.store().key == KEY
    assert (account.source, account.key, account.credits) == (KeySource.STORE, KEY, 1234)


def test_a_refused_key_changes_nothing(desk: Desk) -> None:
    refused = errors.AccountRefusedError(reason="key")
    desk.service.balance_answers = [refused]
    account = desk.account()
    outcome = desk.submit(account)
    assert (outcome.works, outcome.error) == (False, refused)
    assert (account.key, desk.store().key, account.problem) == (None, None, None)


def test_a_refused_key_leaves_the_one_that_works_alone(desk: Desk) -> None:
    account = desk.account()
    desk.submit(account)
    desk.service.balance_answers = [errors.AccountRefusedError(reason="key")]
    desk.submit(account, OTHER_KEY)
    assert (account.key, desk.store().key, account.identity) == (KEY, KEY, "app-api.pixverse.ai/4711")


@pytest.mark.parametrize("trouble", [errors.KeyringLockedError(), errors.KeyringUnavailableError(reason="lost")])
def test_a_key_that_cannot_be_saved_works_for_this_session(desk: Desk, trouble: Exception) -> None:
    desk.store().trouble = trouble
    account = desk.account()
    outcome = desk.submit(account)
    assert (outcome.works, outcome.error, outcome.store_name) == (True, trouble, None)
    assert (account.source, account.key, account.client_box is not None) == (KeySource.SESSION, KEY, True)


def test_a_store_that_is_silent_from_the_start_holds_up_no_key(desk: Desk) -> None:
    desk.store().wait = lambda: desk.gate.wait(10)
    account = desk.account(limits=IMPATIENT)
    account.load()
    outcome = desk.submit(account)
    assert outcome.works
    assert isinstance(outcome.error, errors.KeyringSilentError)
    assert account.source is KeySource.SESSION


def test_a_service_that_does_not_answer_the_test_counts_as_out_of_reach(desk: Desk) -> None:
    account = desk.account(limits=IMPATIENT)
    desk.service.balance_answers = []
    slow = desk.client

    def held_up(api_url: str, key: Secret) -> FakeClient:
        desk.gate.wait(10)
        return slow(api_url, key)

    account._doors = Doors(desk.store, held_up)
    outcome = desk.submit(account)
    assert isinstance(outcome.error, errors.UnreachableError)
    assert outcome.error.params == {"reason": "timeout"}
    assert account.key is None


def test_a_bug_in_the_test_of_a_key_is_an_outcome_too(desk: Desk, log_guard: LogGuard) -> None:
    log_guard.expect("A background task failed unexpectedly")
    desk.service.balance_answers = [ZeroDivisionError()]
    outcome = desk.submit(desk.account())
    assert not outcome.works
    assert isinstance(outcome.error, ZeroDivisionError)


def test_a_key_whose_dialog_was_closed_is_neither_used_nor_saved(desk: Desk) -> None:
    account = desk.account()
    account.submit(KEY, desk.outcomes.append, is_wanted=lambda: False)
    desk.settle()
    assert (desk.outcomes, account.key, desk.store().key) == ([], None, None)


# Whose key it is.


def test_a_key_from_the_environment_gives_way_to_one_that_is_entered(desk: Desk) -> None:
    account = desk.account()
    account.use(OTHER_KEY, KeySource.ENVIRONMENT)
    desk.settle()
    assert (account.source, desk.store().key) == (KeySource.ENVIRONMENT, None)
    desk.submit(account)
    assert (account.source, account.key, desk.store().key) == (KeySource.STORE, KEY, KEY)


def test_the_identity_is_the_fingerprint_until_the_account_is_known(desk: Desk) -> None:
    desk.service.balance_answers = [errors.UnreachableError(reason="network"), Balance("77", 5)]
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    desk.settle()
    assert account.identity == f"app-api.pixverse.ai/key:{KEY.fingerprint}"
    assert account.problem is None
    account.refresh()
    desk.settle()
    assert (account.identity, account.credits) == ("app-api.pixverse.ai/77", 5)


def test_a_key_that_is_refused_later_is_a_problem_until_it_works_again(desk: Desk) -> None:
    refused = errors.AccountRefusedError(reason="key")
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    desk.settle()
    problems = []
    account.refused(refused)
    problems.append(account.problem)
    account.refresh()
    desk.settle()
    problems.append(account.problem)
    desk.service.balance_answers = [refused]
    account.refresh()
    desk.settle()
    problems.append(account.problem)
    assert problems == [refused, None, refused]


def test_without_a_key_there_is_nothing_to_ask(desk: Desk) -> None:
    account = desk.account()
    with desk.qtbot.assertNotEmitted(account.changed):
        account.refresh()
    assert desk.clients == []


def test_a_client_is_built_once_and_closed_when_its_key_goes(desk: Desk) -> None:
    closed: list[FakeClient] = []
    account = desk.account()
    desk.submit(account)
    account.refresh()
    desk.settle()
    assert len(desk.clients) == 1
    desk.clients[0].close = lambda: closed.append(desk.clients[0])  # type: ignore[method-assign]
    account.forget(lambda _: None)
    desk.settle()
    assert closed == desk.clients


# Forgetting, and another service.


def test_a_forgotten_key_is_gone_at_once_and_from_the_store(desk: Desk) -> None:
    account = desk.account()
    desk.submit(account)
    told: list[Exception | None] = []
    account.forget(told.append)
    assert (account.key, account.source, account.credits, account.client_box) == (None, KeySource.NONE, None, None)
    desk.settle()
    assert (told, desk.store().key) == ([None], None)


def test_a_key_that_cannot_be_taken_out_of_the_store_is_told(desk: Desk) -> None:
    account = desk.account()
    desk.submit(account)
    desk.store().trouble = errors.KeyringLockedError()
    told: list[Exception | None] = []
    account.forget(told.append)
    desk.settle()
    assert told == [desk.store().trouble]
    assert account.key is None
    assert isinstance(account.problem, errors.KeyNotForgottenError)


def test_an_answer_about_a_forgotten_key_is_dropped(desk: Desk) -> None:
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    account.forget(lambda _: None)
    desk.settle()
    assert (account.key, account.credits, account.identity, account.is_busy) == (None, None, None, False)


def test_another_service_has_its_own_key(desk: Desk) -> None:
    account = desk.account()
    desk.submit(account)
    desk.store("app-api.pixverseai.cn").key = OTHER_KEY
    account.change_service(CHINA)
    desk.settle()
    assert (account.api_url, account.key, account.source) == (CHINA, OTHER_KEY, KeySource.STORE)
    assert account.identity == "app-api.pixverseai.cn/4711"
    assert desk.clients[-1].api_url == CHINA


@pytest.mark.parametrize(
    ("before", "after"),
    [(KeySource.ENVIRONMENT, KeySource.ENVIRONMENT), (KeySource.SESSION, KeySource.SESSION)],
)
def test_a_service_without_a_key_of_its_own_gets_the_present_one(
    desk: Desk, before: KeySource, after: KeySource
) -> None:
    account = desk.account()
    account.use(KEY, before)
    desk.settle()
    account.change_service(CHINA)
    desk.settle()
    assert (account.key, account.source, desk.clients[-1].api_url) == (KEY, after, CHINA)


def test_the_key_of_the_environment_stays_the_key_of_this_run_at_another_service(desk: Desk) -> None:
    desk.store("app-api.pixverseai.cn").key = OTHER_KEY
    account = desk.account()
    account.use(KEY, KeySource.ENVIRONMENT)
    account.change_service(CHINA)
    desk.settle()
    assert (account.api_url, account.key, account.source) == (CHINA, KEY, KeySource.ENVIRONMENT)


@pytest.mark.parametrize("trouble", [errors.KeyringLockedError(), errors.KeyringUnavailableError(reason="missing")])
def test_a_store_that_cannot_be_asked_takes_no_key_away_at_another_service(desk: Desk, trouble: Exception) -> None:
    desk.store("app-api.pixverseai.cn").trouble = trouble
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    account.change_service(CHINA)
    desk.settle()
    assert (account.key, account.source) == (KEY, KeySource.SESSION)


def test_trouble_with_the_store_of_another_service_is_shown(desk: Desk) -> None:
    desk.store("app-api.pixverseai.cn").trouble = errors.KeyringLockedError()
    account = desk.account()
    account.change_service(CHINA)
    desk.settle()
    assert isinstance(account.problem, errors.KeyringLockedError)


def test_going_back_at_once_gives_the_key_of_the_last_choice(desk: Desk) -> None:
    desk.store().key, desk.store("app-api.pixverseai.cn").key = KEY, OTHER_KEY
    account = desk.account()
    account.change_service(CHINA)
    account.change_service(INTERNATIONAL)
    desk.settle()
    assert (account.api_url, account.key) == (INTERNATIONAL, KEY)


def test_no_key_stands_in_what_the_account_says_of_itself(desk: Desk, tmp_path: Path) -> None:
    account = desk.account()
    outcome = desk.submit(account)
    texts = [repr(account), repr(outcome), repr(account.key), str(account.key), account.identity or ""]
    assert not any(KEY.reveal() in text for text in texts)


def test_a_key_of_this_session_survives_two_changes_of_the_service_in_a_row(desk: Desk) -> None:
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    desk.settle()
    account.change_service(CHINA)
    account.change_service("https://own.example.com")
    desk.settle()
    assert (account.key, account.source) == (KEY, KeySource.SESSION)


def test_a_key_that_is_forgotten_during_a_change_of_the_service_does_not_come_back(desk: Desk) -> None:
    account = desk.account()
    account.use(KEY, KeySource.SESSION)
    desk.settle()
    account.change_service(CHINA)
    account.forget(lambda _: None)
    account.change_service("https://own.example.com")
    desk.settle()
    assert account.key is None
