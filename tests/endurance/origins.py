"""Whom the program talks to: the key goes to one address, and looking at local files asks nobody anything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.endurance.batches import make_batch, png_with
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import told
from tests.helpers import behaviours
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.usual_answers import Page


@dataclass(frozen=True, slots=True)
class Around:
    """The service, and everybody else who must not hear of the key."""

    service: ScriptedServer
    trap: ScriptedServer
    proxy: ScriptedServer
    pages: ScriptedServer

    def others(self) -> list[ScriptedServer]:
        return [self.trap, self.proxy, self.pages]


def measure(full: bool) -> Iterator[Figure]:
    """The same in both forms: it takes two seconds."""
    del full
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        page: Page = ("image/png", png_with(b"tEXt", b"seen"))
        around = Around(*(servers.enter_context(ScriptedServer(pages={"/picture.png": page})) for _ in range(4)))
        stops = list[int]()
        yield from _staging(folder, around, stops)
        yield from _sending(folder, around, stops)
        yield stop_figure("origins", max(stops))


def _environ(folder: Path, around: Around) -> dict[str, str]:
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), around.proxy.url)
    return {"DRIVEN_HOLDS": "1", "DRIVEN_CONNECTIONS": str(folder / "connections"), **proxies}


def _staging(folder: Path, around: Around, stops: list[int]) -> Iterator[Figure]:
    """Pictures that are full of links, and looked at to the end."""
    inside, outside = folder / "staging", around.trap.url
    inside.mkdir()
    paths = make_batch(inside / "pictures", 20)
    for number, (kind, text) in enumerate(
        (
            (b"tEXt", f"Comment\0{outside}/comment.png"),
            (b"iTXt", f'XML:com.adobe.xmp\0\0\0\0\0<x xmlns:h="{outside}/xmp" h:ref="{outside}/ref.png"/>'),
            (b"eXIf", f"II*\0\x08\0\0\0{outside}/exif"),
            (b"iCCP", f"{outside}\0\0x"),
        )
    ):
        paths[number].write_bytes(png_with(kind, text.encode("latin-1")))
    named = inside / "pictures" / 'http:&#47;&#47;127.0.0.1 <img src="x">.png'
    named.write_bytes(png_with(b"tEXt", b"name"))
    with DrivenProgram(inside, around.service.url, [*paths, named], environ=_environ(inside, around)) as program:
        program.wait_for("checked")
        program.close()
    stops.append(program.longest_stop_ms)
    asked = [one.kind for one in around.service.arrivals if one.kind != "balance"]
    asked += [one.path for server in around.others() for one in server.arrivals]
    strangers = _strangers(inside, {around.service.port})
    yield Figure("origins", "requests caused by staging 21 local files", told(asked), "0", not asked)
    yield Figure("origins", "other addresses asked for meanwhile", told(strangers), "0", not strangers)


def _sending(folder: Path, around: Around, stops: list[int]) -> Iterator[Figure]:
    """Every way in which an answer can point elsewhere, and a link whose preview is fetched from elsewhere."""
    inside, service, outside = folder / "sending", around.service, around.trap.url
    inside.mkdir()
    paths = make_batch(inside / "pictures", 12)
    service.clear()
    for number, status in enumerate((301, 302, 303, 307, 308), start=1):
        service.script(behaviours.redirect(f"{outside}/openapi/v2/image/upload", status), arrival=number)
    service.script(behaviours.redirect("//127.0.0.1:1/x", 307), arrival=6)
    service.script(behaviours.succeed(img_url=f"{outside}/picture.png"))
    link = f"{around.pages.url}/picture.png"
    with DrivenProgram(inside, service.url, [*paths, link], environ=_environ(inside, around)) as program:
        program.wait_for("checked")
        program.tell("go")
        program.wait_for("settled")
        program.tell("history")
        program.wait_for("history")
        program.close()
    stops.append(program.longest_stop_ms)
    with_key = [f"{one.method} {one.path}" for server in around.others() for one in server.arrivals if _has_key(one)]
    followed = [one.path for server in (around.trap, around.proxy) for one in server.arrivals]
    strangers = _strangers(inside, {service.port, around.pages.port})
    looked = len(around.pages.arrivals)
    yield Figure("origins", "requests with the key to any other origin", told(with_key), "0", not with_key)
    yield Figure("origins", "requests to where answers pointed, and to the proxy", told(followed), "0", not followed)
    yield Figure("origins", "other addresses asked for meanwhile", told(strangers), "0", not strangers)
    # Without this the figures above could be 0 because nothing was sent at all.
    sent = all(one.key == KEY for one in service.uploads) and len(service.uploads) == len(paths) + 1
    yield Figure(
        "origins", "uploads with the key; looks at the link", f"{sent}; {looked}", "True; 1", sent and looked == 1
    )


def _has_key(arrival: object) -> bool:
    return KEY in str(arrival)


def _strangers(folder: Path, ports: set[int]) -> list[str]:
    path = folder / "connections"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = re.compile(rf"127\.0\.0\.1'?, ({'|'.join(map(str, ports))})\b")
    return [line for line in lines if not known.search(line)]
