"""Both passes over real pictures, with the thumbnail put aside; links looked at or left alone."""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pixverse_gui.core.checking import CheckOptions, SourceChecker
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat, Inspection, IssueCode, Source, SourceKind
from pixverse_gui.core.thumbnail_cache import ThumbnailCache
from tests.helpers import pictures
from tests.helpers.certificates import Authority
from tests.helpers.scripted_server import ScriptedServer

LIMITS = Limits()


def png(side: int = 40) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (side, side), "red").save(buffer, "PNG")
    return buffer.getvalue()


def file(path: Path) -> Source:
    return Source(SourceKind.FILE, str(path), path.name)


def link(address: str) -> Source:
    return Source(SourceKind.LINK, address, address)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ThumbnailCache]:
    made = ThumbnailCache(tmp_path / "thumbnails.sqlite", LIMITS)
    yield made
    made.close()


def checker(cache: ThumbnailCache, options: CheckOptions | None = None) -> SourceChecker:
    return SourceChecker(LIMITS, cache, lambda: options or CheckOptions(), HeavyImports())


def codes(found: Inspection) -> list[IssueCode]:
    return [issue.code for issue in found.issues]


def test_the_first_pass_knows_sides_and_decodes_nothing(tmp_path: Path, cache: ThumbnailCache) -> None:
    whole, cut = tmp_path / "whole.png", tmp_path / "cut.png"
    whole.write_bytes(png())
    cut.write_bytes(png()[:-20])
    found = checker(cache).read_headers([file(whole), file(cut)])
    assert [(one.facts.width, one.facts.sha256) for one in found if one.facts] == [(40, None), (40, None)]


def test_the_second_pass_finds_a_good_picture_and_keeps_its_thumbnail(tmp_path: Path, cache: ThumbnailCache) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png())
    found = checker(cache).inspect(file(path))
    assert found.is_sendable
    assert found.facts is not None
    assert found.facts.format is ImageFormat.PNG
    assert found.facts.sha256 is not None
    assert cache.get(found.facts.sha256) == found.thumbnail
    assert found.thumbnail


def test_a_picture_that_cannot_be_sent_has_its_blocker_and_no_thumbnail(tmp_path: Path, cache: ThumbnailCache) -> None:
    text = tmp_path / "notes.png"
    text.write_text("no picture at all")
    found = checker(cache).inspect(file(text))
    assert not found.is_sendable
    assert codes(checker(cache).inspect(file(tmp_path / "gone.png"))) == [IssueCode.FILE_MISSING]


def test_a_link_that_nobody_may_look_at_is_sendable_and_not_fetched(cache: ThumbnailCache) -> None:
    found = checker(cache, CheckOptions(look_at_links=False)).inspect(link("https://example.com/a.png"))
    assert found == Inspection(facts=None)


@pytest.mark.parametrize("address", ["http://192.168.0.1/a.png", "ftp://example.com/a.png", "http://127.0.0.1/a.png"])
def test_a_link_that_is_not_public_is_refused_without_looking(cache: ThumbnailCache, address: str) -> None:
    found = checker(cache, CheckOptions(look_at_links=False)).inspect(link(address))
    assert codes(found) == [IssueCode.LINK_NOT_PUBLIC]
    assert not found.is_sendable


def test_a_link_is_looked_at_and_its_thumbnail_kept(cache: ThumbnailCache) -> None:
    options = CheckOptions(allow_loopback=True)
    with ScriptedServer(pages={"/a.png": ("image/png", png(12))}) as server:
        found = checker(cache, options).inspect(link(f"{server.url}/a.png"))
    assert found.facts is not None
    assert (found.facts.width, codes(found)) == (12, [])
    assert found.facts.sha256 is not None
    assert cache.get(found.facts.sha256) == found.thumbnail


def test_several_workers_share_one_inspector(tmp_path: Path, cache: ThumbnailCache) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png())
    made, found = checker(cache), list[Inspection]()
    workers = [threading.Thread(target=lambda: found.append(made.inspect(file(path)))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 4
    assert len({one.facts for one in found}) == 1


@pytest.mark.parametrize("look_at_links", [True, False])
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://[bad/x.png", "host"),
        ("https://example.com/a b.png", "characters"),
        ("https://example.com/caf\udce9.png", "characters"),
        ("https://user:word@example.com:x/a.png", "credentials"),
        ("ftp://example.com/x.png", "scheme"),
        ("file://server/share/x.png", "scheme"),
        ("data:image/png;base64,AA==", "scheme"),
        (" https://example.com/a.png", "scheme"),
    ],
)
def test_a_link_that_is_none_is_blocked_whatever_it_is(
    address: str, reason: str, look_at_links: bool, cache: ThumbnailCache
) -> None:
    found = checker(cache, CheckOptions(look_at_links=look_at_links)).inspect(link(address))
    assert [(issue.code, issue.params) for issue in found.issues] == [(IssueCode.LINK_NOT_PUBLIC, {"reason": reason})]


def test_at_a_glance_the_first_pass_brings_what_a_camera_put_inside(tmp_path: Path, cache: ThumbnailCache) -> None:
    camera, plain = tmp_path / "camera.jpg", tmp_path / "plain.png"
    camera.write_bytes(pictures.jpeg((1_600, 1_200), exif=pictures.exif(thumbnail=pictures.jpeg((160, 120)))))
    plain.write_bytes(png())
    found = checker(cache).read_headers([file(camera), file(plain)], glance=True)
    assert [one.glance is not None for one in found] == [True, False]
    assert [one.glance for one in checker(cache).read_headers([file(camera)])] == [None]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere truststore asks the system")
def test_the_authorities_are_read_once_for_all_links(
    tmp_path: Path, cache: ThumbnailCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[ssl.SSLContext] = []
    read = ssl.SSLContext.load_default_certs
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda context: reads.append(context) or read(context))
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    looking = checker(cache, CheckOptions(allow_loopback=True))
    with ScriptedServer(tls=authority.server_context(), pages={"/a.png": ("image/png", png(12))}) as server:
        found = [looking.inspect(link(f"{server.url}/a.png")) for _ in range(3)]
    assert [codes(one) for one in found] == [[], [], []]
    assert len(reads) == 1
