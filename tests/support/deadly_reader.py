"""A reader of documents that dies as it is told: `python -m tests.support.deadly_reader JOB`."""

import json
import os
import sys
import time
from pathlib import Path

from chatrigo.integrations.documents import reader
from chatrigo.integrations.documents.found import Document

reader.limit()


def deadly(path: Path, kind: str, name: str) -> Document:
    raw = path.read_bytes()
    if raw == b"RUSAK":
        os._exit(139)
    if raw == b"LAMA":
        time.sleep(60)
    if raw == b"BANYAK":
        bytearray(2 * 1024**3)
    return read(path, kind, name)


read = reader.read
reader.read = deadly
for outcome in reader.outcomes(json.loads(sys.argv[1])):
    reader.tell(outcome)
