"""An owner edits the draft, runs the tests, sees a failure, publishes with a reason, goes back."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.test_story import picture, sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

WIDTH = 1440


async def test_from_a_draft_to_a_reason_and_back(chromium: Browser, served: Served):
    owner = await window(chromium, WIDTH)
    await sign_up(owner, served, "versi@cerita.example")

    await owner.goto(f"{served.url}/assistant/tests")
    await owner.get_by_role("button", name="Tambah tes").click()
    await owner.get_by_label("Yang ditulis pelanggan").fill("mau ngomong sama admin dong")
    await owner.get_by_label("Fakta yang harus ada").fill("jam 9 pagi")
    await owner.get_by_label("Tindakan yang diharapkan").select_option("handover")
    await owner.get_by_role("button", name="Simpan tes").click()
    await expect(owner.get_by_text("Tes tersimpan")).to_be_visible()

    await owner.get_by_role("link", name="Instruksi", exact=True).click()
    await owner.get_by_label("Nama asisten").fill("Rangga")
    await owner.get_by_role("button", name="Simpan", exact=True).click()
    await expect(owner.get_by_text("Kamu mengubah draf versi 2")).to_be_visible()
    await picture(owner, "draft", WIDTH)

    await owner.get_by_role("button", name="Terbitkan", exact=True).click()
    dialog = owner.get_by_role("dialog")
    await expect(dialog.get_by_text("1 tes gagal")).to_be_visible()
    await expect(dialog.get_by_text("Tidak menyebut “jam 9 pagi”")).to_be_visible()
    await picture(owner, "failing", WIDTH)
    await dialog.get_by_label("Kenapa tetap diterbitkan?").fill("Jam baru mulai besok")
    await dialog.get_by_role("button", name="Terbitkan juga").click()
    await expect(owner.get_by_text("Versi 2 sedang dipakai")).to_be_visible()

    await owner.get_by_role("link", name="Riwayat", exact=True).click()
    await expect(owner.get_by_text("Alasan: Jam baru mulai besok")).to_be_visible()
    await owner.get_by_role("button", name="Kembalikan", exact=True).first.click()
    await dialog.get_by_role("button", name="Kembalikan", exact=True).click()
    await expect(owner.get_by_text("Versi 3", exact=True)).to_be_visible()
    await expect(owner.get_by_text("dari versi 1").first).to_be_visible()
    await picture(owner, "history", WIDTH)

    await owner.get_by_role("link", name="Coba", exact=True).click()
    await owner.get_by_label("Pertanyaan untuk asisten").fill("mau ngomong sama admin")
    await owner.get_by_role("button", name="Kirim").click()
    await expect(owner.get_by_text("Ke orang: Minta bicara dengan orang")).to_be_visible()
