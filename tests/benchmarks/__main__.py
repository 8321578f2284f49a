"""python -m tests.benchmarks [topic …] [--json FILE]: measures, and prints one table a topic."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

from tests.benchmarks.figures import Figure, Topic, Wanted, table
from tests.benchmarks.machine import described
from tests.benchmarks.topics import TOPICS


def main(arguments: list[str]) -> int:
    """Run the named topics, or all. Returns 1 where a goal is not met."""
    options = _parsed(arguments)
    wanted = Wanted(options.rounds, options.scale)
    machine = list(described())
    print("\n".join(machine), flush=True)
    figures: list[Figure] = []
    for topic in options.topics or TOPICS:
        figures += _run(topic, wanted)
        if options.json:
            rows = {"machine": machine, "scale": wanted.scale, "rows": [figure.row() for figure in figures]}
            options.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    return 1 if any(figure.holds is False for figure in figures) else 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=", ".join(TOPICS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows into this file")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each figure (5)")
    parser.add_argument("--scale", type=float, default=1.0, help="share of all pictures; 0.05 is a quick look (1)")
    options = parser.parse_args(arguments)
    unknown = [topic for topic in options.topics if topic not in TOPICS]
    if unknown:
        parser.error(f"no such topic: {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    if options.rounds < 1 or not 0 < options.scale <= 1:
        parser.error("at least one round, and a share between 0 and 1")
    return options


def _run(topic: str, wanted: Wanted) -> list[Figure]:
    print(f"\n{topic}: {TOPICS[topic]}", flush=True)
    started = time.monotonic()
    measure: Topic = importlib.import_module(f"tests.benchmarks.{topic}").measure
    figures = list(measure(wanted))
    print(table(figures))
    print(f"({time.monotonic() - started:.0f} s)", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
