"""A server whose every fifth answer, on average, is a fault, drawn from a seed and the number of the request."""

from __future__ import annotations

import random

from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.scripted_request import Arrival
from tests.helpers.scripted_server import ScriptedServer

FAULTS: tuple[Behaviour, ...] = (
    behaviours.reset("before"),
    behaviours.reset("during"),
    behaviours.reset("after"),
    behaviours.reset("stored"),
    behaviours.busy(429, "0"),
    behaviours.busy(503, "nonsense"),
    behaviours.html(502),
    behaviours.answer("", status=504),
    behaviours.cut(12),
    behaviours.huge(),
    behaviours.zipped(1 << 12),
    behaviours.api_error(500041),
    behaviours.api_error(99999),
    behaviours.succeed(img_id="no number"),
    behaviours.raw("HTTP/1.1 2\xb20 \r\n\r\n"),
    behaviours.hanging_up(Behaviour()),
    behaviours.delayed(0.2),
    behaviours.drip(40, 0.01),
)


class FaultyServer(ScriptedServer):
    """`share`: how many of the uploads meet a fault, 0..1."""

    def __init__(self, seed: int, share: float = 0.2, *, keys: set[str]) -> None:
        super().__init__(keys=keys)
        self._seed, self._share = seed, share

    def _rule_for(self, arrival: Arrival, size: int | None, *, body_known: bool) -> Behaviour | None:
        if arrival.kind != "upload":
            return super()._rule_for(arrival, size, body_known=body_known)
        dice = random.Random(self._seed * 1_000_003 + arrival.number)
        return dice.choice(FAULTS) if dice.random() < self._share else None
