"""What the browser is given holds no secret, no backend var, and no path of the server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatrigo.config import ROOT
from chatrigo.serving.front_end import STATIC

SECRETS = {
    "SECRET_KEY": "sentinel-secret-key-5f1c",
    "OLD_SECRET_KEYS": "sentinel-old-key-77aa",
    "DATABASE_URL": "postgresql://sentinel-user:sentinel-password@db.invalid/sentinel-db",
    "REDIS_URL": "redis://:sentinel-redis@redis.invalid",
    "OPENAI_API_KEY": "sentinel-model-key-0b2e",
    "OPENAI_BASE_URL": "http://sentinel-model.invalid/v1",
    "SMTP_URL": "smtp://sentinel-mail:sentinel-mail-password@mail.invalid",
}
# Renders every page as the build does, and the states as they are when a tab opens.
RENDER = """
import json, sys
import reflex as rx
from chatrigo.chatrigo import app
from reflex.compiler.utils import compile_state
pages = {}
for route in list(app._unevaluated_pages):
    app._compile_page(route)
    pages[route] = str(app._pages[route].render())
print(json.dumps({"pages": pages, "state": compile_state(rx.State)}, default=str))
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the pages are made of, with a secret in every setting that can hold one."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    folder = tmp_path_factory.mktemp("data")
    done = subprocess.run(
        [sys.executable, "-c", RENDER],
        cwd=ROOT,
        env={**clean, **SECRETS, "CHATRIGO_DATA_DIR": str(folder), "CHATRIGO_DEMO": "true"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_no_page_and_no_state_holds_a_setting_that_is_secret(rendered):
    assert len(rendered["pages"]) > 10
    text = json.dumps(rendered)
    assert "sentinel" not in text
    assert str(ROOT) not in text


def test_backend_vars_stay_on_the_server(rendered):
    names = set(re.findall(r'"(\w+)_rx_state_"', json.dumps(rendered["state"])))
    assert len(names) > 50
    assert not [name for name in names if name.startswith("_")]


def _built() -> list[Path]:
    return [
        path
        for folder in (STATIC, ROOT / "assets")
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".js", ".mjs", ".html", ".css", ".json", ".svg", ".xml", ".txt", ".map"}
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        re.escape(str(ROOT)),
        re.escape(str(Path(sys.prefix))),
        r"/site-packages/",
        r"postgres(ql)?://",
        r"(smtps?|rediss?)://\w",
        r"\bsk-(proj-)?[A-Za-z0-9]{20,}",
        r"-----BEGIN [A-Z ]*PRIVATE KEY",
        r"\b_\w+_rx_state_",
        r"SECRET_KEY|OLD_SECRET_KEYS|OPENAI_API_KEY|DATABASE_URL",
        r"\$argon2id\$",
    ],
)
def test_the_built_bundle_and_the_assets_hold_no(pattern):
    files = _built()
    assert files
    for path in files:
        found = re.search(pattern, path.read_text(errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_no_source_map_is_served():
    assert not [path for path in _built() if path.suffix == ".map"]
