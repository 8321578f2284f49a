"""All problems of the list in one line, grouped: "2 need attention: 1 is too large · 1 cannot be opened"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pixverse_gui.background.working_list import needs_attention
from pixverse_gui.core.models import IssueCode, Upload, UploadState
from pixverse_gui.ui import messages

_TOO_LARGE = {IssueCode.TOO_MANY_BYTES, IssueCode.TOO_MANY_PIXELS}
_UNREADABLE = {IssueCode.FILE_MISSING, IssueCode.NO_PERMISSION, IssueCode.NOT_A_FILE}


def attention_summary(uploads: Iterable[Upload], reused: int) -> str:
    """Empty where there is nothing to say."""
    groups = Counter(_group(upload) for upload in uploads if needs_attention(upload))
    total = groups.total()
    said = [messages.problem_group(name, groups[name]) for name in messages.PROBLEM_GROUPS if groups[name]]
    parts = [f"{messages.attention_line(total)}: {' · '.join(said)}"] if total else []
    parts += [messages.reused_line(reused)] if reused else []
    return " · ".join(parts)


def _group(upload: Upload) -> str:
    if upload.state is not UploadState.BLOCKED:
        return "warning"
    codes = {issue.code for issue in upload.issues if issue.is_blocker}
    if codes & _TOO_LARGE:
        return "large"
    if IssueCode.LINK_NOT_PUBLIC in codes:
        return "link"
    return "unreadable" if codes & _UNREADABLE else "not_opened"
