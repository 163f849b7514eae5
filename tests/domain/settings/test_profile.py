import pytest

from chatrigo.domain.access import Actor
from chatrigo.domain.settings import profile
from chatrigo.errors import Forbidden, Invalid, SignedOut
from chatrigo.events import SettingsChanged, recorded
from tests.conftest import found


def test_the_profile_changes_and_open_tabs_hear_of_it(session, actor):
    profile.change_profile(session, actor, "  Kopi  Baru ", "Asia/Makassar", "Halo!\nMau apa?")
    row = profile.get_profile(session, actor)
    assert (row.name, row.zone, row.greeting) == ("Kopi Baru", "Asia/Makassar", "Halo!\nMau apa?")
    assert recorded(session) == [SettingsChanged(actor.business_id, "profile")]


@pytest.mark.parametrize(
    ("name", "zone", "greeting", "key"),
    [
        ("", "Asia/Jakarta", "", "settings.name_missing"),
        ("x" * 121, "Asia/Jakarta", "", "settings.name_long"),
        ("Kopi", "Europe/Paris", "", "settings.zone_unknown"),
        ("Kopi", "Asia/Jakarta", "x" * 501, "settings.greeting_long"),
    ],
)
def test_a_wrong_profile_names_the_field(session, actor, name, zone, greeting, key):
    with pytest.raises(Invalid) as refused:
        profile.change_profile(session, actor, name, zone, greeting)
    assert refused.value.key == key


def test_the_address_moves(session, actor):
    assert profile.change_slug(session, actor, " Kopi-Baru-2 ").slug == "kopi-baru-2"
    assert profile.change_slug(session, actor, "kopi-baru-2").slug == "kopi-baru-2"


@pytest.mark.parametrize("slug", ["ab", "x" * 61, "kopi susu", "-kopi", "kopi--uji", "kopí", "a/b"])
def test_an_address_is_made_of_plain_words(session, actor, slug):
    with pytest.raises(Invalid):
        profile.change_slug(session, actor, slug)
    assert profile.get_profile(session, actor).slug == "kopi-uji"


def test_an_address_belongs_to_one_business(session, actor):
    found("Toko Lain", "toko-lain")
    with pytest.raises(Invalid) as refused:
        profile.change_slug(session, actor, "toko-lain")
    assert refused.value.key == "settings.slug_taken"
    session.expire_all()
    assert profile.get_profile(session, actor).slug == "kopi-uji"


def test_quick_questions_keep_their_order_without_blanks_and_repeats(session, actor):
    asked = ["Buka jam berapa?", " ", "Ada promo?", "Buka jam  berapa?", None]
    row = profile.change_quick_questions(session, actor, asked)
    assert row.quick_questions == ["Buka jam berapa?", "Ada promo?"]


@pytest.mark.parametrize("asked", [None, 7, "Buka?", {"a": 1}])
def test_nonsense_is_no_quick_question(session, actor, asked):
    assert profile.change_quick_questions(session, actor, asked).quick_questions == []


def test_there_are_at_most_six_short_quick_questions(session, actor):
    for asked in ([str(n) for n in range(7)], ["x" * 81]):
        with pytest.raises(Invalid):
            profile.change_quick_questions(session, actor, asked)


def test_another_business_changes_only_itself(session, actor):
    other = found("Toko Lain", "toko-lain")
    assert profile.get_profile(session, other).name == "Toko Lain"


@pytest.mark.parametrize(
    "change",
    [
        lambda session, actor: profile.get_profile(session, actor),
        lambda session, actor: profile.change_profile(session, actor, "X", "Asia/Jakarta", ""),
        lambda session, actor: profile.change_slug(session, actor, "kopi-lain"),
        lambda session, actor: profile.change_quick_questions(session, actor, []),
    ],
)
def test_who_may_not_configure_is_refused(session, actor, change):
    with pytest.raises(Forbidden):
        change(session, Actor(1, actor.business_id, "agent"))
    with pytest.raises(SignedOut):
        change(session, Actor(None, 0, "public"))
