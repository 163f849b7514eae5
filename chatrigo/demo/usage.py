"""What the model took in the demo shop's last month: a shop that is busier at weekends."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.model.calls import Call, note_calls
from chatrigo.language_model import Model

DAYS = 30
# The name says that nobody was asked.
SHOWN = Model("contoh-model", input_rupiah=4_000, output_rupiah=16_000)
PURPOSES = ("answer",) * 12 + ("playground", "playground", "test")
FAILURES = ("timeout", "overloaded", "unreachable")


def store_usage(session: Session, actor: Actor, now: datetime) -> None:
    dice = random.Random(24)  # noqa: S311  (the same month at every seeding)
    calls: list[Call] = []
    for ago in range(DAYS):
        day = now - timedelta(days=ago, hours=1)
        busy = 9 if day.weekday() >= 5 else 5
        for _ in range(busy + dice.randrange(5)):
            at = day - timedelta(minutes=dice.randrange(600))
            call = Call(dice.choice(PURPOSES), SHOWN, begun_at=at)
            if dice.random() < 0.02:
                call.outcome, call.milliseconds = dice.choice(FAILURES), 20_000
                calls.append(call)
                call = Call(call.purpose, SHOWN, attempt=2, fallback=True, begun_at=at)
            call.outcome = "ok"
            call.input_tokens = 900 + dice.randrange(1_400)
            call.output_tokens = 30 + dice.randrange(120)
            call.first_token_milliseconds = 300 + dice.randrange(500)
            call.milliseconds = call.first_token_milliseconds + call.output_tokens * 12
            calls.append(call)
    note_calls(session, actor, calls)
