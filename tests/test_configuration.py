"""Settings, `.env.example` and docs/configuration.md say the same; nothing else reads them."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatrigo.config import ROOT, Settings

PACKAGES = ("chatrigo", "components", "pages", "state", "migrations")
MAY_TOUCH_THE_ENVIRONMENT = (ROOT / "chatrigo" / "config.py", ROOT / "chatrigo" / "serving")


def settings_with_defaults() -> dict[str, str]:
    """Each setting's name in the environment, and its default as a person would write it."""
    return {
        str(field.validation_alias or name).upper(): _written(field.default)
        for name, field in Settings.model_fields.items()
    }


def _written(value: object) -> str:
    if value is None or value == ROOT / ".data":
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_example_has_every_setting_and_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    shown = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert shown == settings_with_defaults()


def test_the_example_explains_every_setting() -> None:
    blocks = (ROOT / ".env.example").read_text().split("\n\n")
    for block in blocks:
        *comment, last = block.strip().splitlines()
        if not last.startswith("#"):
            assert comment, f"{last} is not explained"
            assert all(line.startswith("# ") for line in comment)


def test_the_documentation_has_every_setting_and_its_default() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.+) \|$", text, re.MULTILINE)
    assert {name: default for name, default, _ in rows} == settings_with_defaults()


def test_nothing_else_reads_the_environment() -> None:
    readers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not any(path == place or place in path.parents for place in MAY_TOUCH_THE_ENVIRONMENT)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert not readers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "99999"),
        ("PORT", "three"),
        ("PUBLIC_URL", "chat.example.com"),
        ("DATABASE_URL", "mysql://user:hidden@host/name"),
        ("LOG_FORMAT", "xml"),
        ("LLM_TOTAL_SECONDS", "-1"),
        ("CHATRIGO_DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line(name: str, value: str) -> None:
    result = import_settings({name: value})
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"chatrigo: the setting {name} is wrong: ")
    assert "hidden" not in line


def test_nothing_behind_the_equals_sign_means_not_set(tmp_path: Path) -> None:
    names = [name for name, default in settings_with_defaults().items() if not default]
    result = import_settings(
        dict.fromkeys(names, ""),
        "print(s.data_dir, s.origin, s.database_url, s.redis_url, s.smtp_url, s.has_model)",
    )
    assert result.stdout.split() == [
        str(ROOT / ".data"),
        "http://localhost:3000",
        *("None", "None", "None", "False"),
    ]


def import_settings(variables: dict[str, str], then: str = "") -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"from chatrigo.config import settings as s; {then}"],
        cwd=ROOT,
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
