"""What the service itself would say to a request, and how an answer looks on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.helpers.behaviours import Behaviour, answer, answer_json, api_error
from tests.helpers.scripted_request import Arrival

UPLOAD_PATH = "/openapi/v2/image/upload"
BALANCE_PATH = "/openapi/v2/account/balance"
IMAGE_TYPES = {"image/png", "image/jpeg", "image/jpg", "image/webp"}

Page = tuple[str, bytes] | Behaviour
"""Content type and bytes, or anything else to answer with."""


def kind_of(method: str, path: str) -> str:
    """upload, balance, connect (to a proxy) or page."""
    if method == "CONNECT":
        return "connect"
    return {("POST", UPLOAD_PATH): "upload", ("GET", BALANCE_PATH): "balance"}.get((method, path), "page")


def usual_answer(
    arrival: Arrival, keys: set[str] | None, pages: Mapping[str, Page], balance: dict[str, int], used: set[str]
) -> Behaviour:
    """The default for an upload that is in order, and a refusal of what is not. `used`: trace ids seen before."""
    if arrival.kind == "connect":
        return answer("no", status=403)
    if arrival.kind == "page":
        page = pages.get(arrival.path, answer("no such page", status=404))
        return page if isinstance(page, Behaviour) else answer(page[1], type=page[0])
    if not arrival.key or (keys is not None and arrival.key not in keys):
        return api_error(10005, "API-KEY is not registered")
    if not arrival.trace_id or arrival.trace_id in used:
        return api_error(400011, "Ai-trace-id is missing or was used before")
    if arrival.kind == "balance":
        return answer_json({"ErrCode": 0, "ErrMsg": "success", "Resp": balance})
    return _to_parts(arrival)


def answer_bytes(behaviour: Behaviour, stored_id: str | None) -> bytes:
    """The whole answer, head and body."""
    if behaviour.raw is not None:
        return behaviour.raw
    body, headers = behaviour.body, dict(behaviour.headers)
    if body is None:
        identity = int(stored_id or "0")
        link = f"https://media.pixverse.invalid/openapi/{identity}_auto.jpg"
        fields: dict[str, Any] = {"img_id": identity, "img_url": link, **behaviour.fields}
        body = json.dumps({"ErrCode": 0, "ErrMsg": "Success", "Resp": fields}).encode()
        headers.setdefault("Content-Type", "application/json")
    if not behaviour.endless:
        headers["Content-Length"] = str(len(body))
    if behaviour.hang_up:
        headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {behaviour.status} {behaviour.reason}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _to_parts(arrival: Arrival) -> Behaviour:
    if len(arrival.parts) != 1 or arrival.parts[0].name not in {"image", "image_url"}:
        return api_error(400017, "exactly one of image and image_url")
    part = arrival.parts[0]
    if not part.size:
        return api_error(400011, "empty parameter")
    if part.name == "image" and part.type not in IMAGE_TYPES:
        return api_error(500032, "unsupported image format")
    return Behaviour()
