"""Which pages a site's map names, and fetching them as its robots.txt allows."""

import asyncio
import zlib
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from lxml import etree

from chatrigo.integrations.documents.found import Unreadable
from chatrigo.integrations.fetch import AGENT, PAGES, XML, Fetched, Fetcher, FetchRefused

MOST_PAGES = 200
MOST_MAPS = 20
AT_ONCE = 4
PAUSE_SECONDS = 0.2
MOST_UNPACKED = 20 * 1024 * 1024
_PACKED = ("application/gzip", "application/x-gzip", "application/octet-stream")


async def pages_of(fetcher: Fetcher, address: str) -> list[str]:
    """
    Up to 200 addresses of the map's own site that robots.txt lets us read; maps may name maps.

    Raises FetchRefused and Unreadable.
    """
    allowed = await _rules(fetcher, address)
    site = urlsplit(address).hostname
    maps, read, found = [address], set[str](), dict[str, None]()
    while maps and len(read) < MOST_MAPS and len(found) < MOST_PAGES:
        place = maps.pop(0)
        if place in read:
            continue
        read.add(place)
        inner, pages = await _map(fetcher, place, first=place == address)
        maps += [each for each in inner if urlsplit(each).hostname == site]
        for page in pages:
            if urlsplit(page).hostname == site and allowed.can_fetch(AGENT, page):
                found[page] = None
    if not found:
        raise Unreadable("sources.map_empty")
    return list(found)[:MOST_PAGES]


async def fetch_all(fetcher: Fetcher, addresses: Sequence[str]) -> list[Fetched | None]:
    """Each page, or None where there is none to be had."""
    await asyncio.sleep(PAUSE_SECONDS)  # a small site should not feel us
    return list(await asyncio.gather(*(_fetch(fetcher, address) for address in addresses)))


async def _fetch(fetcher: Fetcher, address: str) -> Fetched | None:
    try:
        return await fetcher.get(address, PAGES)
    except FetchRefused:
        return None


async def _rules(fetcher: Fetcher, address: str) -> RobotFileParser:
    """A site without a readable robots.txt allows everything."""
    rules = RobotFileParser()
    try:
        found = await fetcher.get(urljoin(address, "/robots.txt"), ("text/plain",))
        rules.parse(found.body.decode(errors="replace").splitlines())
    except FetchRefused:
        rules.parse([])
    return rules


async def _map(fetcher: Fetcher, address: str, *, first: bool) -> tuple[list[str], list[str]]:
    """The maps and the pages that a map names. A nested map that can not be read names none."""
    try:
        found = await fetcher.get(address, (*XML, *_PACKED))
        return _named(found.body)
    except (FetchRefused, Unreadable):
        if first:
            raise
        return [], []


def _named(raw: bytes) -> tuple[list[str], list[str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_unpacked(raw), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Unreadable("sources.map_broken")
    maps, pages = [], []
    for place in root.iter("{*}loc"):
        parent = place.getparent()
        named = (place.text or "").strip()
        if parent is None or not named:
            continue
        kind = etree.QName(parent).localname
        if kind == "sitemap":
            maps.append(named)
        elif kind == "url":
            pages.append(named)
    return maps, pages


def _unpacked(raw: bytes) -> bytes:
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, MOST_UNPACKED)
    except zlib.error:
        raise Unreadable("sources.map_broken") from None
