"""
What the commands `demo` and `dev` decide before the settings are read, and what Reflex must
find in the environment before it is imported.
"""

import os

MODES = {
    "demo": {"CHATRIGO_DEMO": "true"},
    "seed": {"CHATRIGO_DEMO": "true"},
    "dev": {"CHATRIGO_DEMO": "true", "CHATRIGO_DEV": "true"},
}


def choose(command: str) -> None:
    os.environ.update(MODES.get(command, {}))
