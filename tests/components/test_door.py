"""The pages of signing in and up have words for whatever they may hear."""

import re
from pathlib import Path

from components import door

ROOT = Path(__file__).parents[2]
ACCOUNTS = [*(ROOT / "chatrigo/domain/accounts").glob("*.py"), ROOT / "state/mail.py"]
RAISED = re.compile(r'"((?:auth|errors)\.[a-z_]+)"')


def test_every_refusal_has_its_place_on_the_page():
    raised = {key for path in ACCOUNTS for key in RAISED.findall(path.read_text())}
    limits = set(RAISED.findall((ROOT / "chatrigo/limits.py").read_text()))
    shown = {*door.BUSINESS, *door.EMAIL, *door.PASSWORD, *door.CODE, *door.FORM}
    assert raised | limits <= shown
    assert len(raised) > 10
