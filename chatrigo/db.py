"""
The database: one engine, and one way to use it.

Deciding is synchronous and happens in one transaction; talking is asynchronous and happens
outside one. Everything async reaches the domain through `run()`.

The process connects as whoever owns the tables and at once takes on the role `chatrigo_app`,
which owns nothing: row-level security applies to it, and a query that forgot its business
returns nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InternalError
from sqlalchemy.orm import Session

from chatrigo import duties, faults
from chatrigo.config import ROOT
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.errors import ChatrigoError, Forbidden
from chatrigo.events import hub, recorded

if TYPE_CHECKING:
    from alembic.config import Config

R = TypeVar("R")

log = logging.getLogger(__name__)

APP_ROLE = "chatrigo_app"
THREADS = 8
_SET_ACTOR = text(
    "SELECT set_config('chatrigo.business_id', :business, true),"
    " set_config('chatrigo.account_id', :account, true)"
)
_TAKE_POST = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
_READ_ONLY = text("SET TRANSACTION READ ONLY")

KIND_OF_VECTOR = (
    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
    " WHERE attrelid = 'knowledge_vector'::regclass AND attname = 'vector'"
)

_TO_HALF_VECTORS = (
    "ALTER TABLE knowledge_vector ALTER COLUMN vector TYPE halfvec USING vector::halfvec"
)
_INDEX_OF_VECTORS = (
    "CREATE INDEX knowledge_vector_nearest ON knowledge_vector"
    " USING hnsw ((vector::halfvec(384)) halfvec_cosine_ops) WHERE dimensions = 384"
)

_engine: Engine | None = None
_threads: ThreadPoolExecutor | None = None


def driver_url(url: str) -> str:
    """`postgresql://…` spelled so that SQLAlchemy takes psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(False)


def open_engine(url: str) -> Engine:
    """Connect the process to its database; once, at start."""
    global _engine, _threads
    close_engine()
    _engine = create_engine(
        driver_url(url), pool_size=THREADS, max_overflow=4, pool_recycle=1800, pool_timeout=10
    )
    event.listen(_engine, "connect", _take_role)
    _threads = ThreadPoolExecutor(THREADS, thread_name_prefix="db")
    return _engine


def close_engine() -> None:
    global _engine, _threads
    if _threads:
        _threads.shutdown(wait=True)
    if _engine:
        _engine.dispose()
    _engine = _threads = None


def migrate(url: str) -> None:
    """Bring our schema, and the one of DBOS, to the newest version; safe to repeat."""
    from alembic import command
    from dbos import DBOS

    config = _alembic()
    config.attributes["url"] = driver_url(url)
    command.upgrade(config, "head")
    _take_pgvector(url)
    DBOS.migrate(driver_url(url), application_role=APP_ROLE)


def _take_pgvector(url: str) -> None:
    """
    Let vectors be compared, if this PostgreSQL has pgvector 0.7 or newer and lets us use it.

    No migration, for an external server may be given the extension at any later time. Without
    it everything works, and search goes by words alone; `doctor` says so.
    """
    try:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('pgvector'))")
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            if connection.execute(KIND_OF_VECTOR).fetchone() == ("real[]",):
                connection.execute(_TO_HALF_VECTORS)
                connection.execute(_INDEX_OF_VECTORS)
    except psycopg.Error as error:
        log.info("search goes by words alone: no pgvector (%s)", type(error).__name__)


def revisions() -> list[str]:
    """The migrations that this code knows, the newest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_alembic())
    return [script.revision for script in scripts.walk_revisions()]


def _alembic() -> "Config":
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


@contextmanager
def transaction(actor: Actor) -> Iterator[Session]:
    """
    A session of the actor's business that commits when the block ends, rolls back when it
    raises (unless the refusal is `keeping()`), and tells the world of what was recorded only
    after the commit. Whoever looks at a business as our support can't write: Forbidden.
    """
    try:
        yield from _unit(actor)
    except InternalError as error:
        if isinstance(error.orig, psycopg.errors.ReadOnlySqlTransaction):
            raise Forbidden("errors.support_only_looks") from None
        raise


def _unit(actor: Actor) -> Iterator[Session]:
    assert _engine is not None, "the database is not open"
    refusal: ChatrigoError | None = None
    with Session(_engine, expire_on_commit=False, autoflush=True) as session:
        with session.begin():
            if actor.support_id:
                session.execute(_READ_ONLY)
            if actor != PUBLIC:  # unset is nobody, and shows no tenant row
                session.execute(_SET_ACTOR, _actor_settings(actor))
            try:
                yield session
            except ChatrigoError as error:
                if not error.keeps:
                    raise
                refusal = error
        _announce(session)
    if refusal:
        raise refusal


async def run(fn: Callable[..., R], actor: Actor, *args: Any, **kwargs: Any) -> R:
    """
    Run `fn(session, actor, ...)` as one transaction, off the event loop.

    The transaction ends as it must even if the caller is cancelled meanwhile.
    """
    loop = asyncio.get_running_loop()

    def unit() -> R:
        try:
            with transaction(actor) as session:
                session.info["loop"] = loop
                return fn(session, actor, *args, **kwargs)
        except ChatrigoError as refused:
            what = f"{fn.__module__}.{getattr(fn, '__name__', '')}"
            address = kwargs.get("address")
            faults.watch(
                refused,
                what,
                account=actor.account_id,
                business=actor.business_id,
                session=actor.session_id,
                address=address,
            )
            raise

    return await loop.run_in_executor(_threads, unit)


class Post:
    """
    A post that one process holds at a time, over all that share this database. It is lost with
    the connection, so whoever holds it asks again and again.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Take the post, or make sure that it is still ours. Blocks for a query."""
        assert _engine is not None, "the database is not open"
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT"))
                return True
            connection = _engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection = connection
            if connection.scalar(_TAKE_POST, {"name": self._name}):
                return True
        except DBAPIError:
            log.warning("The post %s was lost with its connection", self._name)
        self.leave()
        return False

    def leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # the lock goes with the connection
            connection.close()


def _actor_settings(actor: Actor) -> dict[str, str]:
    return {"business": str(actor.business_id), "account": str(actor.account_id or "")}


def _announce(session: Session) -> None:
    if session.info.get(duties.ENQUEUED):
        duties.wake()
    loop = session.info.get("loop")
    for fact in recorded(session):
        if loop is not None:
            loop.call_soon_threadsafe(hub.publish, fact)


def _take_role(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()
