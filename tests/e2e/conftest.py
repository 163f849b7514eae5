"""The application as a stranger runs it, with a model that writes slowly enough to be watched."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.serving.processes import Served
from tests.support.fake_llm import KEY, MODEL, Behaviour, FakeModel

CHROMIUM = "/usr/bin/chromium"
PICTURES = Path(tempfile.gettempdir()) / "chatrigo-pictures"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    model = FakeModel(default=Behaviour(delay=0.15))
    model.start()
    process = Served(
        tmp_path_factory.mktemp("story"),
        OPENAI_BASE_URL=model.url,
        OPENAI_API_KEY=KEY,
        CHATRIGO_MODEL=MODEL,
        CHATRIGO_QUIET_SECONDS="0.3",
    )
    yield process
    process.stop()
    model.stop()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    PICTURES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        await browser.close()
