"""Uploads that are done, as plain values, for tests of what shows and copies them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pixverse_gui.core.models import ImageFacts, ImageFormat, Source, SourceKind, Upload, UploadState

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST_ID = 302_325_299_692_608


def upload(
    key: int,
    *,
    state: UploadState = UploadState.DONE,
    label: str | None = None,
    finished_at: datetime | None = None,
    link: str | None = "",
    reused_from: int | None = None,
) -> Upload:
    """Row number `key`. `link` "" is one made from the key, None is none; only what is DONE has an id."""
    name = f"castle_{key:02}.png" if label is None else label
    is_done = state is UploadState.DONE
    made = f"https://media.pixverse.ai/openapi/{key:04}.png" if link == "" else link
    return Upload(
        key=key,
        batch=1,
        position=key,
        source=Source(SourceKind.FILE, f"/pictures/{name}", name),
        state=state,
        added_at=NOON,
        facts=ImageFacts(4_100_000, ImageFormat.PNG, 3840, 2160, 1, f"{key:064x}"),
        img_id=str(FIRST_ID + key) if is_done else None,
        img_url=made if is_done else None,
        finished_at=(finished_at or NOON - timedelta(minutes=key)) if is_done else None,
        reused_from=reused_from,
    )


def uploads(*keys: int) -> list[Upload]:
    return [upload(key) for key in keys]
