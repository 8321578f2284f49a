from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pixverse_gui.core.errors import StorageError, WriteError
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import Attempt, EarlierUpload, Upload, UploadState
from tests.unit.journal_samples import (
    ACCOUNT,
    START,
    Clock,
    add_finished,
    facts_of,
    file_source,
    finished,
    link_source,
    open_journal,
    uploads_of_every_kind,
)

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = open_journal(path)
    yield journal
    journal.close()


def restarted(path: Path) -> list[Upload]:
    """The working list of the next run, which begins as every run does."""
    with closing(open_journal(path)) as journal:
        restored = journal.restore_working_list()
        journal.tidy_up()
        journal.save(restored.changed)
        return restored.rows


def test_added_rows_get_rising_keys_one_batch_and_positions_behind_all_others(journal: Journal) -> None:
    first = journal.add([file_source("a.png"), file_source("b.png")])
    second = journal.add([link_source("https://example.com/c.png")], UploadState.READY)

    assert [upload.position for upload in first + second] == [1, 2, 3]
    assert [upload.batch for upload in first + second] == [1, 1, 2]
    assert [upload.state for upload in first + second] == [
        UploadState.CHECKING,
        UploadState.CHECKING,
        UploadState.READY,
    ]
    assert len({upload.key for upload in first + second}) == 3
    assert {upload.added_at for upload in first + second} == {START}


def test_adding_nothing_makes_no_batch(journal: Journal) -> None:
    assert journal.add([]) == []
    assert journal.add([file_source("a.png")])[0].batch == 1


def test_keys_of_purged_rows_are_not_given_again(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        removed = journal.add([file_source("a.png")])
        journal.set_listed([removed[0].key], False)
        journal.tidy_up()
        assert journal.add([file_source("b.png")])[0].key > removed[0].key


def test_every_field_of_every_state_survives_a_restart(path: Path) -> None:
    uploads = uploads_of_every_kind()
    with closing(open_journal(path)) as journal:
        journal.save(uploads)
        journal.set_listed([8], True)
    stored = {upload.key: upload for upload in restarted(path)}

    for upload in uploads:
        if upload.state is not UploadState.UPLOADING:
            assert stored[upload.key] == replace(upload, listed=True)


def test_saving_the_same_again_changes_nothing(journal: Journal, path: Path) -> None:
    uploads = add_finished(journal, ["a.png"])
    journal.save(uploads)
    journal.save(uploads + uploads)
    with closing(journal.history_reader()) as reader:
        assert reader.page().uploads == tuple(uploads)


def test_an_attempt_once_saved_is_never_removed(journal: Journal) -> None:
    (upload,) = journal.add([file_source("a.png")])
    attempts = (Attempt("t-1", START, "server", maybe_stored=True), Attempt("t-2", START))
    journal.save([replace(upload, attempts=attempts)])
    journal.save([replace(upload, attempts=attempts[:1])])
    assert journal.restore_working_list().rows[0].attempts == attempts


def test_a_trace_id_another_row_has_keeps_no_id_from_being_saved(journal: Journal) -> None:
    first, second = journal.add([file_source("a.png"), file_source("b.png")])
    attempt = Attempt("t-1", START, "done")
    journal.save([replace(first, attempts=(attempt,))])
    journal.save([finished(second, attempts=(attempt, attempt))])
    assert [upload.attempts for upload in journal.restore_working_list().rows] == [(), (attempt,)]


def test_a_row_without_an_id_never_takes_the_place_of_one_that_has_it(journal: Journal) -> None:
    (row,) = journal.add([file_source("a.png")], UploadState.READY)
    done = finished(row)
    journal.save([done])
    late = Attempt("t-late", START)
    stale = replace(row, attempts=(replace(done.attempts[0], outcome="cancelled"), late))
    assert journal.save([stale]) == [row.key]
    assert journal.save([replace(stale, resend=True)]) == [row.key]  # nowhere else stands this id
    with closing(journal.history_reader()) as reader:
        assert reader.page().uploads == (replace(done, attempts=(*done.attempts, late)),)


def test_upload_again_gives_up_an_id_that_stands_with_another_row(journal: Journal) -> None:
    (first,) = add_finished(journal, ["a.png"])
    (again,) = journal.add([file_source("a.png")], UploadState.READY)
    journal.save([finished(again, first.img_id, reused_from=first.key, reused_at=START)])
    wanted = replace(again, resend=True)
    assert journal.save([wanted]) == []
    assert [row.img_id for row in journal.restore_working_list().rows] == [None]
    sent = finished(wanted, "77")
    assert journal.save([sent]) == []
    assert journal.save([wanted]) == [again.key]
    assert journal.save([replace(sent, img_id="78")]) == []
    with closing(journal.history_reader()) as reader:
        assert [row.img_id for row in reader.page().uploads] == ["78", first.img_id]


def test_a_row_left_uploading_waits_with_its_attempt_flagged(path: Path) -> None:
    ended = Attempt("t-1", START, "server")
    in_flight = Attempt("t-2", START + timedelta(seconds=9))
    with closing(open_journal(path)) as journal:
        (upload,) = journal.add([file_source("a.png")])
        journal.save([replace(upload, state=UploadState.UPLOADING, attempts=(ended, in_flight))])

    (restored,) = restarted(path)
    assert restored.state is UploadState.WAITING
    assert restored.attempts == (ended, replace(in_flight, outcome="killed", maybe_stored=True))
    assert restarted(path) == [restored]


def test_finished_batches_leave_the_list_and_the_others_stay_whole(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        add_finished(journal, ["a.png", "b.png"])
        half = journal.add([file_source("c.png"), file_source("d.png")])
        journal.save([finished(half[0])])
    assert [upload.source.label for upload in restarted(path)] == ["c.png", "d.png"]


def test_removed_rows_come_back_with_undo_and_are_gone_in_the_next_run(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        kept, removed, undone = journal.add([file_source(name) for name in ("a.png", "b.png", "c.png")])
        journal.save([replace(removed, attempts=(Attempt("t-1", START, "server"),))])
        journal.set_listed([removed.key, undone.key], False)
        journal.set_listed([undone.key], True)
    assert restarted(path) == [kept, undone]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM upload").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM attempt").fetchone() == (0,)


def test_finished_rows_that_left_the_list_stay_in_the_history(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png"])
        journal.set_listed([uploads[0].key], False)
    assert restarted(path) == []
    with closing(open_journal(path)) as journal, closing(journal.history_reader()) as reader:
        assert [upload.img_id for upload in reader.page().uploads] == [uploads[0].img_id]


def test_the_newest_finished_upload_of_the_same_bytes_is_found(journal: Journal) -> None:
    old, new = add_finished(journal, ["a.png", "a.png"])
    (wanted,) = journal.add([file_source("other_name.png")])
    wanted = replace(wanted, facts=facts_of("a.png"))
    assert new.img_id is not None
    assert new.finished_at is not None
    assert new.finished_at > (old.finished_at or START)

    found = journal.find_earlier([wanted], ACCOUNT)
    assert found == {wanted.key: EarlierUpload(new.key, new.img_id, new.img_url, new.finished_at)}


def test_what_is_not_a_finished_upload_of_this_account_is_not_taken_over(journal: Journal) -> None:
    (wanted,) = journal.add([file_source("a.png")])
    wanted = replace(wanted, facts=facts_of("a.png"))
    others = journal.add([file_source("a.png")] * 5 + [link_source("https://example.com/a.png")])
    hidden, reused, elsewhere, unfinished, without_id, link = others
    facts = facts_of("a.png")
    journal.save(
        [
            finished(hidden, hidden=True),
            finished(reused, reused_from=hidden.key),
            finished(elsewhere, account="app-api.pixverse.ai/2"),
            replace(unfinished, facts=facts, account=ACCOUNT),
            replace(finished(without_id), img_id=""),
            finished(link, facts=facts),
        ]
    )
    assert journal.find_earlier([wanted], ACCOUNT) == {}


def test_a_row_is_not_its_own_earlier_upload_and_needs_a_known_content(journal: Journal) -> None:
    (done,) = add_finished(journal, ["a.png"])
    unseen = replace(done, key=99, facts=None)
    unhashed = replace(done, key=98, facts=replace(facts_of("a.png"), sha256=None))
    assert journal.find_earlier([done, unseen, unhashed], ACCOUNT) == {}


def test_links_take_over_from_the_same_link_only(journal: Journal) -> None:
    (link,) = journal.add([link_source("https://example.com/a.png")])
    journal.save([finished(link, facts=facts_of("a.png"))])
    same, other = journal.add([link_source("https://example.com/a.png"), link_source("https://example.com/b.png")])
    wanted = [replace(upload, facts=facts_of("a.png")) for upload in (same, other)]
    assert set(journal.find_earlier(wanted, ACCOUNT)) == {same.key}


def test_rows_follow_when_the_account_becomes_known(journal: Journal) -> None:
    uploads = [finished(upload, account="host/key:ab12") for upload in journal.add([file_source("a.png")] * 2)]
    journal.save(uploads)
    assert journal.rename_account("host/key:ab12", "host/7") == 2
    assert journal.rename_account("host/key:ab12", "host/7") == 0
    wanted = replace(uploads[0], key=99)
    assert set(journal.find_earlier([wanted], "host/7")) == {99}


def test_a_disk_that_is_full_keeps_all_rows_and_saving_goes_on_when_there_is_room(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png"])
        connection = journal._database._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        many = [file_source(f"{number}.png") for number in range(500)]
        with pytest.raises(WriteError) as caught:
            journal.add(many)
        assert caught.value.params == {"reason": "full"}
        assert journal.restore_working_list().rows == []

        connection.execute("PRAGMA max_page_count = 1000000")
        assert len(journal.add(many)) == 500
        with closing(journal.history_reader()) as reader:
            assert [upload.img_id for upload in reader.page().uploads] == [uploads[0].img_id]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_second_writer_makes_saving_fail_until_it_is_done(journal: Journal, path: Path) -> None:
    (upload,) = journal.add([file_source("a.png")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WriteError) as caught:
            journal.save([finished(upload)])
        assert caught.value.params == {"reason": "locked"}
        other.execute("ROLLBACK")
    journal.save([finished(upload)])
    with closing(journal.history_reader()) as reader:
        assert reader.count() == 1


def test_a_transaction_that_fails_in_the_middle_leaves_nothing_behind(journal: Journal) -> None:
    first, second = journal.add([file_source("a.png"), file_source("b.png")])
    naive = replace(finished(second), key=2**63)  # SQLite has no such number
    with pytest.raises(WriteError):
        journal.save([finished(first), naive])
    assert journal.restore_working_list().rows == [first, second]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be deleted")
@pytest.mark.parametrize("is_replaced", [True, False])
def test_saving_into_a_deleted_or_replaced_file_is_an_error(journal: Journal, path: Path, is_replaced: bool) -> None:
    (upload,) = journal.add([file_source("a.png")])
    path.rename(path.with_name("elsewhere"))
    if is_replaced:
        path.write_bytes(b"")
    with pytest.raises(WriteError):
        journal.save([finished(upload)])


def test_a_closed_journal_says_so_and_can_be_closed_again(path: Path) -> None:
    journal = open_journal(path)
    journal.close()
    journal.close()
    with pytest.raises(WriteError):
        journal.add([file_source("a.png")])
    with pytest.raises(StorageError):
        journal.find_earlier([finished(Upload(1, 1, 1, file_source("a"), UploadState.READY, START))], ACCOUNT)


def test_a_closed_journal_is_one_file(path: Path, tmp_path: Path) -> None:
    journal = open_journal(path)
    add_finished(journal, ["a.png"])
    journal.close()
    assert list(tmp_path.iterdir()) == [path]


def test_times_of_another_zone_are_stored_as_the_same_moment(path: Path) -> None:
    clock = Clock(START.astimezone())
    with closing(open_journal(path, clock)) as journal:
        (upload,) = journal.add([file_source("a.png")])
        assert journal.restore_working_list().rows == [upload]
        assert upload.added_at.utcoffset() == timedelta(0)


def test_every_commit_is_in_the_files_at_once(path: Path, tmp_path: Path) -> None:
    """What a power cut would leave: the database and its -wal as they are after each save."""
    copies = []
    with closing(open_journal(path)) as journal:
        for number in range(12):
            upload = add_finished(journal, [f"{number}.png"])[0]
            copies.append((tmp_path / f"cut-{number}" / "journal.sqlite", upload))
            copies[-1][0].parent.mkdir()
            for end in ("", "-wal"):
                shutil.copy(f"{path}{end}", f"{copies[-1][0]}{end}")
    for number, (copy, upload) in enumerate(copies, 1):
        with closing(open_journal(copy)) as journal, closing(journal.history_reader()) as reader:
            assert reader.page().uploads[0] == upload
            assert reader.count() == number


_WRITER = """
import sys
from pathlib import Path
from tests.unit.journal_samples import add_finished, open_journal

journal = open_journal(Path(sys.argv[1]))
while True:
    for upload in add_finished(journal, ["a.png", "b.png", "c.png"]):
        sys.stdout.write(upload.img_id + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("lines", [3, 8, 31, 160])
def test_no_id_that_was_reported_as_saved_is_lost_by_a_kill(path: Path, lines: int) -> None:
    command = [sys.executable, "-c", _WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        reported = [writer.stdout.readline().strip() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        reported += writer.stdout.read().splitlines()[:-1]  # the last line may be cut

    with closing(open_journal(path)) as journal:
        assert journal.opening.kept_at is None
        assert journal.opening.volatile_reason is None
        with closing(journal.history_reader()) as reader:
            stored = {upload.img_id for upload in reader.page(limit=10_000_000).uploads}
        assert set(reported) <= stored
        assert len(stored) % 3 == 0  # batches are saved whole or not at all
        unfinished = journal.restore_working_list().rows
        assert len(unfinished) in {0, 3}
        assert {upload.state for upload in unfinished} <= {UploadState.CHECKING}
