"""docs/security.md names tests as evidence: each of them exists."""

import ast
import re

from chatrigo.config import ROOT

PAGE = ROOT / "docs" / "security.md"


def _tests() -> set[str]:
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name)
    return found


def test_every_test_that_is_named_exists():
    named = set(
        re.findall(r"`(?:[\w/]+(?:\.py)?(?:::|/))?(test_\w+)(?:\.py)?(…?)`", PAGE.read_text())
    )
    tests = _tests()
    assert len(named) > 100
    missing = [
        name
        for name, more in sorted(named)
        if not (any(test.startswith(name) for test in tests) if more else name in tests)
    ]
    assert not missing


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|js|md))`", PAGE.read_text()))
    folders = ("chatrigo", "components", "state", "pages", "assets", "tests", "docs")
    files = [f"/{p.relative_to(ROOT)}" for folder in folders for p in (ROOT / folder).rglob("*.*")]
    missing = [name for name in sorted(named) if not any(f.endswith(f"/{name}") for f in files)]
    assert not missing


def test_the_checklist_has_every_chapter_and_a_verdict_in_each_line():
    text = PAGE.read_text().partition("## OWASP ASVS")[2]
    for chapter in range(1, 18):
        assert re.search(rf"\bV{chapter}\b", text), chapter
    lines = re.findall(r"^\| (?:V?\d[^|]*) \| [^|]+ \| ([^|]+) \|", text, re.MULTILINE)
    assert len(lines) > 100
    assert set(lines) <= {"met", "n/a", "open"}
