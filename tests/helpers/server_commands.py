"""How a scripted server in a process of its own is told what to do: JSON over its own port.

- `POST /_script {"do": "moderation", "with": {}, "arrival": 7}` adds a rule (see `behaviours.NAMES` and `Rule`)
- `POST /_page {"path": "/a.png", "type": "image/png", "file": "/tmp/a.png"}` serves a file
- `POST /_clear` forgets rules and records, `POST /_release` lets everything that stalls go on
- `GET /_arrivals`, `GET /_stored`, `GET /_state` tell what came
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.helpers.behaviours import by_name

if TYPE_CHECKING:
    from tests.helpers.scripted_server import ScriptedServer


def administer(server: ScriptedServer, command: str, order: dict[str, Any]) -> Any:
    """Carry out one command; what it has to tell."""
    match command:
        case "POST /_script":
            server.script(by_name(order.pop("do"), order.pop("with", {})), **order)
        case "POST /_page":
            server.pages[order["path"]] = order["type"], Path(order["file"]).read_bytes()
        case "POST /_clear":
            server.clear()
        case "POST /_release":
            server.release()
        case "GET /_arrivals":
            return [arrival.as_json() for arrival in list(server.arrivals)]
        case "GET /_stored":
            return [{"img_id": one.img_id, "sha256": one.sha256, "link": one.link} for one in list(server.stored)]
        case "GET /_state":
            return {"connections": server.connections, "most_at_once": server.most_at_once}
        case _:
            raise ValueError(f"unknown command: {command}")
    return {}
