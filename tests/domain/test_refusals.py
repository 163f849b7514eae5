"""Every refusal of the domain has its words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import chatrigo.domain
from chatrigo.errors import ChatrigoError
from chatrigo.i18n import LOCALES, catalogue

ROOT = Path(chatrigo.domain.__path__[0])
REFUSALS = {cls.__name__ for cls in ChatrigoError.__subclasses__()}


def _calls() -> Iterator[ast.Call]:
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node


def _keys() -> set[str]:
    keys: set[str] = set()
    for call in _calls():
        texts = [a.value for a in call.args if isinstance(a, ast.Constant)]
        words = [text for text in texts if isinstance(text, str) and "." in text]
        name = call.func.id  # type: ignore[attr-defined]
        if name in ("text_of", "line_of") and words:
            keys.add(f"{words[0]}_long")
            keys |= {f"{words[0]}_missing" for k in call.keywords if k.arg == "least"}
        elif name == "choice_of" and words:
            keys.add(f"{words[0]}_unknown")
        elif name in REFUSALS and words:
            keys.add(words[0])
    return keys


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_has_its_words(locale):
    assert _keys() - set(catalogue(locale)) == set()
