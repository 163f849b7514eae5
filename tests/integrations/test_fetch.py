"""Fetching addresses of somebody else's choosing, from a server that means no good."""

import ipaddress
import time

import pytest

from chatrigo.integrations import fetch
from chatrigo.integrations.fetch import Fetcher, FetchRefused, checked, is_public
from tests.support.fake_site import FakeSite

MEGABYTE = 1024 * 1024


@pytest.fixture
def site():
    with FakeSite() as site:
        yield site


@pytest.fixture
def fetcher():
    return Fetcher(allow_loopback=True, seconds=10, most_bytes=MEGABYTE)


async def refused(fetcher, url):
    with pytest.raises(FetchRefused) as refusal:
        await fetcher.get(url)
    return refusal.value.key


async def test_a_page_is_fetched_and_we_say_who_we_are(site, fetcher):
    site.page("/", "<p>Halo</p>")
    found = await fetcher.get(site.url("/"))
    assert (found.status, found.kind) == (200, "text/html")
    assert b"Halo" in found.body
    assert site.headers[0]["User-Agent"].startswith("ChatrigoBot/")
    assert site.headers[0]["Host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1:0:0:0:1",
    ],
)
def test_what_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.10.66.1", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_what_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        7,
        "ftp://x.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://x.example",
        "//x.example/",
        "http://",
        "http:///x",
        "http://a:b@x.example/",
        "http://x.example:22/",
        "http://x.example:25/",
        "http://x.example:99999/",
        "http://x.example/\r\nHost: y",
        "http://x.example/" + "a" * 2_000,
    ],
)
def test_what_is_no_address_of_the_web(url):
    with pytest.raises(FetchRefused) as refusal:
        checked(url)
    assert refusal.value.key == "fetch.address"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"],
)
async def test_nothing_inside_is_reached_however_it_is_written(site, host):
    site.page("/", "rahasia")
    assert await refused(Fetcher(), f"http://{host}:{site.port}/") == "fetch.private"
    assert site.asked == []


async def test_a_name_that_leads_inside_is_refused_though_one_address_is_public(
    site, fetcher, monkeypatch
):
    def resolve(*_, **__):
        return [(2, 1, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    assert await refused(Fetcher(), "http://toko.example/") == "fetch.private"


async def test_the_connection_goes_to_the_address_that_was_checked(site, fetcher, monkeypatch):
    """A name that resolves differently the second time (rebinding) is not asked a second time."""
    asked = []

    def resolve(host, port, *_, **__):
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    site.page("/", "Halo")
    found = await fetcher.get(f"http://toko.example:{site.port}/")
    assert found.status == 200
    assert site.headers[0]["Host"] == f"toko.example:{site.port}"
    assert asked.count("toko.example") == 1


async def test_a_redirect_is_followed_and_checked_anew(site, fetcher):
    site.page("/baru", "Halo")
    site.redirects = {"/lama": "/baru", "/dalam": "http://10.0.0.1/admin"}
    site.redirects["/awan"] = "http://169.254.169.254/latest/meta-data/"
    site.redirects["/berkas"] = "file:///etc/passwd"
    found = await fetcher.get(site.url("/lama"))
    assert found.url == site.url("/baru")
    assert await refused(fetcher, site.url("/dalam")) == "fetch.private"
    assert await refused(fetcher, site.url("/awan")) == "fetch.private"
    assert await refused(fetcher, site.url("/berkas")) == "fetch.address"


async def test_going_around_in_circles_ends(site, fetcher):
    site.redirects = {"/a": "/b", "/b": "/a"}
    assert await refused(fetcher, site.url("/a")) == "fetch.redirects"
    assert len(site.asked) == fetch.MOST_REDIRECTS + 1


async def test_our_headers_go_to_no_other_site(site, fetcher):
    with FakeSite() as other:
        other.page("/", "Halo")
        site.redirects = {"/": f"http://localhost:{other.port}/"}
        await fetcher.request("GET", site.url("/"), headers={"X-Secret": "rahasia"}, redirects=2)
        assert site.headers[0]["X-Secret"] == "rahasia"
        assert "X-Secret" not in other.headers[0]


async def test_a_request_with_a_body_does_not_follow_redirects(site, fetcher):
    site.redirects = {"/": "/baru"}
    found = await fetcher.request("POST", site.url("/"), content=b"{}")
    assert (found.status, found.headers["location"]) == (302, "/baru")


async def test_what_never_ends_is_cut_by_size(site, fetcher):
    site.endless.add("/banjir")
    assert await refused(fetcher, site.url("/banjir")) == "fetch.big"
    assert site.sent < 20 * MEGABYTE


async def test_what_drips_for_ever_is_cut_by_time(site, fetcher):
    site.endless.add("/tetes")
    started = time.monotonic()
    assert (
        await refused(Fetcher(allow_loopback=True, seconds=1), site.url("/tetes")) == "fetch.slow"
    )
    assert time.monotonic() - started < 10


async def test_a_server_that_says_nothing_is_left(site):
    site.slow["/diam"] = 30
    assert (
        await refused(Fetcher(allow_loopback=True, seconds=0.5), site.url("/diam")) == "fetch.slow"
    )


async def test_a_gigabyte_is_refused_by_its_announcement(site, fetcher):
    site.page("/besar", "x")
    site.lying["/besar"] = 1024 * MEGABYTE
    assert await refused(fetcher, site.url("/besar")) == "fetch.big"


async def test_a_length_that_is_a_lie(site, fetcher):
    site.page("/kurang", "x" * 1000)
    site.lying["/kurang"] = 5000
    assert await refused(fetcher, site.url("/kurang")) == "fetch.broken"


async def test_what_unpacks_to_too_much_is_refused(site, fetcher):
    site.page("/bom", "0" * 50 * MEGABYTE)
    site.packed.add("/bom")
    assert await refused(fetcher, site.url("/bom")) == "fetch.big"


async def test_a_packed_page_is_unpacked(site, fetcher):
    site.page("/", "Halo " * 100)
    site.packed.add("/")
    assert b"Halo Halo" in (await fetcher.get(site.url("/"))).body


async def test_only_pages_and_texts_are_wanted(site, fetcher):
    site.answers["/film"] = ("video/mp4", b"x")
    site.statuses["/hilang"] = 404
    assert await refused(fetcher, site.url("/film")) == "fetch.kind"
    assert await refused(fetcher, site.url("/hilang")) == "fetch.status"


async def test_a_site_that_is_not_there(fetcher):
    assert await refused(fetcher, "http://127.0.0.1:9/x") in ("fetch.address", "fetch.unreachable")
    assert await refused(fetcher, "http://127.0.0.1:1999/x") == "fetch.unreachable"
    assert await refused(fetcher, "http://tidak-ada.invalid/") == "fetch.unknown"
