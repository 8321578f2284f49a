"""Sessions of the client: requests without redirects, cookies, environment and retries, over watched connections.

Part of `client`.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.request import getproxies

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.utils import should_bypass_proxies
from urllib3 import Retry

from pixverse_gui import __version__
from pixverse_gui.core.system_trust import SystemTrust
from pixverse_gui.core.watched_connection import Lane, pool_classes


class WatchedAdapter(HTTPAdapter):
    """requests over connections that can be shut down, with the system's certificates and no retries of its own.

    It hides nothing: urllib3 would send a request again by itself, under the same trace id.
    """

    def __init__(self, lane: Lane, trust: SystemTrust) -> None:
        self._lane, self._context = lane, trust.context()
        super().__init__(max_retries=Retry(total=0, connect=0, read=0, redirect=0, status=0, other=0))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by the base class while it is built."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._lane)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """The same for connections through a proxy."""
        manager = super().proxy_manager_for(
            proxy, ssl_context=self._context, proxy_ssl_context=self._context, **proxy_kwargs
        )
        manager.pool_classes_by_scheme = pool_classes(self._lane)
        return manager

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Leave verifying to the context: the base class would add a list of authorities of its own."""
        conn.cert_reqs = "CERT_REQUIRED"


def system_proxies(api_url: str) -> dict[str, str]:
    """The proxies that this computer's settings name for `api_url`; none for a host they except."""
    if should_bypass_proxies(api_url, no_proxy=None):
        return {}
    return getproxies()


class _PlainSession(requests.Session):
    def get_redirect_target(self, _: requests.Response) -> None:
        # Even without following it, requests would prepare the next request, key and all, and read the whole body.
        return None


def new_session(adapter: BaseAdapter) -> requests.Session:
    session = _PlainSession()
    session.trust_env = False
    session.headers.clear()
    session.headers.update(
        {"User-Agent": f"pixverse-gui/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
    )
    session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@dataclass(frozen=True, slots=True)
class Line:
    lane: Lane
    session: requests.Session

    def close(self) -> None:
        self.session.close()
