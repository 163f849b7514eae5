"""
Rate limits by name, counted in PostgreSQL so that all processes share them.

A count is part of the caller's transaction. A refusal that must count all the same (a wrong
password) is raised `keeping()`; one that cost us nothing need not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.errors import LimitReached
from chatrigo.models.account import RateLimit
from chatrigo.models.columns import now as this_moment


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` within `seconds`, from the first time on; `key` is the catalogue's sentence."""

    times: int
    seconds: int
    key: str = "errors.too_many"


LIMITS: dict[str, Limit] = {
    # Many people share one address behind a carrier's NAT: generous, but no flood.
    "sign-in by address": Limit(30, 10 * 60),
    "sign-in by e-mail": Limit(10, 10 * 60, "errors.too_many_tries"),
    "sign-up by address": Limit(10, 60 * 60),
    # Instead of the one by e-mail, where the browser is trusted: strangers can't lock it out.
    "sign-in by device": Limit(10, 10 * 60, "errors.too_many_tries"),
    "code mails by e-mail": Limit(6, 15 * 60, "errors.too_many_codes"),
    "code mails by address": Limit(40, 10 * 60, "errors.too_many_codes"),
    # Each code is good for five tries, so this bounds the guesses as well.
    "code mails by business": Limit(120, 60 * 60, "errors.too_many_codes"),
    "code answers by e-mail": Limit(20, 60 * 60, "errors.too_many_tries"),
    "code answers by address": Limit(60, 10 * 60, "errors.too_many_tries"),
    "app codes by account": Limit(10, 15 * 60, "errors.too_many_tries"),
    "passwords by account": Limit(10, 15 * 60, "errors.too_many_tries"),
    "passkeys by address": Limit(60, 10 * 60),
    "exports by business": Limit(30, 60 * 60),
    "invitations by business": Limit(60, 24 * 60 * 60, "team.too_many_invitations"),
    "invitations by e-mail": Limit(5, 24 * 60 * 60, "team.too_many_mails"),
    "web message by visitor": Limit(20, 10),
    "web conversation by address": Limit(60, 10 * 60),
    "import by business": Limit(60, 60 * 60, "sources.too_many_imports"),
    "model trials by business": Limit(20, 10 * 60, "model.too_many_trials"),
    "proofs by contact": Limit(5, 60 * 60),
    "api messages by key": Limit(600, 60),
    "attachment by visitor": Limit(10, 60),
}
LONGEST = timedelta(seconds=max(limit.seconds for limit in LIMITS.values()))

_COUNT = text(
    """
    INSERT INTO rate_limit AS kept (name, window_start, count) VALUES (:name, :now, 1)
    ON CONFLICT (name) DO UPDATE SET
        count = CASE WHEN kept.window_start > :oldest THEN kept.count + 1 ELSE 1 END,
        window_start = CASE WHEN kept.window_start > :oldest THEN kept.window_start ELSE :now END
    RETURNING count, window_start
    """
)


def check(session: Session, name: str, key: str, now: datetime | None = None) -> None:
    """
    Count one more `name` by `key`.

    Raises LimitReached, with the seconds until the next try, when there were too many. The key
    (an address, an e-mail) is stored hashed.
    """
    wait = seconds_over(session, name, key, now)
    if wait:
        raise LimitReached(LIMITS[name].key, retry_after=wait)


def seconds_over(session: Session, name: str, key: str, now: datetime | None = None) -> int:
    """Count one more; 0 if that is allowed, else how long there are too many."""
    limit = LIMITS[name]
    now = now or this_moment()
    window = timedelta(seconds=limit.seconds)
    count, start = session.execute(
        _COUNT,
        {"name": f"{name}:{security.digest(key)}", "now": now, "oldest": now - window},
    ).one()
    if count <= limit.times:
        return 0
    return max(1, round((start + window - now).total_seconds() + 0.5))


def forget_old(session: Session, now: datetime | None = None) -> None:
    """Remove counts whose window is over."""
    session.execute(
        delete(RateLimit).where(RateLimit.window_start < (now or this_moment()) - LONGEST)
    )
