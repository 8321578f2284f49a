"""The frame of the benchmarks: ratios, medians, goals, tables and rows. What is measured is measured elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.figures import ABSENT, Figure, Wanted, beside, table
from tests.benchmarks.goals import Goal, at_most, at_most_more, at_most_times, below, faster_by
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.topics import TOPICS


def figure(ours: float = 1.0, theirs: float = 2.0, goal: Goal | None = None) -> Figure:
    return Figure("wire", "sending", "curl", ours, theirs, "s", 5, goal)


def test_a_figure_is_the_medians_beside_each_other() -> None:
    found = beside("wire", "sending", [1.0, 9.0, 2.0], "curl", [4.0, 4.0, 100.0], unit="s")
    assert (found.ours, found.theirs, found.ratio, found.rounds) == (2.0, 4.0, 0.5, 3)


def test_a_peer_that_is_not_installed_is_named_as_missing() -> None:
    found = beside("wire", "sending", [1.0], "curl", None, unit="s", goal=at_most_times(2))
    assert found.peer == "curl: not installed"
    assert found.ratio is None
    assert found.holds is None


def test_a_goal_without_a_peer_is_judged_all_the_same() -> None:
    assert figure(theirs=ABSENT, goal=below(2, "s")).holds is True
    assert figure(theirs=ABSENT, goal=at_most(0.5, "s")).holds is False


@pytest.mark.parametrize(
    ("goal", "ours", "theirs", "holds"),
    [
        (at_most_times(0.8), 0.8, 1.0, True),
        (at_most_times(0.8), 0.81, 1.0, False),
        (faster_by(6), 1.0, 6.0, True),
        (faster_by(6), 1.0, 5.9, False),
        (below(150, "ms"), 150.0, 1.0, False),
        (at_most(150, "ms"), 150.0, 1.0, True),
        (at_most_more(75, "MB"), 175.0, 100.0, True),
        (at_most_more(75, "MB"), 176.0, 100.0, False),
    ],
)
def test_goals(goal: Goal, ours: float, theirs: float, holds: bool) -> None:
    assert figure(ours, theirs, goal).holds is holds


def test_a_row_has_every_field_and_json_takes_it() -> None:
    row = json.loads(json.dumps(figure(goal=at_most_times(1)).row()))
    assert row == {
        "topic": "wire",
        "what": "sending",
        "peer": "curl",
        "ours": 1.0,
        "theirs": 2.0,
        "unit": "s",
        "ratio": 0.5,
        "goal": "≤ 1 ×",
        "rounds": 5,
        "holds": True,
    }
    unknown = figure(theirs=ABSENT).row()
    assert (unknown["theirs"], unknown["ratio"], unknown["goal"], unknown["holds"]) == (None, None, None, None)


def test_the_table_has_a_line_for_each_figure_in_columns() -> None:
    heading, first, second = table([figure(goal=at_most_times(0.1)), figure(1234.5, ABSENT)]).splitlines()
    assert first.split() == ["sending", "1", "2", "s", "0.50", "≤", "0.1", "×", "OVER", "5", "curl"]
    assert second.split() == ["sending", "1234", "-", "s", "5", "curl"]
    assert heading.index("peer") == first.index("curl") == second.index("curl")


def test_rounds_go_to_and_fro_and_the_first_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    called: list[str] = []

    def contender(name: str) -> dict[str, float]:
        called.append(name)
        return {"wall": float(len(called))}

    found = interleaved({name: lambda name=name: contender(name) for name in "ab"}, 2, uncounted=1)
    assert called == ["b", "a", "a", "b", "b", "a"]
    assert each(found["a"], "wall") == [3.0, 6.0]
    assert "a: " in capsys.readouterr().err


def test_a_share_of_the_pictures_is_at_least_what_is_needed() -> None:
    assert Wanted().count(300) == 300
    assert Wanted(scale=0.01).count(300, 24) == 24


def test_the_command_prints_tables_and_writes_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_run", lambda topic, wanted: [figure(goal=at_most_times(0.1))])
    monkeypatch.setattr(command, "described", lambda: ["a machine"])
    file = tmp_path / "rows.json"
    assert command.main(["start", "--rounds", "2", "--json", str(file)]) == 1
    written = json.loads(file.read_text())
    assert written["machine"] == ["a machine"]
    assert [row["what"] for row in written["rows"]] == ["sending"]
    assert capsys.readouterr().out == "a machine\n"


@pytest.mark.parametrize("arguments", [["nothing"], ["--rounds", "0"], ["--scale", "2"]])
def test_what_cannot_be_measured_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert "usage" in capsys.readouterr().err


def test_every_topic_is_a_module_of_the_folder() -> None:
    folder = Path(command.__file__).parent
    assert [topic for topic in TOPICS if not (folder / f"{topic}.py").exists()] == []
