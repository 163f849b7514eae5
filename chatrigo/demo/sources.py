"""The demo shop's sources: a guide, a page of its site, and a chat whose proposals wait."""

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.knowledge import chats, importing, proposals
from chatrigo.domain.knowledge.importing import Job
from chatrigo.domain.knowledge.pieces import cut
from chatrigo.integrations import storage
from chatrigo.integrations.documents.plain import blocks_of
from chatrigo.integrations.documents.whatsapp import turns_of
from chatrigo.models.source import KnowledgeSource

DOCUMENTS = Path(__file__).with_name("documents")
GUIDE = DOCUMENTS / "Panduan kelas seduh.md"
PAGE = DOCUMENTS / "halaman-titip-sangrai.md"
CHAT = DOCUMENTS / "Chat WhatsApp dengan Pelanggan.txt"
PAGE_ADDRESS = "https://kopisenandika.example/titip-sangrai"


def store_sources(session: Session, actor: Actor, shop_name: str) -> None:
    """As if they had been imported: nothing is fetched, and nothing waits for a workflow."""
    _pieces(session, actor, shop_name, "file", GUIDE, GUIDE.name)
    _pieces(session, actor, shop_name, "page", PAGE, PAGE_ADDRESS)
    _chat(session, actor, shop_name)


def _pieces(
    session: Session, actor: Actor, shop_name: str, kind: str, path: Path, address: str
) -> None:
    raw = path.read_bytes() if kind == "file" else b""
    job = _begun(session, actor, shop_name, kind, address, raw)
    text = path.read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ")
    pieces = list(cut(blocks_of(text, headings=True), title))
    format = "md" if kind == "file" else "html"
    importing.store_pieces(
        session, actor, job, pieces, hashlib.sha256(text.encode()).hexdigest(), format=format
    )


def _chat(session: Session, actor: Actor, shop_name: str) -> None:
    raw = CHAT.read_bytes()
    job = _begun(session, actor, shop_name, "whatsapp", CHAT.name, raw)
    turns = turns_of(raw.decode())
    people = chats.people_of(turns)
    shop = chats.shop_of(turns, shop_name, CHAT.name)
    customers = [who for who in people if who != shop]
    pairs = [
        chats.Pair(
            chats.masked(pair.question, customers),
            chats.masked(pair.answer, customers),
            pair.origin,
        )
        for pair in chats.pairs_of(turns, shop)
    ]
    details = {"people": people, "shop": shop}
    proposals.store_proposals(session, actor, job, pairs, details)


def _begun(
    session: Session, actor: Actor, shop_name: str, kind: str, address: str, raw: bytes
) -> Job:
    sha256 = storage.keep(raw, storage.room_of(actor.business_id)) if raw else ""
    source = KnowledgeSource(
        business_id=actor.business_id,
        kind=kind,
        name=address.partition("://")[2] or address,
        address=address,
        state="reading",
        sha256=sha256,
        bytes=len(raw),
    )
    session.add(source)
    session.flush()
    assert source.id
    return Job(source.id, source.run, kind, source.name, address, sha256, "", shop_name)
