"""Every act that the code writes down has words in both languages."""

import ast

from chatrigo.domain.trail import acts
from tests.test_architecture import ROOT, sources


def noted() -> dict[str, str]:
    """The acts named where `audit.note` or a function of ours that passes it on is called."""
    found = {}
    for path in sources("chatrigo"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and _name(node.func) in {"note", "_note"}):
                continue
            for arg in node.args[2:3]:
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                    found[arg.value] = str(path.relative_to(ROOT))
    return {act: where for act, where in found.items() if "." in act}


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_every_act_has_words():
    written = noted()
    assert len(written) > 15
    assert not {act: where for act, where in written.items() if act not in acts()}
