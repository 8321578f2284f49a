"""The pictures that practice mode offers."""

from __future__ import annotations

from importlib import resources

from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import IssueCode
from tests.make_samples import FILES

_C = IssueCode
SAMPLES = {
    file.name: file.read_bytes()
    for file in resources.files("pixverse_gui.resources.samples").iterdir()
    if not file.name.startswith("__")
}


def test_they_are_those_that_the_script_draws() -> None:
    assert SAMPLES.keys() == FILES.keys()


def test_they_are_small() -> None:
    assert sum(map(len, SAMPLES.values())) < 1_500_000


def test_two_have_problems_one_has_a_warning_and_the_others_are_fine() -> None:
    inspector = Inspector(Limits())
    found = {name: inspector.inspect_bytes(data, name) for name, data in SAMPLES.items()}
    assert {name: [issue.code for issue in one.issues] for name, one in found.items() if one.issues} == {
        "cut_off.jpg": [_C.CUT_OFF],
        "panorama_12400.png": [_C.TOO_MANY_PIXELS],
        "mountain_final_v2.png": [_C.LARGE_SIDE],
    }
    assert [name for name, one in found.items() if one.thumbnail is None] == ["cut_off.jpg"]
