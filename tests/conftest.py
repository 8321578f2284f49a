"""What every test gets: a home of its own, no key and no proxy from outside, and a guard on the log."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.helpers.log_guard import log_guard  # noqa: F401 - a fixture for every test

# Before anything imports Qt: windows of the gui tests are drawn into memory.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples in every run, none kept, and no deadline: nothing here asserts a time.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

_FROM_OUTSIDE = (
    "PIXVERSE_API_KEY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSLKEYLOGFILE",
    "NETRC",
)


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person who runs the tests is read or written: settings, caches, keyring, proxies."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("LC_ALL", "C.UTF-8")
        for name, folder in (
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ):
            (home / folder).mkdir(mode=0o700)
            patch.setenv(name, str(home / folder))
        for name in _FROM_OUTSIDE:
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield
