"""curl as somebody would drive it who knows it: parallel, connections used again, our own form and headers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.processes import KEY, Took, timed
from tests.benchmarks.sink import Sink
from tests.helpers.usual_answers import UPLOAD_PATH

NAME = "curl --parallel"


def is_installed() -> bool:
    return shutil.which("curl") is not None


def send(paths: Sequence[Path], sink: Sink, at_once: int) -> Took:
    """All of them. What it takes to load curl is taken off, as what it takes to load our program is not counted."""
    loading = timed(["curl", "--version"])
    with tempfile.TemporaryDirectory() as name:
        orders = Path(name) / "orders"
        orders.write_text("next\n".join(_order(number, path, sink) for number, path in enumerate(paths)))
        command = ["curl", "--silent", "--show-error", "--parallel", "--parallel-max", str(at_once)]
        took = timed([*command, "--config", str(orders)])
    return Took(took.wall - loading.wall, took.cpu - loading.cpu)


def _order(number: int, path: Path, sink: Sink) -> str:
    """One transfer. Without `Expect:` curl would wait for a leave that nobody gives; HTTP/1.1 as ours."""
    return "\n".join(
        (
            f'url = "{sink.url}{UPLOAD_PATH}"',
            f'form = "image=@{path};filename=image.png;type=image/png"',
            f'header = "API-KEY: {KEY}"',
            f'header = "Ai-trace-id: 00000000-0000-4000-8000-{number:012}"',
            'header = "Accept: application/json"',
            'header = "Expect:"',
            f'cacert = "{sink.trusted}"',
            'output = "/dev/null"',
            "http1.1",
            "fail",
            "",
        )
    )
