"""
Fetching what an address of somebody else's choosing names: the one guard against misuse.

    page = await Fetcher().get("https://example.com/")

* http and https only, no credentials in the address, ports 80, 443 and those from 1024 on
* the name is resolved by us and every address it has must be public; the connection goes to the
  address that was checked, so a name that changes its mind meanwhile changes nothing
* redirects are followed by us, each checked anew; a header of ours goes to no other site
* there is an end to time and size, counted as they pass and again after decompression

`allow_loopback` is for tests, which have no other server to ask.
"""

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx

from chatrigo.config import settings
from chatrigo.errors import ChatrigoError

AGENT = "ChatrigoBot"
MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 20.0
MOST_REDIRECTS = 5
LONGEST_ADDRESS = 2_000
PAGES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")
XML = ("text/xml", "application/xml", "application/rss+xml", "text/plain")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Public by number and yet inside: Azure's metadata, Oracle's, protocols of carriers, IPv4 within
# IPv6 as it was once written.
_INSIDE = tuple(
    ipaddress.ip_network(network)
    for network in ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48", "::/96", "5f00::/16")
)


class FetchRefused(ChatrigoError):
    """
    Nothing was got. `key` says why, in words for the owner:

    fetch.address     not an address of the web           fetch.private    leads inside a network
    fetch.unknown     there is no such site               fetch.redirects  led around in circles
    fetch.unreachable no connection                       fetch.slow       not finished in time
    fetch.big         larger than {megabytes} MB          fetch.kind       neither page nor text
    fetch.broken      the response broke off              fetch.status     the site says {status}
    """

    status = 422


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where redirects led; `kind` the content type without its parameters."""

    url: str
    status: int
    kind: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Fetcher:
    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        seconds: float = MOST_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._seconds = seconds
        self._most_bytes = most_bytes

    async def get(self, url: str, kinds: tuple[str, ...] = PAGES) -> Fetched:
        """A successful response of one of the `kinds`, redirects followed. Raises FetchRefused."""
        found = await self.request("GET", url, redirects=MOST_REDIRECTS)
        if found.status >= 400:
            raise FetchRefused("fetch.status", status=found.status)
        if found.kind not in kinds:
            raise FetchRefused("fetch.kind", kind=found.kind[:60])
        return found

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        redirects: int = 0,
    ) -> Fetched:
        """
        Whatever the server answers, of any status and kind. Raises FetchRefused.

        With `redirects` left at 0 a redirect is an answer like any other.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(method, url, dict(headers or {}), content, redirects)
        except TimeoutError:
            raise FetchRefused("fetch.slow", seconds=round(self._seconds)) from None
        except httpx.TimeoutException:
            raise FetchRefused("fetch.slow", seconds=round(self._seconds)) from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol):
            raise FetchRefused("fetch.unreachable") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise FetchRefused("fetch.broken") from None

    async def _follow(
        self, method: str, url: str, headers: dict[str, str], content: bytes, redirects: int
    ) -> Fetched:
        first = place = checked(url)
        for _ in range(redirects + 1):
            found = await self._once(method, place, headers, content)
            target = found.headers.get("location", "")
            if not (redirects and found.status in _REDIRECTS and target):
                return found
            place = checked(urljoin(str(place), target))
            if place.host != first.host or place.scheme != first.scheme:
                headers = {}
            if found.status == 303:
                method, content = "GET", b""
        raise FetchRefused("fetch.redirects", most=redirects)

    async def _once(
        self, method: str, url: httpx.URL, headers: dict[str, str], content: bytes
    ) -> Fetched:
        async with self._answer(method, url, headers, content) as response:
            announced = response.headers.get("content-length", "")
            if announced.isdigit() and int(announced) > self._most_bytes:
                raise self._too_big()
            body = b"" if response.status_code in _REDIRECTS else await self._body(response)
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Fetched(str(url), response.status_code, kind, body, response.headers)

    @asynccontextmanager
    async def _answer(
        self, method: str, url: httpx.URL, headers: dict[str, str], content: bytes
    ) -> AsyncIterator[httpx.Response]:
        """
        The connection is made to an address that has been checked; the name goes into `Host` and
        into TLS, which verifies the certificate against it.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        name = url.raw_host.decode("ascii")
        address = await public_address(name, port, allow_loopback=self._allow_loopback)
        pinned = url.copy_with(host=str(address))
        sent = {
            "User-Agent": f"{AGENT}/0.1 (+{settings.origin})",
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "Host": url.netloc.decode("ascii"),
        }
        own = {k: v for k, v in headers.items() if k.lower() not in ("host", "accept-encoding")}
        # A connection of its own for each request: none is shared between names.
        async with httpx.AsyncClient(trust_env=False, timeout=self._seconds) as client:
            request = client.build_request(
                method,
                pinned,
                headers={**sent, **own},
                content=content or None,
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            response = await client.send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()

    async def _body(self, response: httpx.Response) -> bytes:
        unpack = _unpacker(response.headers.get("content-encoding", ""))
        body, read = bytearray(), 0
        async for part in response.aiter_raw():
            read += len(part)
            body += unpack(part, self._most_bytes + 1 - len(body))
            if read > self._most_bytes or len(body) > self._most_bytes:
                raise self._too_big()
        return bytes(body)

    def _too_big(self) -> FetchRefused:
        return FetchRefused("fetch.big", megabytes=self._most_bytes // (1024 * 1024))


def checked(url: str) -> httpx.URL:
    """The address, if it is one of the web. Raises FetchRefused."""
    if not isinstance(url, str) or len(url) > LONGEST_ADDRESS or not url.isprintable():
        raise FetchRefused("fetch.address")
    try:
        place = httpx.URL(url.strip())
        port = place.port
    except (httpx.InvalidURL, ValueError):
        raise FetchRefused("fetch.address") from None
    if place.scheme not in ("http", "https") or not place.host or place.userinfo:
        raise FetchRefused("fetch.address")
    if port is not None and port not in (80, 443) and not 1024 <= port <= 65_535:
        raise FetchRefused("fetch.address")
    return place.copy_with(fragment=None)


async def public_address(name: str, port: int, *, allow_loopback: bool = False) -> Address:
    """The first address of a host; FetchRefused if any of them is not public."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchRefused("fetch.unknown", host=name[:100]) from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise FetchRefused("fetch.unknown", host=name[:100])
    if not all(is_public(each) or (allow_loopback and each.is_loopback) for each in addresses):
        raise FetchRefused("fetch.private")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could be meant: also through what the address wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if any(address in network for network in _INSIDE):
        return False
    return address.is_global and not address.is_multicast


def _unpacker(encoding: str) -> Any:
    """`unpack(part, most)`: what a part of the body means, never more than about `most` bytes."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return lambda part, most: part
    if name not in ("gzip", "x-gzip", "deflate"):
        raise FetchRefused("fetch.broken")
    # 32: a header of gzip or zlib, whichever it is.
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def unpack(part: bytes, most: int) -> bytes:
        try:
            return inflater.decompress(part, max(1, most))
        except zlib.error:
            raise FetchRefused("fetch.broken") from None

    return unpack
