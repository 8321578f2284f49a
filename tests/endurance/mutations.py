"""Ten thousand mutated pictures and a thousand mutated answers: nothing crashes, and no wrong id is believed."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import PixVerseClient
from pixverse_gui.core.errors import ApiError
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.core.multipart_body import ImagePayload
from pixverse_gui.core.secret import Secret
from tests.endurance.batches import padded_png
from tests.endurance.driven import KEY, ROOT
from tests.endurance.figures import Figure
from tests.endurance.mutated import mutate
from tests.endurance.mutated_images import memory_mb
from tests.endurance.truth import told
from tests.helpers import behaviours
from tests.helpers.scripted_server import ScriptedServer

IMAGES, ANSWERS = 10_000, 1_000
SHORT_IMAGES, SHORT_ANSWERS = 400, 200
WARM_ANSWERS = 20
"""Modules are loaded and connections made by then."""
LIMITS = Limits(connect_timeout_s=5, stall_timeout_s=5, answer_timeout_s=5)
_PROPER_ID = re.compile(r"[1-9][0-9]{0,19}")


def measure(full: bool) -> Iterator[Figure]:
    """The pictures in a process of their own, the answers over a real connection."""
    yield from _images(IMAGES if full else SHORT_IMAGES)
    yield from _answers(ANSWERS if full else SHORT_ANSWERS)


def _images(count: int) -> Iterator[Figure]:
    command = [sys.executable, "-m", "tests.endurance.mutated_images", str(count), "20261123"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    died = run.returncode != 0
    yield Figure("mutations", f"{count} mutated pictures: crashes", str(run.returncode), "0", not died)
    if died:
        print(run.stderr[-2_000:], file=sys.stderr)
        return
    found: dict[str, Any] = json.loads(run.stdout)
    raised, grown, slowest = found["raised"], found["grown_mb"], found["slowest_s"]
    yield Figure("mutations", f"{count} mutated pictures: exceptions", told(raised), "0", not raised)
    yield Figure("mutations", "memory grown by then", f"{grown:.0f} MB", "< 200 MB", grown < 200)
    print(f"  {found['most_mb']:.0f} MB at the worst moment, of one picture that claims to be as large as is allowed")
    yield Figure("mutations", "slowest of them", f"{slowest:.2f} s", "< 20 s", slowest < 20, True)


def _answers(count: int) -> Iterator[Figure]:
    dice, raised, believed = random.Random(20261123), list[str](), list[str]()
    payload = ImagePayload(padded_png(1, 100), ImageFormat.PNG)
    with ScriptedServer() as server, closing(PixVerseClient(server.url, Secret(KEY), LIMITS)) as client:
        before = 0.0
        for number in range(-WARM_ANSWERS, count):
            if number == 0:
                before = memory_mb()
            server.clear()
            server.script(behaviours.raw(mutate(_good_answer(dice), dice)))
            try:
                result = client.upload_image(payload, str(uuid.uuid4()), AttemptControl(LIMITS))
            except ApiError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                raised.append(f"answer {number}: {error!r}")
            else:
                if not _PROPER_ID.fullmatch(result.img_id) or int(result.img_id) >= 2**64:
                    believed.append(f"answer {number}: {result.img_id}")
        grown = memory_mb() - before
    yield Figure("mutations", f"{count} mutated answers: memory grown", f"{grown:.1f} MB", "< 200 MB", grown < 200)
    yield Figure("mutations", f"{count} mutated answers: unhandled exceptions", told(raised), "0", not raised)
    yield Figure("mutations", f"{count} mutated answers: improper ids accepted", told(believed), "0", not believed)


def _good_answer(dice: random.Random) -> bytes:
    """A whole answer as it comes over the wire; damage to its head is as likely as to its body."""
    fields = {"img_id": dice.randrange(1, 2**53), "img_url": "https://media.example.com/a.jpg"}
    body = json.dumps({"ErrCode": 0, "ErrMsg": "success", "Resp": fields}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
