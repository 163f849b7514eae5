"""Who writes: one contact however many ids; echoes, edits, clocks, files."""

from datetime import UTC, datetime, timedelta

from chatrigo.models.columns import now
from tests.channels.conftest import until
from tests.support.scripted_channel import wrote


def all_done(channel, number):
    return lambda: len([c for c in channel.calls() if c.done_at]) == number


async def test_ids_that_come_together_are_one_contact(channel, http, duties):
    await channel.came(http, wrote("a", "halo", who="ID.1"))
    await channel.came(http, wrote("b", "halo", who="62811"))
    await until(all_done(channel, 2))
    assert len({row.contact_id for row in channel.identities()}) == 2
    await channel.came(http, wrote("c", "ini saya", who="62811", also=["ID.1"]))
    await until(all_done(channel, 3))
    assert [c.problem for c in channel.calls()] == ["", "", ""]
    assert len({row.contact_id for row in channel.identities()}) == 1
    assert len({row.contact_id for row in channel.conversations()}) == 1
    await channel.came(http, {"type": "changed", "old": "62811", "who": "62899"})
    await channel.came(http, wrote("d", "nomor baru", who="62899"))
    await until(all_done(channel, 5))
    assert len({row.contact_id for row in channel.identities()}) == 1


async def test_13_an_echo_from_elsewhere_takes_over_and_our_own_does_not(
    channel, http, duties, adapter
):
    await channel.came(http, wrote("a", "halo"))
    (row,) = await until(lambda: [r for r in channel.outbox() if r.state == "sent"])
    await channel.came(http, {"type": "echo", "id": row.provider_message_id, "body": "ours"})
    await until(all_done(channel, 2))
    assert channel.messages("human") == []
    await channel.came(http, {"type": "echo", "id": "e1", "body": "dari ponsel"})
    await until(lambda: [m.body for m in channel.messages("human")] == ["dari ponsel"])
    assert channel.conversations()[0].handler == "human"
    assert len(channel.outbox()) == 1


async def test_the_clock_of_a_vendor_is_not_believed_beyond_now(channel, http, duties):
    later = (datetime.now(UTC) + timedelta(days=3)).timestamp()
    await channel.came(http, wrote("a", "dari masa depan", at=later))
    await until(all_done(channel, 1))
    assert channel.messages("contact")[0].created_at <= now()
    assert channel.conversations()[0].window_closes_at <= now() + timedelta(hours=24)


async def test_an_edit_changes_the_bubble(channel, http, duties):
    await channel.came(http, wrote("a", "besok"))
    await channel.came(http, wrote("a2", "lusa", edits="a"))
    await until(lambda: [m.body for m in channel.messages("contact")] == ["lusa"])


async def test_files_are_kept_and_those_that_cannot_be_had_are_told(channel, http, duties, adapter):
    adapter.files = {"v": b"OggS" + b"x" * 100}
    await channel.came(http, wrote("a", "", media=[("audio", "v")]))
    await channel.came(http, wrote("b", "", media=[("image", "gone")], who="ani"))
    await channel.came(http, wrote("c", "", kind="unsupported", who="dedi"))
    await until(all_done(channel, 3))
    await until(lambda: [m for m in channel.messages("contact") if m.attachment_id])
    await until(lambda: [m for m in channel.messages("contact") if "failed" in m.generation])
    assert {m.kind for m in channel.messages("contact")} == {"audio", "image", "other"}


async def test_blocking_is_noted(channel, http, duties):
    await channel.came(http, wrote("a", "halo"))
    await channel.came(http, {"type": "left", "left": True})
    await channel.came(http, {"type": "left", "left": True, "who": "nobody"})
    await until(all_done(channel, 3))
    assert "left" in [m.body for m in channel.messages("system")]
    assert channel.calls()[2].problem == "errors.not_found"


async def test_a_handshake(channel, http):
    from tests.channels.conftest import HOOK
    from tests.support.scripted_channel import KIND, SECRET

    path = f"/hooks/{KIND}/{HOOK}"
    answer = await http.get(path, params={"token": SECRET, "challenge": "115"})
    assert (answer.status_code, answer.text) == (200, "115")
    assert (await http.get(path, params={"token": "x", "challenge": "1"})).status_code == 403


async def test_a_body_of_more_than_three_megabytes_is_refused(channel, http):
    answer = await channel.post(http, b"x" * (3 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert channel.calls() == []
