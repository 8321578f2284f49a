"""A real Secret Service (gnome-keyring) on a private session bus, in a throw-away home."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.helpers.desktop_processes import Processes
from tests.helpers.waiting import wait_for

_SECRETS = "org.freedesktop.secrets"
_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class KeyringSession:
    """The password store of one test desktop. It can be locked, fall silent, be gone, and come back.

    Nothing of the user's own keyring is touched: bus, home and password are made up here.
    """

    def __init__(self, processes: Processes, environ: Mapping[str, str], bus_address: str) -> None:
        self._processes = processes
        self._environ = environ
        self._bus_address = bus_address
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Running and unlocked; the collection of an earlier start is there again."""
        # --unlock reads the password up to the end of stdin, and makes the login collection where there is none.
        self._daemon = self._processes.start(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"], self._environ, told=b"test"
        )
        wait_for(self._is_on_the_bus, "gnome-keyring to own its name")
        wait_for(lambda: not self._is_locked(), "the login collection to be unlocked")

    def stop(self) -> None:
        """From here on there is no password store: nothing on this bus can start one."""
        if self._daemon is not None:
            self._processes.end(self._daemon)
            self._daemon = None
            wait_for(lambda: not self._is_on_the_bus(), "gnome-keyring to be gone")

    def lock(self) -> None:
        with self._collection() as collection:
            collection.lock()
        wait_for(self._is_locked, "the login collection to be locked")

    def fall_silent(self) -> None:
        """It still owns its name and answers nobody, like one that waits for a password in a hidden window."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)

    def answer_again(self) -> None:
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Back to running and unlocked from any state."""
        self.stop()
        self.start()

    def password(self, service: str, username: str) -> str | None:
        """What is stored under these attributes, as another program of the same user would read it."""
        with self._collection() as collection:
            for item in collection.search_items({"service": service, "username": username}):
                return item.get_secret().decode()
        return None

    def store(self, service: str, username: str, password: str) -> None:
        """As the keyring package writes it, so that the program finds it."""
        attributes = {"service": service, "username": username, "application": "Python keyring library"}
        with self._collection() as collection:
            collection.create_item(f"Password for {username!r} on {service!r}", attributes, password.encode(), True)

    def forget_everything(self) -> None:
        with self._collection() as collection:
            for item in list(collection.get_all_items()):
                item.delete()

    @contextmanager
    def _collection(self) -> Iterator[secretstorage.Collection]:
        with closing(self._connect()) as connection:
            yield secretstorage.get_default_collection(connection)

    def _is_locked(self) -> bool:
        with self._collection() as collection:
            return bool(collection.is_locked())

    def _is_on_the_bus(self) -> bool:
        with closing(self._connect()) as connection:
            call = new_method_call(_BUS, "NameHasOwner", "s", (_SECRETS,))
            return bool(connection.send_and_get_reply(call).body[0])

    def _connect(self) -> DBusConnection:
        return open_dbus_connection(self._bus_address)
