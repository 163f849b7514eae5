"""The demo shop is complete and its prices agree with each other."""

import re
from dataclasses import fields
from zoneinfo import ZoneInfo

import pytest

from chatrigo.demo.shop import Shop, load_shop
from chatrigo.demo.trail import ACTS
from chatrigo.domain.trail import acts

COLOURS = {"red", "orange", "amber", "green", "teal", "blue", "violet", "pink"}


@pytest.fixture
def shop() -> Shop:
    return load_shop()


def rupiah(amount: int) -> str:
    return "Rp" + f"{amount:,}".replace(",", ".")


def test_the_shop_has_all_a_visitor_expects(shop: Shop) -> None:
    assert len(shop.quick_questions) == 4
    assert len(shop.products) >= 24
    assert len(shop.faq) >= 30
    assert len(shop.texts) >= 6
    assert len(shop.canned_replies) == 8
    assert len(shop.labels) == 6
    assert [member.role for member in shop.team] == ["owner", "staff", "staff", "admin", "viewer"]


def test_nothing_is_left_blank(shop: Shop) -> None:
    rows = [shop.assistant, *shop.products, *shop.faq, *shop.texts, *shop.canned_replies]
    for row in [shop, *rows, *shop.labels, *shop.team]:
        assert all(getattr(row, column.name) for column in fields(row)), row


def test_keys_are_unique(shop: Shop) -> None:
    assert len(shop.evidence()) == len(shop.faq) + len(shop.texts)
    for rows in (shop.products, shop.labels, shop.team, *(p.variants for p in shop.products)):
        assert len({row.key for row in rows}) == len(rows)
    assert len({reply.shortcut for reply in shop.canned_replies}) == len(shop.canned_replies)


def test_zone_colours_and_addresses_are_valid(shop: Shop) -> None:
    assert ZoneInfo(shop.zone).key == "Asia/Jakarta"
    assert {label.colour for label in shop.labels} <= COLOURS
    assert all(member.email.endswith("@kopisenandika.example") for member in shop.team)
    assert all(re.fullmatch(r"[a-z]+", reply.shortcut) for reply in shop.canned_replies)


def test_every_weekday_opens_before_it_closes(shop: Shop) -> None:
    hours = shop.assistant.opening_hours
    assert [day.weekday for day in hours] == list(range(7))
    assert all(day.opens < day.closes for day in hours)


def test_opening_hours_agree_with_the_answer(shop: Shop) -> None:
    answer = shop.evidence()["jam-buka"]
    for day in shop.assistant.opening_hours:
        assert f"{day.opens:%H.%M}–{day.closes:%H.%M}" in answer


def test_price_lists_agree_with_the_products(shop: Shop) -> None:
    lines = [line for text in shop.texts for line in text.body.splitlines()]
    for product in shop.products:
        (line,) = [line for line in lines if line.startswith(f"{product.name}:")]
        prices = [rupiah(variant.price) for variant in product.variants]
        assert re.findall(r"Rp[\d.]*\d", line) == prices


def test_the_log_of_the_demo_has_words_for_every_act():
    assert {act for _, _, act, *_ in ACTS} <= set(acts())
