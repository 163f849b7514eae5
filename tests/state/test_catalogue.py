import asyncio
import io
from pathlib import Path

import reflex as rx

from chatrigo.events import hub
from state.catalogue import CatalogueState
from state.follow_ups import FollowUpsState
from state.tools import ToolsState
from tests.support.browser import browser, sign_in

LATTE = {"name": "Kafe Latte", "v1_price": "27.000", "v1_stock": "4", "active": "on"}


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def names(tab):
    return [row.name for row in tab.sees(CatalogueState.rows) or []]


async def opened(chrome, who, path="/catalogue", loaded=CatalogueState.loaded, **params):
    tab = chrome.tab()
    await tab.open(path, cookie=sign_in(who), **params)
    await until(lambda: tab.sees(loaded))
    return tab


async def test_a_product_shows_in_every_tab_of_the_shop(shop, stranger):
    async with browser() as chrome:
        here, there = await opened(chrome, shop), await opened(chrome, shop)
        elsewhere = await opened(chrome, stranger)
        await here.send(CatalogueState.compose)
        await here.send(CatalogueState.save(LATTE))
        assert here.was_sent("langsung memakainya")
        await until(lambda: names(there) == ["Kafe Latte"] == names(here))
        assert names(elsewhere) == []
        for tab in (here, there, elsewhere):
            await tab.close()
        assert not any(hub._inboxes.values())


async def test_a_refusal_shows_where_it_belongs(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(CatalogueState.compose)
        await tab.send(CatalogueState.save({**LATTE, "name": " "}))
        assert tab.sees(CatalogueState.name_error)
        await tab.send(CatalogueState.save({**LATTE, "v1_price": "murah"}))
        assert "murah" in tab.sees(CatalogueState.error)
        assert not tab.sees(CatalogueState.saving)
        for nonsense in (None, [], 7, "x"):
            await tab.send(CatalogueState.save(nonsense))
        assert names(tab) == []


async def test_variants_come_and_go(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(CatalogueState.compose)
        await tab.send(CatalogueState.add_variant)
        keys = [variant.key for variant in tab.sees(CatalogueState.form).variants]
        assert keys == ["1", "2"]
        form = {**LATTE, "v1_name": "Panas", "v2_name": "Es", "v2_price": "29000"}
        await tab.send(CatalogueState.save(form))
        await until(lambda: names(tab))
        (row,) = tab.sees(CatalogueState.rows)
        assert [v.name for v in row.variants] == ["Panas", "Es"]
        await tab.send(CatalogueState.edit(row.id))
        await tab.send(CatalogueState.drop_variant("1"))
        await tab.send(CatalogueState.save({**form, "v2_price": "30000"}))
        await until(lambda: len(tab.sees(CatalogueState.rows)[0].variants) == 1)
        assert tab.sees(CatalogueState.rows)[0].variants[0].id == row.variants[1].id


async def test_several_at_once(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        for name in ("Americano", "Latte"):
            await tab.send(CatalogueState.compose)
            await tab.send(CatalogueState.save({**LATTE, "name": name}))
        await until(lambda: len(names(tab)) == 2)
        await tab.send(CatalogueState.choose_all(True))
        assert len(tab.sees(CatalogueState.chosen)) == 2
        await tab.send(CatalogueState.activate_chosen(False))
        await until(lambda: tab.sees(CatalogueState.counts).inactive == 2)
        await tab.send(CatalogueState.choose(999_999, True))
        assert tab.sees(CatalogueState.chosen) == []
        await tab.send(CatalogueState.ask_delete(tab.sees(CatalogueState.rows)[0].id))
        await tab.send(CatalogueState.delete)
        await until(lambda: names(tab) == ["Latte"])


async def test_a_file_is_looked_at_before_it_is_saved(shop):
    content = b"produk,harga\nAmericano,20rb\nTeh,gratis\n"
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        file = rx.UploadFile(file=io.BytesIO(content), path=Path("a.csv"))
        await tab.send(CatalogueState.read_file([file]))
        assert [row.act for row in tab.sees(CatalogueState.import_rows)] == ["", "new"]
        assert "gratis" in tab.sees(CatalogueState.import_rows)[0].problem
        assert names(tab) == []
        await tab.send(CatalogueState.save_import)
        await until(lambda: names(tab) == ["Americano"])
        await tab.send(CatalogueState.export("xlsx"))
        assert tab.was_sent("/export/catalogue.xlsx")


async def test_tools_keep_their_secrets(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop, "/assistant/tools", ToolsState.loaded)
        await tab.send(ToolsState.compose)
        await tab.send(ToolsState.add_header)
        form = {
            "name": "cek_pesanan",
            "description": "Melihat sampai mana pesanan.",
            "method": "GET",
            "url": "https://toko.example/{nomor}",
            "effect": "reads",
            "seconds": "5",
            "a1_name": "nomor",
            "a1_kind": "string",
            "a1_required": "on",
            "h1_name": "X-Api-Key",
            "h1_value": "rahasia-sekali",
        }
        await tab.send(ToolsState.save({**form, "url": "ftp://x/"}))
        assert tab.sees(ToolsState.error_field) == "url"
        await tab.send(ToolsState.save(form))
        secret = tab.sees(ToolsState.secret)
        assert secret.startswith("ctg_")
        await until(lambda: tab.sees(ToolsState.rows))
        await tab.send(ToolsState.forget_secret)
        assert tab.sees(ToolsState.secret) == ""
        (row,) = tab.sees(ToolsState.rows)
        await tab.send(ToolsState.edit(row.id))
        assert "rahasia" not in str(tab._vars)
        # The header stays without being typed again.
        await tab.send(ToolsState.save({**form, "h1_value": "", "description": "Melihat pesanan."}))
        await until(lambda: tab.sees(ToolsState.rows)[0].description == "Melihat pesanan.")
        assert tab.sees(ToolsState.rows)[0].header_names == ["X-Api-Key"]


async def test_a_trial_reaches_no_private_address(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop, "/assistant/tools", ToolsState.loaded)
        await tab.send(ToolsState.compose)
        await tab.send(ToolsState.drop_argument("1"))
        form = {
            "name": "dalam",
            "description": "Ke jaringan dalam.",
            "method": "GET",
            "url": "http://127.0.0.1:5432/",
            "effect": "reads",
            "seconds": "1",
        }
        await tab.send(ToolsState.save(form))
        await until(lambda: tab.sees(ToolsState.rows))
        await tab.send(ToolsState.open_trial(tab.sees(ToolsState.rows)[0].id))
        await tab.send(ToolsState.try_it({}))
        await until(lambda: tab.sees(ToolsState.trial).state)
        assert tab.sees(ToolsState.trial).state == "failed"
        assert "fetch.private" in tab.sees(ToolsState.trial).text


async def test_follow_ups_load(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop, "/follow-ups", FollowUpsState.loaded)
        assert tab.sees(FollowUpsState.rows) == []
        await tab.send(FollowUpsState.finish(7))
        assert tab.sent
