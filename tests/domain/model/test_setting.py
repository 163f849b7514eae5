import pytest
from sqlalchemy import text

from chatrigo import security
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.model import setting
from chatrigo.domain.model.calls import Call, note_calls, usage
from chatrigo.domain.model.choice import KEY, models_of
from chatrigo.errors import ConfirmItsYou, Forbidden, Invalid
from chatrigo.language_model import NO_MODEL, Model, platform
from chatrigo.models.audit import AuditEntry
from chatrigo.models.model import ModelSetting

OWN = {
    "own": "on",
    "name": "gpt-x",
    "base_url": "https://api.example.com/v1/",
    "key": "sk-rahasia",
    "input_rupiah": "4.000",
    "output_rupiah": "16000",
    "fallback": "",
}


def save(session, actor, **changes):
    return setting.save_models(session, actor, OWN | changes)


def test_without_a_choice_it_is_the_platform_s_model(session, actor, monkeypatch):
    assert models_of(session, actor) == NO_MODEL
    assert setting.answering_model(session, actor) == ""
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", "theirs")
    assert models_of(session, actor) == platform()
    assert setting.get_models(session, actor).first.name == "theirs"


def test_an_own_model_is_kept_with_its_key_locked(session, actor):
    row = save(session, actor)
    assert row.choice.has_key
    assert "rahasia" not in repr(row)
    stored = session.query(ModelSetting).one()
    assert "rahasia" not in stored.api_key
    assert security.unlock(KEY.format(actor.business_id), stored.api_key) == "sk-rahasia"
    expected = Model("gpt-x", "https://api.example.com/v1", "sk-rahasia", own=True)
    found = models_of(session, actor).first
    assert found is not None
    assert (found.name, found.base_url, found.key) == (
        expected.name,
        expected.base_url,
        expected.key,
    )
    assert found.prices == (4_000, 16_000)
    assert "rahasia" not in repr(found)


def test_the_log_tells_of_the_change_and_not_of_the_key(session, actor):
    save(session, actor)
    entry = session.query(AuditEntry).filter_by(act="model.changed").one()
    assert entry.after["model"] == "gpt-x"
    assert "rahasia" not in f"{entry.before}{entry.after}{entry.subject}"


def test_a_key_stays_unless_it_is_changed_or_removed(session, actor):
    save(session, actor)
    save(session, actor, key="", name="gpt-y")
    assert models_of(session, actor).first.key == "sk-rahasia"
    save(session, actor, key="", drop_key="on")
    assert models_of(session, actor).first.key == ""


def test_a_key_does_not_move_to_another_place_by_itself(session, actor):
    save(session, actor)
    with pytest.raises(Invalid, match=r"model.key_again"):
        save(session, actor, key="", base_url="https://evil.example/v1")


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.com/v1",
        "https://user:pass@api.example.com/v1",
        "https://localhost/v1",
        "http://127.0.0.1:11434/v1",
        "https://api.example.com:22/v1",
        "https://api.example.com/v1?key=1",
        "ftp://api.example.com",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_is_one_of_the_internet(session, actor, address):
    with pytest.raises(Invalid, match=r"model.base_url_shape"):
        save(session, actor, base_url=address)


def test_a_machine_of_one_s_own_only_in_demo_and_by_a_setting(session, actor, monkeypatch):
    local = "http://127.0.0.1:11434/v1"
    monkeypatch.setitem(settings.__dict__, "model_loopback", True)
    with pytest.raises(Invalid):
        save(session, actor, base_url=local)
    monkeypatch.setitem(settings.__dict__, "demo", True)
    assert save(session, actor, base_url=local).choice.base_url == local


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": ""}, "model.name_missing"),
        ({"name": "x" * 121}, "model.name_long"),
        ({"base_url": 7}, "model.base_url_missing"),
        ({"key": "two words"}, "model.key_shape"),
        ({"key": "kunci…"}, "model.key_shape"),
        ({"input_rupiah": "-1"}, "model.input_rupiah_shape"),
        ({"output_rupiah": "9" * 30}, "model.output_rupiah_shape"),
        ({"fallback": "mars"}, "model.fallback_unknown"),
        ({"fallback": "own"}, "model.fallback_name_missing"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(session, actor, changes, key):
    with pytest.raises(Invalid, match=key):
        save(session, actor, **changes)


def test_a_fallback_of_one_s_own_beside_the_platform_needs_an_address(session, actor):
    with pytest.raises(Invalid, match=r"model.fallback_base_url_missing"):
        save(session, actor, own="", fallback="own", fallback_name="b")


def test_only_those_who_may_and_who_proved_it(session, actor):
    for role in ("agent", "viewer"):
        for act in (setting.get_models, save, usage):
            with pytest.raises(Forbidden):
                act(session, Actor(1, actor.business_id, role))
    with pytest.raises(ConfirmItsYou):
        save(session, Actor(1, actor.business_id, "owner"))


def test_usage_adds_up(session, actor, stranger):
    model = Model("m", "https://m.example/v1", input_rupiah=10_000, output_rupiah=20_000)
    calls = [
        Call("answer", model, outcome="ok", input_tokens=1_000, output_tokens=100, milliseconds=ms)
        for ms in (100, 200, 300)
    ]
    calls.append(Call("test", model, outcome="timeout", milliseconds=9_000))
    calls.append(Call("answer", model, fallback=True, attempt=2, outcome="ok", milliseconds=400))
    note_calls(session, actor, calls)
    found = usage(session, actor)
    assert (found.calls, found.failures, found.fallbacks, found.unpriced) == (5, 1, 1, 2)
    assert (found.input_tokens, found.output_tokens) == (3_000, 300)
    assert found.rupiah == pytest.approx(36)
    assert (found.p50, found.p95) == (250, 385)
    assert len(found.days) == 30
    assert (found.days[-1].calls, found.days[-1].failures) == (5, 1)
    assert [(row.purpose, row.calls) for row in found.purposes] == [("answer", 4), ("test", 1)]
    assert [row.outcome for row in found.latest_failures] == ["timeout"]


def test_calls_are_forgotten_after_90_days(session, actor):
    note_calls(session, actor, [Call("answer", Model("m"), outcome="ok")] * 2)
    session.execute(
        text(
            "UPDATE model_call SET created_at = now() - interval '91 days'"
            " WHERE id = (SELECT min(id) FROM model_call)"
        )
    )
    session.execute(text("SELECT forget_model_calls()"))
    assert usage(session, actor).calls == 1
