"""A shop's own server on loopback, which answers as badly as asked."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from chatrigo.integrations import http_tool
from chatrigo.integrations.fetch import Fetcher


@dataclass
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ShopServer:
    """`answers` by path: bytes of a whole response, or "hang" or "endless"."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, bytes | str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def will(self, path: str, body: str, status: int = 200, kind: str = "application/json") -> None:
        content = body.encode()
        head = (
            f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        self.answers[path] = head.encode() + content

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, target, _ = first.split(" ")
            self.asked.append(Asked(method, target, headers, body))
            answer = self.answers.get(target.partition("?")[0], b"HTTP/1.1 404 X\r\n\r\n")
            if answer == "hang":
                await asyncio.sleep(60)
            elif answer == "endless":
                writer.write(b"HTTP/1.1 200 X\r\ncontent-type: text/plain\r\n\r\n")
                while True:
                    writer.write(b"x" * 65536)
                    await writer.drain()
            elif isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def shop_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ShopServer]:
    """A server that tools may reach although it is on loopback."""
    shop = ShopServer()
    server = await asyncio.start_server(shop.serve, "127.0.0.1", 0)
    shop.port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(
        http_tool,
        "fetcher",
        lambda seconds: Fetcher(
            allow_loopback=True, seconds=seconds, most_bytes=http_tool.MOST_BYTES
        ),
    )
    yield shop
    server.close()
