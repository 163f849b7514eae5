"""Our own team: support only with the owner's consent, and a business that is suspended."""

import re

import pytest
from playwright.async_api import Browser, expect

from chatrigo import postgres
from chatrigo.serving import operators
from tests.e2e.conftest import PICTURES
from tests.e2e.test_story import sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e
SECONDS = 15_000


async def test_consent_look_revocation_and_suspension(chromium: Browser, served: Served):
    owner, ours = await window(chromium, 390), await window(chromium, 1440)
    await sign_up(owner, served, "pemilik@operator.example")
    await sign_up(ours, served, "tim@operator.example")
    address = postgres.address(served.output.parent / "postgres", postgres.DATABASE)
    operators.add(address, "tim@operator.example")
    customer = await window(chromium, 390)

    await owner.goto(f"{served.url}/settings/support")
    await owner.get_by_role("button", name="Izinkan").click()
    await expect(owner.get_by_text("Sedang diizinkan")).to_be_visible()

    await ours.goto(f"{served.url}/operator")
    await ours.get_by_placeholder(re.compile("Cari nama")).fill("pemilik@operator")
    row = ours.get_by_role("row").filter(has_text="pemilik@operator.example")
    await expect(row).to_be_visible()
    await expect(row.get_by_text("Boleh dilihat")).to_be_visible()
    await row.get_by_role("link").click()
    await ours.get_by_role("button", name="Lihat usahanya").click()
    await ours.locator("#look-inside").get_by_role("button", name="Lihat usahanya").click()
    banner = ours.get_by_text("sebagai tim bantuan")
    await expect(banner).to_be_visible()
    await ours.screenshot(path=PICTURES / "operator-inside.png")

    await owner.get_by_role("button", name="Cabut", exact=True).first.click()
    await owner.locator("#support-revoke").get_by_role("button", name="Cabut").click()
    await expect(banner).to_be_hidden(timeout=SECONDS)

    await ours.goto(f"{served.url}/operator")
    row = ours.get_by_role("row").filter(has_text="pemilik@operator.example")
    await row.get_by_role("link").click()
    shop = await ours.get_by_text(re.compile(r"^/c/\w")).inner_text()
    await customer.goto(served.url + shop)
    await expect(customer.get_by_placeholder(re.compile("Tulis pesan"))).to_be_visible()
    await ours.get_by_role("button", name="Tangguhkan").click()
    await ours.locator("#reason").fill("Tagihan belum dibayar.")
    await ours.locator("#suspend-form").get_by_role("button", name="Tangguhkan").click()
    await expect(owner.get_by_text("Alasannya: Tagihan belum dibayar.")).to_be_visible(
        timeout=SECONDS
    )
    closed = customer.get_by_text("Toko ini sedang tidak tersedia")
    await expect(closed).to_be_visible(timeout=SECONDS)
    await expect(customer.get_by_placeholder(re.compile("Tulis pesan"))).to_be_hidden()

    await ours.get_by_role("button", name="Cabut penangguhan").click()
    await ours.locator("#free").get_by_role("button", name="Cabut penangguhan").click()
    await expect(closed).to_be_hidden(timeout=SECONDS)
    await expect(owner.get_by_text("Yang kami lakukan")).to_be_visible(timeout=SECONDS)
