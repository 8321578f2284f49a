"""Our client without the program around it, as a process of its own: one client, several threads, as the program."""

from __future__ import annotations

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import ImagePayload, PixVerseClient
from pixverse_gui.core.file_rooms import FileRooms
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.sending import read_whole
from tests.benchmarks.processes import KEY, orders


def main() -> None:
    given = orders()
    limits, rooms = Limits(), FileRooms()
    client = PixVerseClient(given["url"], Secret(KEY), limits)

    def send(path: str) -> str:
        control = AttemptControl(limits)
        with rooms.room_for(Path(path).stat().st_size + 1) as room:
            payload = ImagePayload(read_whole(path, room.place, control), ImageFormat.PNG)
            return client.upload_image(payload, str(uuid.uuid4()), control).img_id

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(given["at_once"]) as pool:
        ids = set(pool.map(send, given["paths"]))
    took = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    assert len(ids) == len(given["paths"])
    print(json.dumps(took))


if __name__ == "__main__":
    main()
