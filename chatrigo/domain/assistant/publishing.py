"""Whether the draft may be published: the owner's own tests have run over it, as it is now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, require
from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.testing import runs
from chatrigo.domain.assistant.testing.runs import RunRow
from chatrigo.domain.assistant.versions import VersionRow
from chatrigo.errors import Invalid


@dataclass(frozen=True, slots=True)
class Readiness:
    """
    empty     no tests: it may be published, and the owner is told what tests are for
    untested  the set must run first
    failing   `proof` has failures: publishing needs a reason
    proven    all is well
    """

    state: str
    cases: int
    proof: RunRow | None


def readiness(session: Session, actor: Actor) -> Readiness:
    """Of the draft. Raises NotFound without one."""
    require(actor, "configure")
    draft = versions.get_draft(session, actor)
    cases = runs.count_enabled(session, actor)
    if not cases:
        return Readiness("empty", 0, None)
    proof = runs.proof_of(session, actor, draft)
    if proof is None:
        return Readiness("untested", cases, None)
    return Readiness("failing" if proof.draft_failed else "proven", cases, proof)


def publish(
    session: Session, actor: Actor, revision: Any, *, note: Any = "", reason: Any = ""
) -> VersionRow:
    """
    Let customers meet the draft, from their next message on.

    Raises Invalid if the tests have not run over it as it is, or if some fail and there is no
    reason; ChangedByOther if somebody saved it meanwhile.
    """
    ready = readiness(session, actor)
    if ready.state == "untested":
        raise Invalid("versions.untested")
    failures = ready.proof.draft_failed if ready.proof else 0
    return versions.put_live(session, actor, revision, note=note, reason=reason, failures=failures)
