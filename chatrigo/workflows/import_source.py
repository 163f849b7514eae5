"""
Importing a source of knowledge: fetch or open it, have it read, put its pieces in place.

A run that is cut short begins again and writes its pieces once, in one transaction. Whoever
cancels, deletes or imports anew meanwhile makes the run unwanted: it notices at its next step, at
most LOOK_SECONDS later, and the process that reads is ended.
"""

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from dbos import DBOS

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.domain.knowledge import chats, importing
from chatrigo.domain.knowledge.importing import Job, Unwanted
from chatrigo.domain.knowledge.pieces import Piece, cut
from chatrigo.domain.knowledge.proposals import store_proposals
from chatrigo.domain.model.choice import models_of
from chatrigo.errors import ChatrigoError
from chatrigo.integrations import llm_turns, storage
from chatrigo.integrations.documents import process
from chatrigo.integrations.documents.found import Document, Turn, Unreadable
from chatrigo.integrations.fetch import Fetched, Fetcher, FetchRefused
from chatrigo.retrieval.search import lemmas_for
from chatrigo.workflows import asking, crawl

R = TypeVar("R")

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
GONE = (404, 410)
TELL_SECONDS = 0.4
AT_ONCE = 25

fetcher = Fetcher()


@DBOS.workflow(name="import_source")
async def import_source(business_id: int, source_id: int, run: int) -> None:
    """Read one source; whatever goes wrong is told on the source and nowhere else."""
    actor = system(business_id)
    try:
        job = await db.run(importing.begin, actor, source_id, run)
    except Unwanted:
        return
    try:
        await _while_wanted(actor, job, _import(actor, job))
    except Unwanted:
        return
    except Exception as error:
        await _tell(actor, job, error)


@DBOS.workflow(name="refresh_source")
async def refresh_source(business_id: int, source_id: int, wake: int) -> None:
    """The day has come to fetch a page again."""
    await db.run(importing.keep_appointment, system(business_id), source_id, wake)


@DBOS.workflow(name="forget_file")
async def forget_file(business_id: int, sha256: str) -> None:
    """Delete a file whose source was deleted, unless it is a source again."""
    if not await db.run(importing.is_file_wanted, system(business_id), sha256):
        await storage.forget(sha256, storage.room_of(business_id))


async def _while_wanted(actor: Actor, job: Job, work: Awaitable[R]) -> R:
    """Do the work, and stop it as soon as nobody wants it. Raises Unwanted."""
    doing = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({doing}, timeout=LOOK_SECONDS))[0]:
            await db.run(importing.go_on, actor, job.source_id, job.run)
    finally:
        if not doing.done():
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
    return doing.result()


async def _tell(actor: Actor, job: Job, error: Exception) -> None:
    key, values, gone = "sources.unexpected", {}, False
    if isinstance(error, ChatrigoError | Unreadable):
        key, values = error.key, error.values
        gone = isinstance(error, FetchRefused) and values.get("status") in GONE
    else:
        log.error("source %s could not be imported", job.source_id, exc_info=error)
    try:
        await db.run(importing.fail, actor, job, key, values, gone=gone)
    except Unwanted:
        return


async def _import(actor: Actor, job: Job) -> None:
    if job.kind == "whatsapp":
        return await _import_chat(actor, job)
    if job.kind == "sitemap":
        return await _import_site(actor, job)
    if job.kind == "page":
        return await _import_page(actor, job)
    document = await process.read(
        _file(actor, job), "file", name=job.address, heard=_Progress(actor, job).say
    )
    return await _store(actor, job, [(document, "")])


async def _import_page(actor: Actor, job: Job) -> None:
    page = await fetcher.get(job.address)
    (read,) = await _read_pages(actor, [page])
    if isinstance(read, Unreadable):
        raise read
    await _store(actor, job, [(read, "")])


async def _import_site(actor: Actor, job: Job) -> None:
    """Every page of the map that can be read; those that can not are counted."""
    progress = _Progress(actor, job)
    addresses = await crawl.pages_of(fetcher, job.address)
    await progress.say(0, len(addresses))
    found: list[tuple[Document, str]] = []
    failed = 0
    for at in range(0, len(addresses), crawl.AT_ONCE):
        batch = addresses[at : at + crawl.AT_ONCE]
        pages = [page for page in await crawl.fetch_all(fetcher, batch) if page]
        read = await _read_pages(actor, pages)
        found += [
            (document, page.url)
            for document, page in zip(read, pages, strict=True)
            if isinstance(document, Document)
        ]
        failed += len(batch) - sum(isinstance(document, Document) for document in read)
        await progress.say(at + len(batch), len(addresses))
    if not found:
        raise Unreadable("sources.site_empty")
    notice = "sources.some_pages" if failed else ""
    values = {"pages": failed, "total": len(addresses)} if failed else {}
    await _store(actor, job, found, notice, values)


async def _read_pages(actor: Actor, pages: Sequence[Fetched]) -> list[Document | Unreadable]:
    """Each page's text, read in the process for documents, from files that do not stay."""
    if not pages:
        return []
    with tempfile.TemporaryDirectory(prefix="chatrigo-pages-") as folder:
        paths = [Path(folder) / str(number) for number in range(len(pages))]
        for path, page in zip(paths, pages, strict=True):
            await asyncio.to_thread(path.write_bytes, page.body)
        return await process.read_all(paths, "page")


async def _store(
    actor: Actor,
    job: Job,
    found: Sequence[tuple[Document, str]],
    notice: str = "",
    values: Mapping[str, object] | None = None,
) -> None:
    pieces, digest = await asyncio.to_thread(_cut, job, found)
    if not pieces:
        raise Unreadable("sources.empty")
    if digest == job.digest:
        return await db.run(importing.leave_unchanged, actor, job)
    first = found[0][0]
    lemmas = await _lemmas(actor, job, pieces[: importing.MAX_PIECES])
    return await db.run(
        importing.store_pieces,
        actor,
        job,
        pieces,
        digest,
        lemmas=lemmas,
        format=first.format,
        title=first.title if job.kind == "page" else "",
        notice=notice or first.notice,
        notice_values=values or first.notice_values,
    )


async def _lemmas(actor: Actor, job: Job, pieces: Sequence[Piece]) -> dict[str, str]:
    """What each piece is found by, a few at a time: the server has others to serve."""
    progress, made = _Progress(actor, job, "indexing"), dict[str, str]()
    for at in range(0, len(pieces), AT_ONCE):
        await progress.say(at, len(pieces))
        made |= await asyncio.to_thread(_lemmas_of, pieces[at : at + AT_ONCE])
    return made


def _lemmas_of(pieces: Sequence[Piece]) -> dict[str, str]:
    return {piece.origin: lemmas_for(piece.title, piece.body) for piece in pieces}


def _cut(job: Job, found: Sequence[tuple[Document, str]]) -> tuple[list[Piece], str]:
    name = job.name.rpartition(".")[0] or job.name if job.kind == "file" else job.name
    pieces = [
        piece
        for document, place in found
        for piece in cut(document.blocks, document.title or name, within=place)
    ]
    said = "\0".join(piece.origin + piece.place for piece in pieces)
    return pieces, hashlib.sha256(said.encode()).hexdigest()


async def _import_chat(actor: Actor, job: Job) -> None:
    document = await process.read(_file(actor, job), "whatsapp", name=job.address)
    turns = document.turns
    people = chats.people_of(turns)
    shop = job.details.get("shop") if job.details.get("chosen") else ""
    if shop not in people:
        shop = chats.shop_of(turns, job.business_name, job.address)
    pairs = await _pairs(actor, job, turns, shop)
    customers = [who for who in people if who != shop]
    safe = [
        chats.Pair(
            chats.masked(pair.question, customers),
            chats.masked(pair.answer, customers),
            pair.origin,
        )
        for pair in pairs
    ]
    await db.run(
        store_proposals,
        actor,
        job,
        safe,
        {"people": people, "shop": shop},
        notice=document.notice,
        notice_values=document.notice_values,
    )


async def _pairs(actor: Actor, job: Job, turns: Sequence[Turn], shop: str) -> list[chats.Pair]:
    """By the model where there is one; a part on which it fails is left to the rule."""
    by_rule = await asyncio.to_thread(chats.pairs_of, turns, shop)
    if not (await db.run(models_of, actor)).any:
        return by_rule
    parts = list(chats.chunks(turns, shop))
    progress, found, failed = _Progress(actor, job), list[chats.Pair](), 0
    for number, part in enumerate(parts):
        await progress.say(number, len(parts))
        pairs = await _asked(actor, part)
        failed += pairs is None
        found += pairs or []
    return await asyncio.to_thread(chats.distinct, [*(by_rule if failed else []), *found])


async def _asked(actor: Actor, part: str) -> list[chats.Pair] | None:
    """What the model finds in one part of a chat; None if it does not answer, or not as asked."""
    turns = [llm_turns.Turn(role, text) for role, text in chats.prompt_for(part)]  # type: ignore[arg-type]
    try:
        written = await asking.say(actor, turns, purpose="proposals")
    except llm_turns.ModelFailed as failure:
        log.warning("The model failed (%s) on an exported chat", failure.reason)
        return None
    return chats.pairs_in(written, part)


def _file(actor: Actor, job: Job) -> Path:
    path = storage.path(job.sha256, storage.room_of(actor.business_id))
    if not path.exists():
        raise Unreadable("sources.file_missing")
    return path


class _Progress:
    """Tells the screens how far an import is, not more often than an eye can follow."""

    def __init__(self, actor: Actor, job: Job, state: str = "reading") -> None:
        self._actor, self._job, self._state = actor, job, state
        self._told = 0.0

    async def say(self, done: int, total: int) -> None:
        if time.monotonic() - self._told < TELL_SECONDS and done:
            return
        self._told = time.monotonic()
        job = self._job
        await db.run(importing.go_on, self._actor, job.source_id, job.run, done, total, self._state)
