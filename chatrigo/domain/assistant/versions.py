"""
The instructions as versions: one draft at most, one published, and all that ever were.

Customers meet the published version only. Editing makes a draft of it; publishing the draft
archives what was published before; rolling back publishes a copy of an old version at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session, aliased
from sqlmodel import col, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.assistant.instructions import (
    FIELDS,
    InstructionsRow,
    instructions_row,
    read,
)
from chatrigo.domain.fields import line_of, text_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.account import Account
from chatrigo.models.columns import now
from chatrigo.models.instructions import InstructionVersion

MAX_NOTE = 300
MAX_REASON = 500
LEAST_REASON = 5
WINDOW = 50


@dataclass(frozen=True, slots=True)
class VersionRow:
    """
    A line of the history. Moments are ISO 8601 in UTC, empty where there is none.

    `failures` of the owner's own tests were accepted for `reason` when it was published.
    """

    number: int
    state: str
    revision: int
    note: str
    from_number: int
    author: str
    created_at: str
    changed_by: str
    updated_at: str
    published_by: str
    published_at: str
    failures: int
    reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is edited now: the draft, or the published version if there is none (`number` 0)."""

    row: InstructionsRow
    draft: VersionRow | None
    published: VersionRow | None

    @property
    def revision(self) -> int:
        """What a save must name: the draft's revision, 0 while there is none."""
        return self.draft.revision if self.draft else 0


class ChangedByOther(Invalid):
    """Somebody saved the draft since it was read; `fields` are those in which the two differ."""

    def __init__(self, name: str, revision: int, fields: list[str]) -> None:
        super().__init__("versions.changed_by_other", name=name)
        self.revision = revision
        self.fields = fields


def get_desk(session: Session, actor: Actor) -> Desk:
    require(actor, "configure")
    draft, published = _in_state(session, actor, "draft"), _in_state(session, actor, "published")
    shown = draft or published or InstructionVersion(business_id=actor.business_id)
    rows = {row.state: row for row in _rows(session, actor, draft, published)}
    return Desk(instructions_row(shown), rows.get("draft"), rows.get("published"))


def list_versions(session: Session, actor: Actor) -> list[VersionRow]:
    """The newest first, at most WINDOW."""
    require(actor, "configure")
    query = _row_query().where(InstructionVersion.business_id == actor.business_id)
    newest = query.order_by(col(InstructionVersion.number).desc()).limit(WINDOW)
    return [_row(found) for found in session.execute(newest)]


def save_draft(session: Session, actor: Actor, wishes: Any, revision: Any) -> Desk:
    """
    Store the whole form as the draft, made from the published version if there is none.

    `revision` is that of the Desk the form was filled from. Raises ChangedByOther, and Invalid
    for what a form may not hold.
    """
    require(actor, "configure")
    fields = read(wishes)
    _one_at_a_time(session, actor)
    draft = _in_state(session, actor, "draft")
    if revision != (draft.revision if draft else 0):
        _refuse_overwriting(session, actor, draft, fields)
    if draft is None:
        draft = _new(session, actor, state="draft", fields=fields)
    else:
        draft.revision += 1
    _fill(draft, fields)
    draft.changed_by, draft.updated_at = actor.account_id, now()
    _told(session, actor)
    return get_desk(session, actor)


def discard_draft(session: Session, actor: Actor) -> Desk:
    """Give the draft up; the published version is what is edited again."""
    require(actor, "configure")
    _one_at_a_time(session, actor)
    draft = get_draft(session, actor)
    audit.note(session, actor, "instructions.discarded", f"v{draft.number}")
    session.delete(draft)
    _told(session, actor)
    return get_desk(session, actor)


def put_live(
    session: Session,
    actor: Actor,
    revision: Any,
    *,
    note: Any = "",
    reason: Any = "",
    failures: int = 0,
) -> VersionRow:
    """
    Let customers meet the draft. `chatrigo.domain.assistant.publishing` decides whether it may.

    Raises ChangedByOther if the draft is not the one that was looked at, Invalid for a missing
    reason where tests failed.
    """
    require(actor, "configure")
    _one_at_a_time(session, actor)
    draft = get_draft(session, actor)
    if revision != draft.revision:
        _refuse_overwriting(session, actor, draft, {})
    least = LEAST_REASON if failures else 0
    draft.reason = text_of(reason, "versions.reason", most=MAX_REASON, least=least)
    draft.note = line_of(note, "versions.note", most=MAX_NOTE) or draft.note
    draft.failures = failures
    newest = _next_number(session, actor) - 1
    draft.number = draft.number if draft.number == newest else newest + 1
    return _publish(session, actor, draft, "instructions.published")


def roll_back(session: Session, actor: Actor, number: Any, *, note: Any = "") -> VersionRow:
    """
    Publish a copy of an archived version, at once; a draft stays as it is.

    It was published before, so the tests are not asked. Raises NotFound for any other version.
    """
    require(actor, "configure")
    said = line_of(note, "versions.note", most=MAX_NOTE)
    _one_at_a_time(session, actor)
    old = _numbered(session, actor, number)
    if old.state != "archived":
        raise NotFound("versions.not_archived")
    copied = _new(session, actor, state="archived", fields={f: getattr(old, f) for f in FIELDS})
    copied.note, copied.from_number = said, old.number
    return _publish(session, actor, copied, "instructions.rolled_back")


def get_version(session: Session, actor: Actor, number: Any) -> InstructionVersion:
    """Raises NotFound."""
    require(actor, "configure")
    return _numbered(session, actor, number)


def told_by(session: Session, actor: Actor, version_id: Any = 0) -> InstructionVersion:
    """
    A version by its id; 0 is what customers meet, and before anything was said the defaults.

    Raises NotFound for another business's.
    """
    if version_id:
        return owned(session, actor, InstructionVersion, version_id)
    live = _in_state(session, actor, "published")
    return live or InstructionVersion(business_id=actor.business_id, number=0)


def _publish(session: Session, actor: Actor, version: InstructionVersion, act: str) -> VersionRow:
    live = _in_state(session, actor, "published")
    if live is not None:
        live.state = "archived"
        session.flush()
    version.state = "published"
    version.published_by, version.published_at = actor.account_id, now()
    session.flush()
    audit.note(
        session,
        actor,
        act,
        f"v{version.number}",
        before={"version": live.number} if live else {},
        after={
            "version": version.number,
            "failures": version.failures,
            "reason": version.reason,
            "from": version.from_number,
        },
    )
    _told(session, actor)
    return _rows(session, actor, version)[0]


def _refuse_overwriting(
    session: Session, actor: Actor, draft: InstructionVersion | None, mine: dict[str, Any]
) -> None:
    theirs = draft or told_by(session, actor)
    name = _name_of(session, theirs.changed_by if draft else theirs.published_by)
    differing = [field for field, value in mine.items() if getattr(theirs, field) != value]
    if mine and not differing:
        return
    raise ChangedByOther(name, draft.revision if draft else 0, differing)


def _new(
    session: Session, actor: Actor, *, state: str, fields: dict[str, Any]
) -> InstructionVersion:
    live = _in_state(session, actor, "published")
    version = InstructionVersion(
        business_id=actor.business_id,
        number=_next_number(session, actor),
        state=state,
        author_id=actor.account_id,
        changed_by=actor.account_id,
        from_number=live.number if live else None,
    )
    _fill(version, fields)
    session.add(version)
    session.flush()
    return version


def _fill(version: InstructionVersion, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(version, name, fields[name])


def get_draft(session: Session, actor: Actor) -> InstructionVersion:
    """Raises NotFound without one."""
    require(actor, "configure")
    draft = _in_state(session, actor, "draft")
    if draft is None:
        raise NotFound("versions.no_draft")
    return draft


def _in_state(session: Session, actor: Actor, state: str) -> InstructionVersion | None:
    query = select(InstructionVersion).where(
        InstructionVersion.business_id == actor.business_id, InstructionVersion.state == state
    )
    return session.execute(query).scalars().first()


def _numbered(session: Session, actor: Actor, number: Any) -> InstructionVersion:
    known = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31
    if not known:
        raise NotFound("versions.unknown")
    query = select(InstructionVersion).where(
        InstructionVersion.business_id == actor.business_id, InstructionVersion.number == number
    )
    found = session.execute(query).scalars().first()
    if found is None:
        raise NotFound("versions.unknown")
    return found


def _next_number(session: Session, actor: Actor) -> int:
    query = select(func.max(InstructionVersion.number)).where(
        InstructionVersion.business_id == actor.business_id
    )
    return (session.execute(query).scalar() or 0) + 1


def _one_at_a_time(session: Session, actor: Actor) -> None:
    """Two people who change the versions of one business take turns."""
    own_business(session, actor, lock=True)


def _told(session: Session, actor: Actor) -> None:
    session.flush()
    record(session, SettingsChanged(actor.business_id, "assistant"))


def _name_of(session: Session, account_id: int | None) -> str:
    query = select(Account.name, Account.email).where(col(Account.id) == account_id)
    found = session.execute(query).first()
    return (found.name or found.email) if found else ""


_AUTHOR, _EDITOR, _PUBLISHER = (aliased(Account) for _ in range(3))


def _row_query() -> Any:
    return (
        select(
            InstructionVersion,
            func.coalesce(func.nullif(_AUTHOR.name, ""), _AUTHOR.email, ""),
            func.coalesce(func.nullif(_EDITOR.name, ""), _EDITOR.email, ""),
            func.coalesce(func.nullif(_PUBLISHER.name, ""), _PUBLISHER.email, ""),
        )
        .outerjoin(_AUTHOR, col(_AUTHOR.id) == InstructionVersion.author_id)
        .outerjoin(_EDITOR, col(_EDITOR.id) == InstructionVersion.changed_by)
        .outerjoin(_PUBLISHER, col(_PUBLISHER.id) == InstructionVersion.published_by)
    )


def _rows(session: Session, actor: Actor, *versions: InstructionVersion | None) -> list[VersionRow]:
    ids = [version.id for version in versions if version is not None]
    query = _row_query().where(
        InstructionVersion.business_id == actor.business_id, col(InstructionVersion.id).in_(ids)
    )
    return [_row(found) for found in session.execute(query)]


def _row(found: Any) -> VersionRow:
    version, author, editor, publisher = found
    return VersionRow(
        number=version.number,
        state=version.state,
        revision=version.revision,
        note=version.note,
        from_number=version.from_number or 0,
        author=author,
        created_at=version.created_at.isoformat(),
        changed_by=editor,
        updated_at=version.updated_at.isoformat(),
        published_by=publisher,
        published_at=_iso(version.published_at),
        failures=version.failures,
        reason=version.reason,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
