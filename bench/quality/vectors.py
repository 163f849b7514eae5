"""Vectors of texts, kept between runs under the data folder: making them takes minutes."""

import asyncio
import hashlib
import sqlite3
from array import array
from collections.abc import Iterable
from typing import Literal

from chatrigo.config import settings
from chatrigo.integrations import embeddings

FILE = settings.data_dir / "vectors.sqlite"


class Vectors:
    """Vectors by text, of the embedding model in the settings."""

    def __init__(self) -> None:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(FILE, timeout=60)
        self._kept.execute(
            "CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID"
        )
        self._loop = asyncio.new_event_loop()

    def of(self, kind: Literal["query", "passage"], texts: Iterable[str]) -> dict[str, array]:
        """Those not made before are made now."""
        found = {}
        for text in dict.fromkeys(texts):
            key = hashlib.sha256(f"{embeddings.model()}\0{kind}\0{text}".encode()).hexdigest()
            row = self._kept.execute("SELECT vector FROM vector WHERE key = ?", [key]).fetchone()
            found[text] = array("f", row[0]) if row else self._make(key, kind, text)
        self._kept.commit()
        return found

    def close(self) -> None:
        self._loop.run_until_complete(embeddings.close())
        self._loop.close()
        self._kept.close()

    def _make(self, key: str, kind: str, text: str) -> array:
        work = embeddings.question(text) if kind == "query" else embeddings.passages([text])
        made = self._loop.run_until_complete(work)
        vector = array("f", made if kind == "query" else made[0])
        self._kept.execute("INSERT OR REPLACE INTO vector VALUES (?, ?)", [key, vector.tobytes()])
        self._kept.commit()
        return vector
