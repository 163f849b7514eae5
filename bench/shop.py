"""
A busy shop: the demo coffee shop's knowledge, and ten thousand conversations.

`python -m bench.shop` fills the database of the settings. Keys of visitors and of sessions can
be computed, so that the bench writes as customers, and watches as staff, whom the database
knows already.
"""

from datetime import UTC, datetime
from hashlib import sha256

import psycopg

from chatrigo.demo.shop import load_shop

SLUG = "bench"
CONVERSATIONS = 10_000
MESSAGES_EACH = 5
SESSIONS = 20
# Of every ten conversations in a row: with the assistant, with a person, waiting, done.
WITH_ASSISTANT = 6


def visitor_key(number: int) -> str:
    """Who writes the n-th message: over and over all those whom the assistant answers."""
    rounds, place = divmod(number % (CONVERSATIONS * WITH_ASSISTANT // 10), WITH_ASSISTANT)
    return _visitor(rounds * 10 + place)


def session_token(number: int) -> str:
    return f"bench-session-of-the-owner-{number:04d}"


def questions() -> list[str]:
    """What customers ask, in their own words, of what the shop has taught."""
    return [f"kak, {pair.question[0].lower()}{pair.question[1:]}" for pair in load_shop().faq]


def fill() -> None:
    from chatrigo import db
    from chatrigo.serving import database

    url = database.address()
    db.migrate(url)
    db.open_engine(url)
    business_id, account_id = _found()
    with psycopg.connect(url) as owner:
        _sign_in(owner, business_id, account_id)
        _fill_conversations(owner, business_id)
        owner.commit()
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE")
        owner.execute("CHECKPOINT")
    db.close_engine()


def _found() -> tuple[int, int]:
    from chatrigo import db
    from chatrigo.domain.access import system
    from chatrigo.domain.accounts.founding import found_business
    from chatrigo.domain.knowledge.entries import add_entry
    from chatrigo.models.account import Account

    shop = load_shop()
    with db.transaction(system(0)) as session:
        account = Account(email="owner@bench.example", name="Pemilik", password_hash="")
        session.add(account)
        session.flush()
        assert account.id
        founder = found_business(session, shop.name, owner_id=account.id, slug=SLUG)
        for pair in shop.faq:
            add_entry(session, founder, "qa", pair.question, pair.answer)
        for text in shop.texts:
            add_entry(session, founder, "text", text.title, text.body)
        return founder.business_id, account.id


def _sign_in(owner: psycopg.Connection, business_id: int, account_id: int) -> None:
    now = datetime.now(UTC)
    with owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO auth_session (token_hash, account_id, business_id, user_agent, address,"
            " created_at, last_seen_at, expires_at)"
            " VALUES (%s, %s, %s, '', '', %s, %s, %s + interval '1 day')",
            [
                (
                    sha256(session_token(n).encode()).hexdigest(),
                    account_id,
                    business_id,
                    now,
                    now,
                    now,
                )
                for n in range(SESSIONS)
            ],
        )


def _visitor(number: int) -> str:
    return f"bench-visitor-{number:08d}"


# Numbers count from 0; a row's id is its number + 1. Spread over 90 days, the last ones today.
_CONTACTS = """
    INSERT INTO contact (id, business_id, name, created_at)
    SELECT n + 1, %(business)s, 'Pelanggan ' || n, now() - (%(many)s - n) * interval '13 minutes'
    FROM generate_series(0, %(many)s - 1) AS n
"""
_IDENTITIES = """
    INSERT INTO contact_identity (business_id, channel_id, contact_id, external_id)
    SELECT %(business)s, %(channel)s, n + 1,
        encode(sha256(convert_to('bench-visitor-' || lpad(n::text, 8, '0'), 'UTF8')), 'hex')
    FROM generate_series(0, %(many)s - 1) AS n
"""
_CONVERSATIONS = """
    INSERT INTO conversation (id, business_id, channel_id, contact_id, status, handler,
        needs_person, unread, ai_turns, locale, snippet, snippet_author, last_message_at,
        created_at, resolved_at)
    SELECT n + 1, %(business)s, %(channel)s, n + 1,
        CASE WHEN n %% 10 < 7 THEN 'open' WHEN n %% 10 = 7 THEN 'pending' ELSE 'resolved' END,
        CASE WHEN n %% 10 < 6 THEN 'ai' ELSE 'human' END,
        CASE WHEN n %% 10 = 6 THEN 'no_evidence' ELSE '' END,
        (n %% 10 = 6)::int, 2, 'id', 'Siap kak, terima kasih ya', 'contact',
        at + interval '5 minutes', at, CASE WHEN n %% 10 > 7 THEN at + interval '1 hour' END
    FROM generate_series(0, %(many)s - 1) AS n,
        LATERAL (SELECT now() - (%(many)s - n) * interval '13 minutes' AS at)
"""
_MESSAGES = """
    INSERT INTO message (business_id, conversation_id, channel_id, author, kind, body, delivery,
        evidence, generation, created_at)
    SELECT %(business)s, c.id, c.channel_id, CASE WHEN m %% 2 = 1 THEN 'contact' ELSE 'ai' END,
        'text', CASE WHEN m %% 2 = 1 THEN (%(asked)s::text[])[1 + (c.id + m) %% %(pairs)s]
            ELSE (%(answered)s::text[])[1 + (c.id + m - 1) %% %(pairs)s] END,
        'sent', '[]', CASE WHEN m %% 2 = 1 THEN '{}' ELSE '{"mode": "model"}' END::jsonb,
        c.created_at + m * interval '1 minute'
    FROM conversation AS c, generate_series(1, %(each)s) AS m ORDER BY c.id, m
"""


def _fill_conversations(owner: psycopg.Connection, business_id: int) -> None:
    channel = owner.execute("SELECT id FROM channel WHERE business_id = %s", [business_id])
    (channel_id,) = channel.fetchone() or (0,)
    faq = load_shop().faq
    values = {
        "business": business_id,
        "channel": channel_id,
        "many": CONVERSATIONS,
        "each": MESSAGES_EACH,
        "asked": questions(),
        "answered": [pair.answer for pair in faq],
        "pairs": len(faq),
    }
    for statement in (_CONTACTS, _IDENTITIES, _CONVERSATIONS, _MESSAGES):
        owner.execute(statement, values)
    for table in ("contact", "conversation"):
        owner.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


if __name__ == "__main__":
    fill()
