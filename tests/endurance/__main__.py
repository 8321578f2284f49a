"""python -m tests.endurance [topic …] [--full] [--json FILE]: runs trials and prints their figures."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.endurance.figures import Figure, Trial
from tests.endurance.topics import TOPICS


def main(arguments: list[str]) -> int:
    """Run the named topics, or all. Returns 1 where a figure does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=", ".join(TOPICS))
    parser.add_argument("--full", action="store_true", help="all of it (hours), judged by times too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows into this file")
    options = parser.parse_args(arguments)
    unknown = [topic for topic in options.topics if topic not in TOPICS]
    if unknown:
        parser.error(f"no such topic: {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = []
    for topic in options.topics or TOPICS:
        figures += _run(topic, full=options.full)
    if options.json:
        options.json.write_text(json.dumps([_row(figure) for figure in figures], indent=1, ensure_ascii=False))
    return 0 if all(figure.holds or (figure.is_time and not options.full) for figure in figures) else 1


def _run(topic: str, *, full: bool) -> list[Figure]:
    started = time.monotonic()
    print(f"\n{topic}: {TOPICS[topic]}", flush=True)
    trial: Trial = importlib.import_module(f"tests.endurance.{topic}").measure
    figures = list(_printed(trial(full)))
    print(f"  {time.monotonic() - started:.0f} s", flush=True)
    return figures


def _printed(figures: Iterable[Figure]) -> Iterable[Figure]:
    for figure in figures:
        verdict = "holds" if figure.holds else ("over (a time)" if figure.is_time else "FAILS")
        print(f"  {verdict:14} {figure.figure}: {figure.value}   (goal: {figure.goal})", flush=True)
        yield figure


def _row(figure: Figure) -> dict[str, object]:
    return {name: value for name, value in asdict(figure).items() if name != "is_time"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
