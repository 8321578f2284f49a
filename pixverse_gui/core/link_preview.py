"""A link  →  bytes for inspection, within strict limits.

A preview that fails is never a blocker: the service may reach what this computer cannot. What is sent later is the link
as it was given, never what was found here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pixverse_gui.core.image_checks import blocker, header_issues, warning
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.link_fetch import Fetched, FetchFailedError, LinkFetcher
from pixverse_gui.core.models import ImageFacts, Inspection, Issue, IssueCode, Source
from pixverse_gui.core.public_link import link_problem
from pixverse_gui.core.system_trust import SystemTrust

_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
# The service would refuse these as it refuses such a file; everything else it may see in another way than we did.
_CERTAIN = frozenset({IssueCode.TOO_MANY_PIXELS, IssueCode.TOO_MANY_BYTES})


def inspect_link(
    source: Source,
    limits: Limits,
    *,
    allow_loopback: bool,
    proxies: Mapping[str, str] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    inspector: Inspector | None = None,
    trust: SystemTrust | None = None,
) -> Inspection:
    """Fetch a picture and inspect it; on a worker thread. Never raises.

    Takes `limits.preview_timeout_s` at most, unless the system's name look-up takes longer. `allow_loopback`: links to
    this computer may be fetched, for an API on this computer. `inspector`: the one whose budget of decoded pixels
    counts here too. `trust`: one that has read the system's authorities before.
    """
    problem = link_problem(source.location, limits, allow_loopback=allow_loopback)
    if problem is not None:
        return Inspection(None, (blocker(IssueCode.LINK_NOT_PUBLIC, reason=problem),))
    fetcher = LinkFetcher(
        limits, allow_loopback=allow_loopback, proxies=proxies, is_cancelled=is_cancelled, trust=trust
    )
    try:
        fetched = fetcher.fetch(source.location)
    except FetchFailedError as error:
        return Inspection(None, (_failed(error.reason),))
    if fetched.is_page:
        return Inspection(None, (warning(IssueCode.LINK_IS_A_PAGE),))
    return _inspected(fetched, inspector or Inspector(limits))


def _failed(reason: str) -> Issue:
    return warning(IssueCode.PREVIEW_FAILED, reason=reason)


def _inspected(fetched: Fetched, inspector: Inspector) -> Inspection:
    header = read_image_header(fetched.data)
    untyped = warning(IssueCode.LINK_IS_UNTYPED, type=fetched.type)
    if header.format is None:
        is_unknown = fetched.type in _UNTYPED and bool(fetched.data)
        return Inspection(None, (untyped if is_unknown else _failed("not_an_image"),))
    notes = () if fetched.type.startswith("image/") else (untyped,)
    if not fetched.is_whole:
        facts = ImageFacts(fetched.byte_size, header.format, header.width, header.height)
        issues = header_issues(header, fetched.byte_size, "", inspector.limits)
        known = any(issue.code is IssueCode.TOO_MANY_BYTES for issue in issues)
        return Inspection(facts, (*issues, *notes, *(() if known else (_failed("too_large"),))))
    found = inspector.inspect_bytes(fetched.data)
    issues = [issue for issue in found.issues if not issue.is_blocker or issue.code in _CERTAIN]
    if any(issue.is_blocker and issue.code not in _CERTAIN for issue in found.issues):
        issues.append(_failed("not_an_image"))
    return Inspection(found.facts, (*issues, *notes), found.thumbnail)
