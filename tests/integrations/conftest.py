"""The outside world, played by real servers on loopback."""

from collections.abc import Callable
from typing import Any

import pytest

from chatrigo.config import settings
from tests.support.fake_llm import fake_llm
from tests.support.fake_smtp import fake_smtp, make_fake_smtp

__all__ = ["fake_llm", "fake_smtp", "make_fake_smtp", "setting"]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`setting(llm_total_seconds=0.1)` for the length of a test; the settings are frozen else."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            assert name in type(settings).model_fields, name
            monkeypatch.setitem(settings.__dict__, name, value)

    return change
