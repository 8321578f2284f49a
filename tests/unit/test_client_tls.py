"""The client over TLS and through proxies, against real servers with certificates of the tests' own."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import truststore

from pixverse_gui.core import errors
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import ImagePayload, PixVerseClient, system_proxies
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat, UploadResult
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.system_trust import SystemTrust
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.certificates import Authority
from tests.helpers.loopback_server import LoopbackServer, Wire
from tests.helpers.scripted_server import FIRST_ID, ScriptedServer

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the system's own store cannot be swapped for one test"
)

KEY = "sk-canary0123456789abcdef0123456789"
LIMITS = Limits(connect_timeout_s=5, stall_timeout_s=5, answer_timeout_s=5, balance_timeout_s=5)
PICTURE = ImagePayload(bytes(1_500_000), ImageFormat.WEBP)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the authority were in the system's store."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def server(authority: Authority) -> Iterator[ScriptedServer]:
    with ScriptedServer(tls=authority.server_context()) as server:
        yield server


@pytest.fixture
def client_for() -> Iterator[Callable[..., PixVerseClient]]:
    made: list[PixVerseClient] = []

    def make(url: str, limits: Limits = LIMITS, **options: Any) -> PixVerseClient:
        made.append(PixVerseClient(url, Secret(KEY), limits, **options))
        return made[-1]

    yield make
    for client in made:
        client.close()


def upload(client: PixVerseClient, control: AttemptControl | None = None) -> UploadResult:
    return client.upload_image(PICTURE, str(uuid.uuid4()), control or AttemptControl(LIMITS))


@pytest.mark.usefixtures("trusted")
def test_a_certificate_the_system_trusts_is_accepted_and_the_connection_kept(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    client = client_for(server.url)
    assert [upload(client).img_id for _ in range(3)] == [str(FIRST_ID + n) for n in range(3)]
    assert server.connections == 1


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    with pytest.raises(errors.CertificateRefusedError) as caught:
        upload(client_for(server.url))
    assert caught.value.params == {"host": f"localhost:{server.port}"}
    assert not caught.value.maybe_stored
    assert server.arrivals == []


@pytest.mark.usefixtures("trusted")
def test_the_authorities_are_read_once_for_all_connections(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[ssl.SSLContext] = []
    read = ssl.SSLContext.load_default_certs
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda context: reads.append(context) or read(context))
    client = client_for(server.url)
    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(lambda _: upload(client).img_id, range(12)))
    assert len(ids) == 12
    assert server.connections > 1
    assert len(reads) == 1


def test_an_authority_that_was_missing_is_trusted_once_it_was_added(
    server: ScriptedServer,
    client_for: Callable[..., PixVerseClient],
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(Authority(tmp_path, "Another authority").file.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    client = client_for(server.url)
    with pytest.raises(errors.CertificateRefusedError):
        upload(client)
    bundle.write_bytes(bundle.read_bytes() + authority.file.read_bytes())
    assert upload(client).img_id == str(FIRST_ID)


def test_an_authority_that_was_taken_out_is_not_trusted_any_more(
    server: ScriptedServer, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    another = Authority(tmp_path, "Another authority").file.read_bytes()
    bundle.write_bytes(another + authority.file.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = SystemTrust().context()

    def shake_hands() -> str | None:
        with (
            socket.create_connection(("localhost", server.port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            return secure.version()

    assert shake_hands()
    bundle.write_bytes(another)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands()


@pytest.mark.usefixtures("trusted")
def test_nobody_sets_up_the_context_that_others_shake_hands_with(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    set_alpn_protocols = ssl.SSLContext.set_alpn_protocols

    def counted(context: ssl.SSLContext, protocols: Iterable[str]) -> None:
        calls.append(protocols)
        set_alpn_protocols(context, protocols)

    monkeypatch.setattr(ssl.SSLContext, "set_alpn_protocols", counted)
    client = client_for(server.url)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: upload(client).img_id, range(8)))) == 8
    assert server.connections > 1
    assert calls == [["http/1.1"]]


def test_where_there_is_no_file_of_authorities_truststore_finds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    assert type(SystemTrust().context()) is truststore.SSLContext


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(
    authority: Authority, client_for: Callable[..., PixVerseClient]
) -> None:
    with ScriptedServer(tls=authority.server_context("other.example")) as server:
        with pytest.raises(errors.CertificateRefusedError):
            upload(client_for(server.url))
        assert server.arrivals == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_variable_of_other_programs_makes_an_authority_trusted(
    server: ScriptedServer,
    client_for: Callable[..., PixVerseClient],
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, str(authority.file))
    with pytest.raises(errors.CertificateRefusedError):
        upload(client_for(server.url))


def test_the_secrets_of_a_connection_are_never_written_to_a_file(
    server: ScriptedServer, authority: Authority, tmp_path: Path
) -> None:
    """In a process of its own: OpenSSL and urllib3 may look at the variable at any moment."""
    code = f"""
import uuid
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import PixVerseClient
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.secret import Secret
client = PixVerseClient({server.url!r}, Secret({KEY!r}), Limits())
print(client.balance(str(uuid.uuid4()), AttemptControl(Limits())).account_id)
client.close()
"""
    log = tmp_path / "secrets"
    environment = {**os.environ, "SSLKEYLOGFILE": str(log), "SSL_CERT_FILE": str(authority.file)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "123452341"
    assert not log.exists()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("behaviour", [behaviours.stall(1000), behaviours.silent()])
def test_a_tls_connection_can_be_shut_down_from_another_thread(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], behaviour: Behaviour
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server.script(behaviour)
    patient = Limits(connect_timeout_s=600, stall_timeout_s=600, answer_timeout_s=600)
    control = AttemptControl(patient)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(upload, client_for(server.url, patient), control)
        server.wait_for(1)
        control.cancel()
        assert isinstance(future.exception(20), errors.UploadCancelled)


class MuteServer(LoopbackServer):
    """Takes connections and never says anything."""

    def serve_one(self, wire: Wire) -> bool:
        self.stopping.wait()
        return False


@pytest.mark.parametrize("how", ["cancel", "deadline"])
def test_a_handshake_that_is_never_answered_ends(client_for: Callable[..., PixVerseClient], how: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    limits = Limits(connect_timeout_s=0.3 if how == "deadline" else 600)
    control = AttemptControl(limits)
    with MuteServer() as server, ThreadPoolExecutor(1) as pool:
        future = pool.submit(upload, client_for(f"https://127.0.0.1:{server.port}", limits), control)
        if how == "cancel":
            server.wait_for_connection()
            control.cancel()
        error = future.exception(20)
    assert isinstance(error, errors.UploadCancelled if how == "cancel" else errors.UnreachableError)


@pytest.mark.parametrize(
    "answer", [behaviours.raw("HTTP/1.1 400 Bad Request\r\n\r\n"), behaviours.raw(""), behaviours.raw("\x15\x03")]
)
def test_a_port_that_speaks_no_tls_is_unreachable(client_for: Callable[..., PixVerseClient], answer: Behaviour) -> None:
    class Nonsense(LoopbackServer):
        def serve_one(self, wire: Wire) -> bool:
            wire.read_some(100)
            wire.sock.sendall(answer.raw or b"")
            return False

    with Nonsense() as server, pytest.raises(errors.UnreachableError) as caught:
        upload(client_for(f"https://localhost:{server.port}"))
    assert caught.value.params == {"reason": "network"}


# --- what cannot be reached ---


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_refused_connection_is_unreachable(client_for: Callable[..., PixVerseClient]) -> None:
    control = AttemptControl(LIMITS)
    with pytest.raises(errors.UnreachableError) as caught:
        upload(client_for(f"http://127.0.0.1:{unused_port()}"), control)
    assert caught.value.params == {"reason": "refused"}
    assert control.bytes_handed == 0


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 63 + "." + "b" * 63 + ".invalid"])
def test_a_name_that_cannot_be_found_is_unreachable(client_for: Callable[..., PixVerseClient], host: str) -> None:
    with pytest.raises(errors.UnreachableError) as caught:
        upload(client_for(f"https://{host}", proxies={}))
    assert caught.value.params == {"reason": "name"}


# --- proxies ---


@pytest.fixture
def proxy() -> Iterator[ScriptedServer]:
    with ScriptedServer() as proxy:
        yield proxy


@pytest.mark.usefixtures("trusted")
def test_a_proxy_passes_the_bytes_on_and_never_sees_the_key(
    server: ScriptedServer, proxy: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    proxy.script(behaviours.let_through(), kind="connect")
    assert upload(client_for(server.url, proxies={"https": proxy.url})).img_id == str(FIRST_ID)
    (arrival,) = proxy.arrivals
    assert arrival.method == "CONNECT"
    assert KEY not in repr(arrival)
    assert server.uploads[0].key == KEY


@pytest.mark.usefixtures("trusted")
def test_a_proxy_that_speaks_tls_itself_passes_the_bytes_on(
    server: ScriptedServer, authority: Authority, client_for: Callable[..., PixVerseClient]
) -> None:
    with ScriptedServer(tls=authority.server_context()) as proxy:
        proxy.script(behaviours.let_through(), kind="connect")
        assert upload(client_for(server.url, proxies={"https": proxy.url})).img_id == str(FIRST_ID)
        assert KEY not in repr(proxy.arrivals)


@pytest.mark.usefixtures("trusted")
def test_a_proxy_gets_its_login_and_the_service_does_not(
    server: ScriptedServer, proxy: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    proxy.script(behaviours.let_through(), kind="connect")
    address = proxy.url.replace("http://", "http://me:s%40cret@")
    assert upload(client_for(server.url, proxies={"https": address})).img_id
    assert proxy.arrivals[0].headers["proxy-authorization"] == "Basic bWU6c0BjcmV0"
    assert KEY not in repr(proxy.arrivals)
    assert "proxy-authorization" not in server.uploads[0].headers


def test_the_login_of_a_dead_proxy_is_in_no_error(client_for: Callable[..., PixVerseClient]) -> None:
    address = f"http://me:s%40cret@127.0.0.1:{unused_port()}"
    with pytest.raises(errors.UnreachableError) as caught:
        upload(client_for("https://service.invalid", proxies={"https": address}))
    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value.record())
    assert not re.search("s%40cret|s@cret|bWU6c0BjcmV0", said)


def test_a_bad_certificate_behind_a_proxy_is_still_refused(
    authority: Authority, proxy: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    proxy.script(behaviours.let_through(), kind="connect")
    tls = authority.server_context("other.example")
    with ScriptedServer(tls=tls) as server, pytest.raises(errors.CertificateRefusedError):
        upload(client_for(server.url, proxies={"https": proxy.url}))


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (behaviours.answer("no", 403), errors.UnreachableError),
        (behaviours.answer("no", 502), errors.UnreachableError),
        (behaviours.raw(""), errors.UnreachableError),
        (behaviours.raw("nonsense\r\n\r\n"), errors.UnreachableError),
        (behaviours.html(407), errors.AccountRefusedError),
    ],
)
def test_a_proxy_that_refuses_is_told_apart_from_one_that_wants_a_login(
    proxy: ScriptedServer, client_for: Callable[..., PixVerseClient], behaviour: Behaviour, kind: type[errors.ApiError]
) -> None:
    proxy.script(behaviour, kind="connect")
    with pytest.raises(kind) as caught:
        upload(client_for("https://service.invalid", proxies={"https": proxy.url}))
    assert caught.value.params == {"reason": "proxy"}
    assert KEY not in repr(proxy.arrivals)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}", "socks5://127.0.0.1:{port}", "http://no-such-proxy.invalid"]
)
def test_a_proxy_that_cannot_be_used_is_named_as_the_reason(
    client_for: Callable[..., PixVerseClient], address: str
) -> None:
    proxies = {"https": address.format(port=unused_port())}
    with pytest.raises(errors.UnreachableError) as caught:
        upload(client_for("https://service.invalid", proxies=proxies))
    assert caught.value.params == {"reason": "proxy"}


def test_a_proxy_that_never_answers_is_given_up(client_for: Callable[..., PixVerseClient]) -> None:
    limits = Limits(connect_timeout_s=0.3)
    with MuteServer() as mute, pytest.raises(errors.UnreachableError):
        upload(client_for("https://service.invalid", limits, proxies={"https": f"http://127.0.0.1:{mute.port}"}))


def test_over_plain_http_no_proxy_ever_reads_the_key(
    proxy: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    with ScriptedServer() as server:
        upload(client_for(server.url, proxies={"http": proxy.url, "https": proxy.url, "all": proxy.url}))
    assert proxy.connections == 0


def test_the_proxies_of_the_system_are_taken_unless_it_excepts_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:8080")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert system_proxies("https://app-api.pixverse.ai")["https"] == "http://127.0.0.1:8080"
    assert system_proxies("https://inside.example") == {}
