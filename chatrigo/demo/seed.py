"""Stores the demo shop, once: its people, what it knows, and ninety days of conversations."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from chatrigo import db, security
from chatrigo.demo.shop import Shop, load_shop
from chatrigo.demo.sources import store_sources
from chatrigo.demo.story import (
    DemoConversation,
    DemoMessage,
    load_contacts,
    load_conversations,
    message_times,
)
from chatrigo.demo.trail import store_trail
from chatrigo.demo.usage import store_usage
from chatrigo.demo.versions import store_tests, store_versions
from chatrigo.domain import follow_ups
from chatrigo.domain.access import PUBLIC, Actor, enter
from chatrigo.domain.catalogue.products import add_product
from chatrigo.domain.conversations.rows import snippet_of
from chatrigo.domain.learning.unanswered import note_question
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Assistant, Business, CannedReply, Label
from chatrigo.models.columns import now
from chatrigo.models.conversation import (
    Channel,
    Contact,
    ContactIdentity,
    Conversation,
    ConversationLabel,
    Message,
)
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval.search import index

PASSWORD = "kopi-senandika"  # noqa: S105  (public on purpose: everybody's demo)
ROLES = {"owner": "owner", "admin": "admin", "staff": "agent", "viewer": "viewer"}
# Days ahead, hour, and what was promised.
PROMISES = (
    (1, 10, "Telepon soal jumlah dan jam antar pesanan"),
    (2, 15, "Kabari lagi kalau biji Flores 1 kg sudah ada"),
)


def seed() -> bool:
    """Store the demo shop unless it is there; tells whether it was stored now."""
    shop = load_shop()
    with db.transaction(PUBLIC) as session:
        known = select(Business.id).where(Business.slug == shop.slug)
        if session.execute(known).first() is not None:
            return False
        _Seeding(session, shop, now()).store()
    return True


def owner_email() -> str:
    """Who signs in to the demo; the password is PASSWORD."""
    return next(member.email for member in load_shop().team if member.role == "owner")


def knowledge_of(shop: Shop) -> Iterator[tuple[str, str, str, str]]:
    """What the shop teaches besides its catalogue: (key, kind, title, body)."""
    for faq in shop.faq:
        yield faq.key, "qa", faq.question, faq.answer
    for text in shop.texts:
        yield text.key, "text", text.title, text.body


class _Seeding:
    """One seeding: what was stored so far, by the keys of the demo's own files."""

    def __init__(self, session: Session, shop: Shop, moment: datetime) -> None:
        self.session = session
        self.shop = shop
        self.now = moment
        self.people: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.contacts: dict[str, tuple[int, str]] = {}
        self.entries: dict[str, KnowledgeEntry] = {}

    def store(self) -> None:
        self.actor, self.channel_id = self._business()
        self._team()
        store_trail(self.session, self.actor, self.shop.team, self.people, self.now)
        store_versions(self.session, self.actor, self.shop.assistant, self.now, self.owner)
        store_usage(self.session, self.actor, self.now)
        self._desk()
        self._knowledge()
        self._catalogue()
        store_sources(self.session, self.actor, self.shop.name)
        store_tests(self.session, self.actor, self.now, self.owner)
        self._contacts()
        for conversation in load_conversations(self.now):
            self._conversation(conversation)
        self._follow_ups()
        self._unanswered()

    @property
    def owner(self) -> int:
        owners = (member.key for member in self.shop.team if member.role == "owner")
        return self.people[next(owners)]

    def _business(self) -> tuple[Actor, int]:
        shop = self.shop
        business = Business(
            slug=shop.slug,
            name=shop.name,
            zone=shop.zone,
            greeting=shop.greeting,
            quick_questions=list(shop.quick_questions),
        )
        self.session.add(business)
        self.session.flush()
        assert business.id
        actor = enter(self.session, business.id, "system")
        channel = Channel(business_id=business.id, kind="web", name=shop.name)
        self.session.add_all([channel, Assistant(business_id=business.id)])
        self.session.flush()
        assert channel.id
        return actor, channel.id

    def _team(self) -> None:
        password = security.hash_password(PASSWORD)
        for member in self.shop.team:
            account = Account(email=member.email, name=member.name, password_hash=password)
            self.session.add(account)
            self.session.flush()
            assert account.id
            self.people[member.key] = account.id
            self.session.add(
                Membership(
                    business_id=self.actor.business_id,
                    account_id=account.id,
                    role=ROLES[member.role],
                )
            )

    def _desk(self) -> None:
        business_id = self.actor.business_id
        for label in self.shop.labels:
            row = Label(business_id=business_id, name=label.name, colour=label.colour)
            self.session.add(row)
            self.session.flush()
            assert row.id
            self.labels[label.key] = row.id
        self.session.add_all(
            CannedReply(business_id=business_id, shortcut=reply.shortcut, body=reply.text)
            for reply in self.shop.canned_replies
        )

    def _knowledge(self) -> None:
        for key, kind, title, body in knowledge_of(self.shop):
            entry = KnowledgeEntry(
                business_id=self.actor.business_id, kind=kind, title=title, body=body
            )
            self.session.add(entry)
            self.session.flush()
            index(self.session, entry)
            self.entries[key] = entry

    def _catalogue(self) -> None:
        for product in self.shop.products:
            wishes = {
                "name": product.name,
                "category": product.category,
                "description": product.description,
            }
            variants = [
                {"name": v.name, "price": v.price, "stock": v.stock, "weight": v.weight}
                for v in product.variants
            ]
            add_product(self.session, self.actor, wishes, variants)

    def _contacts(self) -> None:
        for person in load_contacts():
            contact = Contact(business_id=self.actor.business_id, name=person.name)
            self.session.add(contact)
            self.session.flush()
            assert contact.id
            self.contacts[person.key] = contact.id, person.language
            self.session.add(
                ContactIdentity(
                    business_id=self.actor.business_id,
                    channel_id=self.channel_id,
                    contact_id=contact.id,
                    external_id=f"demo:{person.key}",
                )
            )

    def _conversation(self, told: DemoConversation) -> None:
        times = message_times(told, self.now)
        contact_id, language = self.contacts[told.contact]
        spoken = [i for i, message in enumerate(told.messages) if message.kind == "text"]
        last = told.messages[spoken[-1]]
        row = Conversation(
            business_id=self.actor.business_id,
            channel_id=self.channel_id,
            contact_id=contact_id,
            status=told.status,
            handler=told.handler,
            needs_person=told.needs_person_reason or "",
            assignee_id=self.people[told.assignee] if told.assignee else None,
            unread=told.unread,
            ai_turns=sum(message.author == "ai" for message in told.messages),
            locale=language,
            snippet=snippet_of(last.text),
            snippet_author=last.author,
            last_message_at=times[spoken[-1]],
            created_at=times[0],
            resolved_at=times[-1] if told.status == "resolved" else None,
        )
        self.session.add(row)
        self.session.flush()
        assert row.id
        self._messages(row, told, times)
        self.session.add_all(
            ConversationLabel(
                business_id=self.actor.business_id,
                conversation_id=row.id,
                label_id=self.labels[label],
            )
            for label in told.labels
        )

    def _follow_ups(self) -> None:
        """Two promises in the conversations that people have in hand."""
        query = (
            select(Conversation.id)
            .where(Conversation.business_id == self.actor.business_id)
            .where(Conversation.status == "open", Conversation.handler == "human")
            .order_by(Conversation.last_message_at.desc())
        )
        ids = self.session.execute(query.limit(len(PROMISES))).scalars()
        today = self.now.astimezone(ZoneInfo(self.shop.zone)).replace(tzinfo=None)
        for id, (days, hour, what) in zip(ids, PROMISES, strict=False):
            due = today.replace(hour=hour, minute=0) + timedelta(days=days)
            follow_ups.book(self.session, self.actor, id, what, due)

    def _messages(
        self, conversation: Conversation, told: DemoConversation, times: tuple[datetime, ...]
    ) -> None:
        rows = []
        for message, at in zip(told.messages, times, strict=True):
            if message.event == "handover":
                rows.append(self._row(conversation, at, author="ai", body=self._handover_line()))
            rows.append(self._message(conversation, message, at))
        self.session.execute(insert(Message), rows)

    def _unanswered(self) -> None:
        """What the assistant could not answer in these conversations is there to be taught."""
        handovers = select(
            Message.id,
            Message.conversation_id,
            Message.created_at,
            Message.generation["reason"].astext.label("reason"),
        ).where(Message.business_id == self.actor.business_id, Message.body == "handover")
        for handover in self.session.execute(handovers.order_by(Message.id)).all():
            asked = select(func.max(Message.id)).where(
                Message.conversation_id == handover.conversation_id,
                Message.author == "contact",
                Message.id < handover.id,
            )
            message_id = self.session.execute(asked).scalar()
            note_question(
                self.session,
                self.actor,
                handover.conversation_id,
                message_id,
                handover.reason,
                at=handover.created_at,
            )

    def _handover_line(self) -> str:
        return self.shop.assistant.handover_line

    def _message(self, conversation: Conversation, message: DemoMessage, at: datetime) -> dict:
        generation: dict[str, str] = {}
        if message.author == "ai":
            generation = {"mode": "approved" if message.evidence else "small_talk"}
        elif message.event == "handover":
            generation = {"reason": message.reason or ""}
        return self._row(
            conversation,
            at,
            author=message.author,
            kind=message.kind,
            body=message.event or message.text,
            account_id=self.people[message.staff] if message.staff else None,
            evidence=[self._evidence(key) for key in message.evidence],
            generation=generation,
        )

    def _evidence(self, key: str) -> dict:
        entry = self.entries[key]
        return {"entry_id": entry.id, "title": entry.title, "body": entry.body[:500]}

    def _row(self, conversation: Conversation, at: datetime, **values: object) -> dict:
        return {
            "business_id": conversation.business_id,
            "conversation_id": conversation.id,
            "channel_id": conversation.channel_id,
            "kind": "text",
            "account_id": None,
            "delivery": "sent",
            "evidence": [],
            "generation": {"mode": "hand_over"},
            "created_at": at,
        } | values
