"""What the parts promise whatever they are given."""

import json
import re
from pathlib import Path

import pytest
import reflex as rx

from chatrigo.i18n import catalogue
from components import shell, ui
from components.text import t
from components.ui.avatar import color_of, initials
from pages import gallery, landing

ROOT = Path(__file__).parents[2]
WORD = rx.Var("word", _var_type=str)


def drawn(component: rx.Component) -> str:
    return str(component.render()) + str(component._get_all_hooks())


def test_an_unknown_text_fails_while_compiling() -> None:
    with pytest.raises(KeyError):
        t("inbox.does_not_exist")


def test_a_text_holds_both_languages_and_its_values() -> None:
    shown = str(t("ui.remove_named", name=WORD))
    assert "Lepas {name}" in shown
    assert "Remove {name}" in shown
    assert "word" in shown


@pytest.mark.parametrize("area", ["ui", "shell", "landing", "gallery"])
def test_both_languages_say_the_same_things(area: str) -> None:
    keys = {
        locale: list(json.loads((ROOT / f"chatrigo/i18n/{locale}/{area}.json").read_text()))
        for locale in ("id", "en")
    }
    assert keys["id"] == keys["en"]


@pytest.mark.parametrize("locale", ["id", "en"])
def test_no_text_is_empty(locale: str) -> None:
    assert [key for key, text in catalogue(locale).items() if not text.strip()] == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Rina Wulandari", "RW"),
        ("Budi", "B"),
        ("  sari   dewi putri", "SD"),
        ("", ""),
        ("🌸 Sari", "🌸S"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_color_of_a_name_never_changes() -> None:
    assert color_of("Rina Wulandari") == "orange"
    assert {color_of(f"Pelanggan {number}") for number in range(200)} == set(ui.LABEL_COLORS)


def test_an_icon_button_has_a_name() -> None:
    assert ui.icon_button("x", "Tutup").custom_attrs["aria-label"] == "Tutup"


def test_a_loading_button_refuses_clicks() -> None:
    assert "disabled:true" in drawn(ui.button("Simpan", loading=True))
    busy = rx.Var("busy", _var_type=bool)
    assert re.search(r"disabled:[^,]*busy", drawn(ui.button("Simpan", loading=busy)))


def test_an_error_is_tied_to_its_input() -> None:
    shown = drawn(ui.input_field("email", "E-mail", error="Salah"))
    assert '"aria-invalid":"true"' in shown
    assert '"aria-errormessage":"email-error"' in shown
    assert "email-error" in shown


def test_message_text_is_text() -> None:
    shown = drawn(ui.bubble("customer", "<b>hai</b> https://x.id"))
    assert "<b>hai</b> https://x.id" in shown
    assert "dangerouslySetInnerHTML" not in shown
    assert "href" not in shown


def test_the_menu_knows_where_we_are() -> None:
    shown = drawn(shell.shell(rx.el.div(), active="knowledge", waiting=3))
    assert shown.count('"aria-current":"page"') == 2  # the rail and the bar


def test_the_demo_shop_is_offered_in_demonstrations_only() -> None:
    assert "/c/kopi-senandika" in drawn(landing.page(demo=True))
    assert "/c/kopi-senandika" not in drawn(landing.page(demo=False))


def test_the_gallery_draws() -> None:
    assert drawn(gallery.page())


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in (ROOT / "assets").glob("*.*"):
        if path.suffix in {".css", ".js", ".svg"}:
            hosts = set(re.findall(r"//([a-z0-9-]+\.[a-z0-9.-]+)", path.read_text()))
            assert hosts <= {"www.w3.org"}, path  # the name of SVG, not an address to fetch
