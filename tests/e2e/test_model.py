"""An owner tries the platform's model, chooses their own, and sees what it took."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.test_story import sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e


async def test_an_owner_tries_and_chooses_a_model(chromium: Browser, served: Served):
    owner = await window(chromium, 390)
    await sign_up(owner, served, "pemilik@model.example")
    await owner.goto(f"{served.url}/settings")
    await owner.get_by_role("link", name=re.compile("Model AI")).click()
    await expect(owner.get_by_text("Dari platform")).to_be_visible()
    await expect(owner.get_by_text("Belum ada pemakaian")).to_be_visible()
    await owner.get_by_role("button", name="Coba", exact=True).click()
    await expect(owner.get_by_text(re.compile("Berhasil: kata pertama"))).to_be_visible()
    await expect(owner.get_by_text("Tombol Coba")).to_be_visible()

    await owner.get_by_text("Pakai model sendiri").click()
    await owner.get_by_label("Nama model").fill("model-ku")
    await owner.get_by_label("Alamat API").fill("http://10.0.0.1/v1")
    await owner.get_by_label("Kunci API").fill("sk-rahasia")
    await owner.get_by_role("button", name="Simpan pilihan").click()
    await expect(owner.get_by_text("Alamat harus diawali https://")).to_be_visible()
    await owner.get_by_label("Alamat API").fill("https://model.example/v1")
    await owner.get_by_role("button", name="Simpan pilihan").click()
    await expect(owner.get_by_text("Pilihan model tersimpan")).to_be_visible()
    await expect(owner.get_by_text("Milikmu, di model.example")).to_be_visible()
    await expect(owner.get_by_placeholder("•••••••• tersimpan")).to_have_value("")
    assert "sk-rahasia" not in await owner.content()

    await owner.goto(f"{served.url}/settings/audit")
    await expect(owner.get_by_text("Mengganti model AI").last).to_be_visible()
