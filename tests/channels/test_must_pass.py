"""The tests of /work/shared/facts/channels.md 3.10 that belong to every channel, by their number."""

import asyncio

from chatrigo import db
from chatrigo.domain.conversations.reply import send_message
from chatrigo.integrations.channels.port import SendFailed
from tests.channels.conftest import HOOK, until
from tests.support.browser import join
from tests.support.fake_llm import Behaviour
from tests.support.scripted_channel import KIND, call, signed, wrote


def answered(channel):
    return lambda: [row for row in channel.outbox() if row.state == "sent"]


async def test_01_a_bad_or_missing_signature_is_403_and_nothing_is_stored(channel, http):
    body = call(wrote("a"))
    for headers in ({}, signed(body, "wrong"), {"X-Signature": ""}, signed(body + b" ")):
        answer = await http.post(f"/hooks/{KIND}/{HOOK}", content=body, headers=headers)
        assert answer.status_code == 403
    assert channel.calls() == []
    for path in (f"/hooks/{KIND}/{'x' * 32}", f"/hooks/nothing/{HOOK}", f"/hooks/{KIND}/x"):
        assert (await http.post(path, content=body, headers=signed(body))).status_code == 404


async def test_02_a_body_with_emoji_verifies(channel, http, duties):
    assert (await channel.came(http, wrote("a", "makasih 😀 é"))).status_code == 200
    await until(lambda: [m.body for m in channel.messages("contact")] == ["makasih 😀 é"])


async def test_03_same_message_three_times_in_parallel_is_one_message_and_one_answer(
    channel, http, duties, model
):
    model.default = Behaviour(text="Ongkir ke Bandung Rp10.000 kak", delay=0.05)
    said = wrote("wamid.1", "ongkir ke bandung berapa?")
    others = [wrote(f"x{n}", "", kind="unsupported", who="ani") for n in range(3)]
    answers = await asyncio.gather(*[channel.came(http, said, other) for other in others])
    answers += await asyncio.gather(*[channel.came(http, said) for _ in range(3)])
    assert {each.status_code for each in answers} == {200}
    await until(lambda: all(c.done_at for c in channel.calls()))
    await until(lambda: "budi" in [row.to for row in answered(channel)()])
    assert [m.body for m in channel.messages("contact") if m.body] == [said["body"]]
    to_budi = [row for row in channel.outbox() if row.to == "budi"]
    assert len(to_budi) == 1
    assert len(model.requests) == 1


async def test_04_an_album_of_five_pictures_in_parallel_is_one_conversation(
    channel, http, duties, adapter
):
    from tests.web.test_chat import png

    adapter.files = {f"f{n}": png((10 + n, 10)) for n in range(5)}
    album = [wrote(f"p{n}", "", media=[("image", f"f{n}")]) for n in range(5)]
    await asyncio.gather(*[channel.came(http, each) for each in album])
    await until(lambda: len(channel.messages("contact")) == 5)
    await until(lambda: all(m.attachment_id for m in channel.messages("contact")))
    assert len(channel.conversations()) == 1
    assert {m.kind for m in channel.messages("contact")} == {"image"}


async def test_05_statuses_read_delivered_sent_leave_read(channel, http, duties):
    await channel.came(http, wrote("a", "halo"))
    (row,) = await until(answered(channel))
    for state in ("read", "delivered", "sent"):
        await channel.came(http, {"type": "status", "id": row.provider_message_id, "status": state})
    await until(lambda: len([c for c in channel.calls() if c.done_at]) == 4)
    (row,) = channel.outbox()
    assert row.state == "read"
    assert all([row.read_at, row.delivered_at, row.sent_at])
    assert channel.messages("ai")[0].delivery == "read"


async def test_06_failed_for_the_window_closes_it_and_says_so(channel, http, duties):
    await channel.came(http, wrote("a", "halo"))
    (row,) = await until(answered(channel))
    failed = {"type": "status", "id": row.provider_message_id, "status": "failed"}
    await channel.came(http, {**failed, "advice": "window"})
    await until(lambda: channel.messages("ai")[0].delivery == "failed")
    assert channel.messages("ai")[0].generation["failed"] == "channels.failed_window"
    person = join(channel.shop.business_id)
    (conversation,) = channel.conversations()
    await db.run(send_message, person, conversation.id, "masih di sana?", "a-key-of-staff")
    await until(lambda: channel.outbox()[-1].state == "failed")
    assert channel.outbox()[-1].advice == "window"


async def test_09_a_time_out_after_sending_is_unknown_and_never_sent_again(
    channel, http, duties, adapter
):
    adapter.script = [SendFailed("unknown", "channels.failed_unknown")]
    await channel.came(http, wrote("a", "halo"))
    await until(lambda: [r for r in channel.outbox() if r.state == "unknown"])
    await until(lambda: adapter.asked)
    assert adapter.sent == []
    assert channel.messages("ai")[0].delivery == "unknown"


async def test_10_a_person_s_reply_during_generation_drops_the_draft(
    channel, http, duties, adapter, model
):
    model.default = Behaviour(text="Ongkir ke Bandung Rp10.000 kak", delay=1.0)
    await channel.came(http, wrote("a", "ongkir ke bandung berapa?"))
    await until(lambda: model.requests)
    (conversation,) = channel.conversations()
    person = join(channel.shop.business_id)
    await db.run(send_message, person, conversation.id, "Saya yang jawab ya", "a-key-of-staff")
    await until(answered(channel))
    await asyncio.sleep(1.5)
    assert [each.body for each in adapter.sent] == ["Saya yang jawab ya"]
    assert channel.messages("ai") == []


async def test_16_a_batch_of_many_messages_and_statuses_is_fully_done(channel, http, duties):
    await channel.came(http, wrote("first", "halo"))
    (row,) = await until(answered(channel))
    batch = [
        wrote("b1", "satu", who="ani"),
        {"type": "status", "id": row.provider_message_id, "status": "delivered"},
        wrote("b2", "dua", who="cici"),
        {"type": "status", "id": "never-ours", "status": "read"},
        {"type": "reaction", "id": "first", "emoji": "👍"},
        wrote("b3", "tiga", who="dedi"),
    ]
    await channel.came(http, *batch)
    await until(lambda: all(c.done_at for c in channel.calls()))
    assert {m.body for m in channel.messages("contact")} == {"halo", "satu", "dua", "tiga"}
    assert channel.outbox()[0].state == "delivered"
    assert "reacted" in [m.body for m in channel.messages("system")]
    assert len(channel.conversations()) == 4


async def test_17_an_unknown_type_is_200_and_kept_raw(channel, http, duties):
    body = b'{"events": [{"type": "moon_landing"}], "field": "new"}'
    assert (await channel.post(http, body)).status_code == 200
    assert (await channel.post(http, b'{"events": [{"ty')).status_code == 200
    await until(lambda: all(c.done_at for c in channel.calls()))
    known, broken = channel.calls()
    assert known.body == body.decode()
    assert known.problem == "unknown type moon_landing"
    assert (broken.body, broken.problem) == ('{"events": [{"ty', "not JSON")
    assert channel.messages() == []
