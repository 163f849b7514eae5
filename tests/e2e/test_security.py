"""Passkeys, an authenticator app, proof before what matters, and sessions ended from afar."""

import re
import time

import psycopg
import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from chatrigo import postgres
from tests.e2e.conftest import PICTURES
from tests.e2e.test_story import code_of, sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e


async def with_passkeys(page: Page) -> None:
    """Give the page Chromium's virtual authenticator, which agrees to everything."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    await cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def let_proof_grow_old(served: Served) -> None:
    """As if everybody had signed in an hour ago."""
    address = postgres.address(served.output.parent / "postgres", postgres.DATABASE)
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE auth_session SET confirmed_at = now() - interval '1 hour'")


async def picture(page: Page, name: str) -> None:
    await page.screenshot(path=PICTURES / f"security-{name}.png")


async def sign_out(page: Page, served: Served) -> None:
    await page.goto(f"{served.url}/settings?tab=you")
    await page.get_by_role("button", name="Keluar", exact=True).last.click()
    await page.wait_for_url(re.compile("/sign-in"))


async def test_a_passkey_is_made_and_signs_in(chromium: Browser, served: Served):
    page = await window(chromium, 390)
    await with_passkeys(page)
    await sign_up(page, served, "kunci@cerita.example")
    await page.goto(f"{served.url}/settings/security")
    await page.get_by_role("button", name="Tambah passkey").click()
    await expect(page.get_by_text("Passkey ditambahkan")).to_be_visible()
    await page.get_by_label("Nama passkey").fill("Ponsel toko")
    await page.get_by_role("button", name="Simpan", exact=True).click()
    await expect(page.get_by_text("Ponsel toko")).to_be_visible()
    await picture(page, "passkey")

    await sign_out(page, served)
    await page.get_by_role("button", name="passkey").click()
    await page.wait_for_url(re.compile("/inbox|/settings"))

    # Proof that has grown old is asked for again, and the passkey is the first way.
    let_proof_grow_old(served)
    await page.goto(f"{served.url}/settings/security")
    await page.get_by_role("button", name="Hapus Ponsel toko").click()
    await page.get_by_role("button", name="Hapus", exact=True).click()
    await expect(page.get_by_text("Pastikan ini kamu")).to_be_visible()
    await picture(page, "proof-by-passkey")
    await page.get_by_role("button", name="Pakai passkey").first.click()
    await expect(page.get_by_text("Belum ada passkey")).to_be_visible()


async def test_an_authenticator_app_is_set_up_and_proves(chromium: Browser, served: Served):
    page = await window(chromium, 1440)
    await sign_up(page, served, "aplikasi@cerita.example")
    let_proof_grow_old(served)
    await page.goto(f"{served.url}/settings/security")
    await page.get_by_role("button", name="Siapkan aplikasi").click()

    # Whoever has nothing else proves it by a mailed code; then what was refused goes on by itself.
    await expect(page.get_by_text("Pastikan ini kamu")).to_be_visible()
    await page.get_by_role("button", name="Kirim kode", exact=True).last.click()
    boxes = page.locator("#mailed_code")
    await expect(boxes).to_be_visible()
    await boxes.press_sequentially(await code_of(page, served, "aplikasi@cerita.example"))
    key = page.locator("#app-key")
    await expect(key).to_be_visible()
    await picture(page, "app")
    app = pyotp.TOTP((await key.inner_text()).replace(" ", ""))
    await page.locator("#enrol_code").press_sequentially(app.now())
    await expect(page.get_by_text("Simpan kode pemulihanmu")).to_be_visible()
    codes = await page.locator("#codes li").all_inner_texts()
    assert len(set(codes)) == 10
    await picture(page, "codes")
    await page.get_by_role("button", name="Sudah kusimpan").click()
    await expect(page.get_by_text("Sisa 10 dari 10 kode")).to_be_visible()

    # With an app a mailbox alone proves nothing; the app does, and so does a recovery code.
    let_proof_grow_old(served)
    await page.get_by_role("button", name="Buat ulang").click()
    await expect(page.locator("#app_code")).to_be_visible()
    await picture(page, "proof-by-app")
    await page.get_by_role("button", name="Kirim kode ke e-mail").click()
    await expect(page.locator("#own_password")).to_be_visible()
    await page.get_by_role("button", name="Pakai kode pemulihan").click()
    await page.locator("#recovery_code").fill(codes[0])
    await page.get_by_role("button", name="Konfirmasi").click()
    await expect(page.get_by_text("Simpan kode pemulihanmu")).to_be_visible()
    assert await page.locator("#codes li").first.inner_text() not in codes


async def another_browser(chromium: Browser, context: BrowserContext, served: Served) -> Page:
    """A second signed-in browser of the same person, who knows the password."""
    page = await window(chromium, 390)
    await page.goto(f"{served.url}/sign-in")
    await page.get_by_label("E-mail").fill("dua@cerita.example")
    await page.get_by_role("button", name="Lanjut", exact=True).click()
    await page.get_by_label("Kata sandi", exact=True).fill("tiga kata rahasia")
    await page.get_by_role("button", name="Masuk", exact=True).click()
    boxes = page.get_by_role("textbox").first
    await expect(page.get_by_text("Cek e-mailmu")).to_be_visible()
    await boxes.press_sequentially(await code_of(page, served, "dua@cerita.example"))
    await page.wait_for_url(re.compile("/inbox"))
    return page


async def test_a_session_is_ended_from_another_browser(chromium: Browser, served: Served):
    laptop = await window(chromium, 1440)
    await sign_up(laptop, served, "dua@cerita.example")
    phone = await another_browser(chromium, laptop.context, served)
    await laptop.goto(f"{served.url}/settings/security")
    await picture(laptop, "sessions")
    await laptop.get_by_role("button", name=re.compile("^Keluarkan Chrome")).first.click()
    start = time.monotonic()
    await phone.wait_for_url(re.compile("/sign-in"))
    assert time.monotonic() - start < 3
    await expect(laptop.get_by_text("Perangkat itu sudah dikeluarkan")).to_be_visible()
    await expect(laptop.get_by_text("Perangkat ini", exact=True)).to_be_visible()
    await laptop.goto(f"{served.url}/inbox")
    await expect(laptop).to_have_url(re.compile("/inbox"))
