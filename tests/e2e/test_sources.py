"""A file is handed in on a phone, read before one's eyes, and found; a chat's proposals are judged."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.test_story import sign_up, window
from tests.integrations.test_documents import pdf_of
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

CHAT = b"""12/03/24 14.05 - Budi: Halo kak, buka jam berapa?
12/03/24 14.07 - Kopi Cerita: Kami buka jam 08.00 sampai 22.00 kak
13/03/24 09.00 - Budi: bisa bayar pakai qris?
13/03/24 09.02 - Kopi Cerita: Bisa kak, QRIS dan transfer
"""


def guide() -> bytes:
    """Three hundred pages, one of which tells of guarantees."""
    pages = [f"Bab {n}: catatan dapur nomor {n} tentang biji dan air. " * 12 for n in range(300)]
    pages[216] = "Mesin kopi bergaransi resmi satu tahun sejak tanggal pembelian."
    return pdf_of(*pages)


async def hand_in(page: Page, label: str, name: str, raw: bytes) -> None:
    zone = page.locator("label[data-upload]").filter(has_text=label)
    await zone.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": raw}
    )


async def picture(page: Page, name: str, width: int) -> None:
    await page.screenshot(path=PICTURES / f"sources-{width}-{name}.png")


@pytest.mark.parametrize("width", [390, 1440])
async def test_from_a_file_to_an_answer(width: int, chromium: Browser, served: Served):
    owner = await window(chromium, width)
    await sign_up(owner, served, f"sumber{width}@cerita.example")
    await owner.goto(f"{served.url}/knowledge")
    await owner.get_by_role("link", name="Sumber", exact=True).first.click()
    await expect(owner.get_by_text("Belum ada sumber")).to_be_visible()
    await picture(owner, "empty", width)

    await hand_in(owner, "Tarik berkas", "buku panduan.pdf", guide())
    reading = owner.get_by_role("progressbar", name=re.compile("Kemajuan membaca buku panduan"))
    await expect(reading).to_be_visible()
    await picture(owner, "reading", width)
    source = owner.get_by_role("listitem").filter(has_text="buku panduan.pdf")
    await expect(source.get_by_text("Siap")).to_be_visible(timeout=60_000)

    # What can't be read is told at its source, and the rest goes on.
    await hand_in(owner, "Tarik berkas", "rusak.pdf", b"%PDF-1.7 nothing")
    broken = owner.get_by_role("listitem").filter(has_text="rusak.pdf")
    await expect(broken.get_by_text("Berkas ini rusak")).to_be_visible()
    await hand_in(owner, "Tarik berkas", "film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(500))
    await expect(owner.get_by_text("film.mp4: Berkas jenis ini")).to_be_visible()
    await picture(owner, "list", width)

    await source.get_by_role("link", name="buku panduan.pdf").click()
    await owner.get_by_placeholder("Cari di potongan").fill("bergaransi")
    await expect(owner.get_by_text(re.compile(r"hal\. 21\d"))).to_have_count(1)
    await picture(owner, "pieces", width)

    await owner.goto(f"{served.url}/knowledge")
    await owner.get_by_label("Pertanyaan yang mau dicoba").fill("mesin kopi ada garansinya?")
    await owner.get_by_role("button", name="Coba", exact=True).click()
    await expect(owner.get_by_text("bergaransi resmi satu tahun")).to_be_visible()

    # Switched off, it is not used for the very next question.
    await owner.goto(f"{served.url}/knowledge/sources")
    await owner.get_by_role("switch", name="Dipakai asisten: buku panduan.pdf").click()
    await expect(source.get_by_text("Dimatikan")).to_be_visible()


async def test_what_a_chat_proposes_waits_for_approval(chromium: Browser, served: Served):
    owner = await window(chromium, 390)
    await sign_up(owner, served, "obrolan@cerita.example")
    await owner.goto(f"{served.url}/knowledge/sources")
    await owner.get_by_role("button", name="Obrolan WhatsApp").click()
    await hand_in(owner, "Pilih ekspor obrolan", "Chat WhatsApp dengan Budi.txt", CHAT)
    await expect(owner.get_by_text("usulan tanya jawab menunggu")).to_be_visible(timeout=60_000)
    await owner.get_by_role("link", name="Tinjau usulan").click()
    first = owner.get_by_role("listitem").filter(has_text="Buka jam berapa?")
    await first.get_by_role("button", name="Setujui: Buka jam berapa?", exact=True).click()
    await expect(owner.get_by_text("1 tanya jawab langsung dipakai asisten.")).to_be_visible()
    await expect(first).to_be_hidden()
    await owner.get_by_label("Pilih semua").click()
    await owner.get_by_role("button", name="Tolak 1").click()
    await owner.get_by_role("dialog").get_by_role("button", name="Tolak", exact=True).click()
    await expect(owner.get_by_text("Tidak ada usulan")).to_be_visible()
    await picture(owner, "judged", 390)
    await owner.goto(f"{served.url}/knowledge")
    await expect(owner.get_by_text("Kami buka jam 08.00")).to_be_visible()
