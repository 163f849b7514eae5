from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chatrigo.errors import Invalid, LimitReached
from tests.domain.accounts.conftest import EMAIL, PASSWORD, Door, after, code_in, found


def refused(step, *args, **kwargs):
    with pytest.raises((Invalid, LimitReached)) as refusal:
        step(*args, **kwargs)
    return refusal.value.key


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_password_and_code_open_the_door(sari):
    issued = sari.sign_in()
    assert issued.mail.to == EMAIL
    token = sari.enter(sari.confirm(issued))
    assert found(token).email == EMAIL


def test_unknown_address_and_wrong_password_hear_the_same(sari):
    unknown = refused(sari.sign_in, email="nobody@kopi.example")
    wrong = refused(sari.sign_in, password="bukan kata sandinya")
    assert unknown == wrong == "auth.wrong_credentials"


def test_guessing_a_password_comes_to_an_end(sari):
    for _ in range(10):
        assert refused(sari.sign_in, password="bukan kata sandinya") == "auth.wrong_credentials"
    assert refused(sari.sign_in) == "errors.too_many_tries"
    assert refused(Door(address="10.9.9.9").sign_in) == "errors.too_many_tries"
    assert sari.sign_in(now=after(minutes=11))


def test_one_address_can_not_try_many_accounts(sari):
    for number in range(30):
        refused(sari.sign_in, email=f"person{number}@kopi.example")
    assert refused(sari.sign_in) == "errors.too_many"
    assert Door(address="10.9.9.9").sign_in()


def test_a_code_is_good_once(sari):
    issued = sari.sign_in()
    sari.confirm(issued)
    assert refused(sari.confirm, issued) == "auth.code_gone"


@pytest.mark.parametrize("pasted", ["{code}", " {code} ", "{a} {b}", "{a}-{b}", "Kode: {code}."])
def test_a_code_may_be_pasted_with_what_is_around_it(sari, pasted):
    issued = sari.sign_in()
    code = code_in(issued)
    assert sari.confirm(issued, pasted.format(code=code, a=code[:3], b=code[3:]))


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", 123456, ["1"], "١٢٣٤٥٦", "1" * 9999])
def test_what_is_no_code_is_a_wrong_code(sari, typed):
    assert refused(sari.confirm, sari.sign_in(), typed) == "auth.code_wrong"


def test_a_code_expires_after_five_minutes(sari):
    issued = sari.sign_in()
    assert refused(sari.confirm, issued, now=after(minutes=5)) == "auth.code_expired"
    assert sari.confirm(issued, now=after(minutes=4, seconds=59))


def test_five_wrong_tries_end_a_code(sari):
    issued = sari.sign_in()
    wrong = other_than(code_in(issued))
    assert [refused(sari.confirm, issued, wrong) for _ in range(5)] == (
        ["auth.code_wrong"] * 4 + ["auth.code_used_up"]
    )
    assert refused(sari.confirm, issued) == "auth.code_used_up"


def test_a_new_code_may_be_asked_for_after_a_minute(sari, resend):
    issued = sari.sign_in()
    assert refused(resend, issued, now=after(seconds=59)) == "auth.resend_too_soon"
    fresh = resend(issued, now=after(seconds=60))
    assert fresh.challenge_id == issued.challenge_id
    if code_in(fresh) != code_in(issued):
        assert refused(sari.confirm, fresh, code_in(issued)) == "auth.code_wrong"
    assert sari.confirm(fresh, now=after(minutes=5, seconds=30))


def test_a_new_code_has_its_own_five_tries(sari, resend):
    issued = sari.sign_in()
    for _ in range(5):
        refused(sari.confirm, issued, other_than(code_in(issued)))
    assert sari.confirm(resend(issued, now=after(minutes=1)), now=after(minutes=1))


def test_asking_for_codes_comes_to_an_end(sari, resend):
    issued = sari.sign_in()
    for minute in range(1, 6):
        resend(issued, now=after(minutes=minute))
    assert refused(resend, issued, now=after(minutes=6)) == "errors.too_many_codes"


def test_guessing_codes_comes_to_an_end_however_many_are_asked_for(sari, resend):
    issued = sari.sign_in()
    tries = 0
    for minute in range(5):
        for _ in range(5):
            key = refused(
                sari.confirm, issued, other_than(code_in(issued)), now=after(minutes=minute)
            )
            tries += key != "errors.too_many_tries"
        if minute < 4:
            issued = resend(issued, now=after(minutes=minute + 1))
    assert tries == 20


def test_a_code_is_bound_to_the_browser_that_asked(sari):
    issued = sari.sign_in()
    thief = Door("another browser")
    assert refused(thief.confirm, issued) == "auth.code_gone"
    assert sari.confirm(issued)


def test_a_ticket_is_bound_to_its_browser_good_once_and_for_a_minute(sari):
    ticket = sari.confirm(sari.sign_in())
    assert refused(Door("another browser").enter, ticket) == "auth.ticket_gone"
    assert refused(sari.enter, ticket, now=after(seconds=61)) == "auth.ticket_gone"
    sari.enter(ticket, now=after(seconds=60))
    assert refused(sari.enter, ticket) == "auth.ticket_gone"


@pytest.mark.parametrize("ticket", ["", "guessed", "\x00", "\ud83d"])
def test_a_guessed_ticket_opens_nothing(sari, ticket):
    sari.sign_in()
    assert refused(sari.enter, ticket) == "auth.ticket_gone"


def test_a_code_is_bound_to_its_purpose(sari):
    assert refused(sari.confirm_sign_up, sari.sign_in()) == "auth.code_gone"
    signing_up = sari.sign_up(email="budi@kopi.example", password=PASSWORD)
    assert refused(sari.confirm, signing_up) == "auth.code_gone"


def test_a_code_is_bound_to_its_account(sari):
    sari.confirm_sign_up(sari.sign_up(email="budi@kopi.example"))
    of_sari, of_budi = sari.sign_in(), sari.sign_in(email="budi@kopi.example")
    if code_in(of_sari) != code_in(of_budi):
        assert refused(sari.confirm, of_sari, code_in(of_budi)) == "auth.code_wrong"


def test_signing_in_again_voids_the_earlier_code_of_this_browser(sari):
    earlier, later = sari.sign_in(), sari.sign_in()
    assert refused(sari.confirm, earlier) == "auth.code_gone"
    assert sari.confirm(later)


@pytest.mark.parametrize("id", [0, -1, "x", None, 2**70, [], True])
def test_a_challenge_that_can_not_be_is_gone(sari, id):
    issued = sari.sign_in()
    forged = type(issued)(id, issued.email, issued.mail)
    assert refused(sari.confirm, forged) == "auth.code_gone"


def at_once(step, times=8):
    def one(_):
        try:
            return step() and "ticket"
        except Invalid as refusal:
            return refusal.key

    with ThreadPoolExecutor(times) as threads:
        return Counter(threads.map(one, range(times)))


def test_a_code_answered_many_times_at_once_opens_once(sari):
    issued = sari.sign_in()
    assert at_once(lambda: sari.confirm(issued)) == {"ticket": 1, "auth.code_gone": 7}


def test_wrong_codes_sent_at_once_are_all_counted(sari):
    issued = sari.sign_in()
    wrong = other_than(code_in(issued))
    answers = at_once(lambda: sari.confirm(issued, wrong))
    assert answers == {"auth.code_wrong": 4, "auth.code_used_up": 4}
