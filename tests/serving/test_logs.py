"""Log lines: one an event, and without secrets."""

import json
import subprocess
import sys

import pytest

from chatrigo.config import ROOT
from chatrigo.serving.logs import hide_secrets
from tests.serving.processes import variables

SPEAK = """
import logging, structlog
from chatrigo.serving import logs
logs.configure()
structlog.get_logger("shop").info("moved in", cups=3, api_key="hidden")
logging.getLogger("web").warning("GET /_event/?EIO=4&token=%s refused", "hidden")
logging.getLogger("uvicorn.error").info("WebSocket /_event/?token=hidden accepted")
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("till").exception("no change", password="hidden")
"""


def test_a_failure_does_not_show_what_the_variables_held(tmp_path) -> None:
    fail = SPEAK.replace("    1 / 0", "    password = 'hid' + 'den'\n    1 / 0")
    result = subprocess.run(
        [sys.executable, "-c", fail],
        cwd=ROOT,
        env=variables(tmp_path, LOG_FORMAT="text"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ZeroDivisionError" in result.stderr
    assert "hidden" not in result.stderr


@pytest.fixture
def lines(tmp_path) -> list[dict]:
    result = subprocess.run(
        [sys.executable, "-c", SPEAK],
        cwd=ROOT,
        env=variables(tmp_path, LOG_FORMAT="json"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hidden" not in result.stderr
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_each_event_is_one_object(lines: list[dict]) -> None:
    assert [line["event"].split()[0] for line in lines] == ["moved", "GET", "no"]
    assert lines[0]["cups"] == 3
    assert lines[0]["logger"] == "shop"
    assert lines[1]["level"] == "warning"
    assert "ZeroDivisionError" in lines[2]["exception"]
    assert all(line["timestamp"].endswith("Z") for line in lines)


@pytest.mark.parametrize("name", ["token", "session_token", "password", "OPENAI_API_KEY", "Cookie"])
def test_values_under_a_secret_name_are_left_out(name: str) -> None:
    assert hide_secrets(None, "", {name: "hidden"}) == {name: "…"}
