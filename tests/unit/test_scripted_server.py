"""The stand-in for the service, as far as other tests lean on it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.helpers import behaviours
from tests.helpers.scripted_server import FIRST_ID, ScriptedServer

PATH = "/openapi/v2/image/upload"
HEADERS = {"API-KEY": "key"}


def post(url: str, trace: str, data: bytes = b"picture") -> Any:
    files = {"image": ("image.png", data, "image/png")}
    return requests.post(url + PATH, files=files, headers={**HEADERS, "Ai-trace-id": trace}, timeout=10).json()


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    with ScriptedServer() as server:
        server.script(behaviours.silent())
        with pytest.raises(requests.ReadTimeout):
            requests.post(server.url + PATH, files={"image": b"x"}, headers=HEADERS, timeout=0.1)
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize(
    ("headers", "files", "code"),
    [
        ({"Ai-trace-id": "a"}, {"image": ("a.png", b"x", "image/png")}, 10005),
        ({"API-KEY": "key"}, {"image": ("a.png", b"x", "image/png")}, 400011),
        ({**HEADERS, "Ai-trace-id": "a"}, {"image": ("a.png", b"x", "application/octet-stream")}, 500032),
        ({**HEADERS, "Ai-trace-id": "a"}, {"image": ("a.png", b"", "image/png")}, 400011),
        ({**HEADERS, "Ai-trace-id": "a"}, {"image": ("a.png", b"x", "image/png"), "image_url": (None, "u")}, 400017),
        ({**HEADERS, "Ai-trace-id": "a"}, {"file": ("a.png", b"x", "image/png")}, 400017),
    ],
)
def test_what_the_service_would_refuse_is_refused(headers: Any, files: Any, code: int) -> None:
    with ScriptedServer() as server:
        assert requests.post(server.url + PATH, files=files, headers=headers, timeout=10).json()["ErrCode"] == code
        assert server.stored == []


def test_a_trace_id_that_was_used_before_is_refused() -> None:
    with ScriptedServer() as server:
        assert post(server.url, "same")["ErrCode"] == 0
        assert post(server.url, "same")["ErrCode"] == 400011


def test_rules_choose_by_arrival_content_size_and_link() -> None:
    with ScriptedServer() as server:
        server.script(behaviours.api_error(1), arrival=2)
        server.script(behaviours.api_error(3), size=5)
        server.script(behaviours.api_error(4), link="https://a.example/x.png", times=1)
        codes = [post(server.url, str(number), data)["ErrCode"] for number, data in enumerate([b"a", b"b", b"abcde"])]
        link = {"image_url": (None, "https://a.example/x.png")}
        for trace in ("l1", "l2"):
            headers = {**HEADERS, "Ai-trace-id": trace}
            codes.append(requests.post(server.url + PATH, files=link, headers=headers, timeout=10).json()["ErrCode"])
    assert codes == [0, 1, 3, 4, 0]


def test_pages_are_served_and_missing_ones_are_not() -> None:
    with ScriptedServer(pages={"/a.png": ("image/png", b"png"), "/moved": behaviours.redirect("/a.png")}) as server:
        assert requests.get(server.url + "/moved", timeout=10).content == b"png"
        assert requests.get(server.url + "/b.png", timeout=10).status_code == 404
        assert [arrival.kind for arrival in server.arrivals] == ["page"] * 3


def test_as_a_process_it_records_before_it_answers_and_takes_orders(tmp_path: Path) -> None:
    record, picture = tmp_path / "record.jsonl", tmp_path / "a.png"
    picture.write_bytes(b"png")
    command = [sys.executable, "-m", "tests.helpers.scripted_server", "--record", str(record), "--key", "key"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready, port = process.stdout.readline().split()
        url = f"http://127.0.0.1:{port}"
        requests.post(url + "/_script", json={"do": "moderation", "arrival": 2}, timeout=10)
        requests.post(url + "/_page", json={"path": "/a.png", "type": "image/png", "file": str(picture)}, timeout=10)
        codes = [post(url, "1").get("ErrCode"), post(url, "2").get("err_code")]
        stored = requests.get(url + "/_stored", timeout=10).json()
        page = requests.get(url + "/a.png", timeout=10).content
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert (ready, codes, page) == ("READY", [0, 500052], b"png")
    assert [one["img_id"] for one in stored] == [str(FIRST_ID)]
    assert [(line["kind"], line["stored_id"]) for line in lines][:2] == [("upload", str(FIRST_ID)), ("upload", None)]
    assert process.returncode == 0
