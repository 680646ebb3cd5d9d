"""Signed links: what is refused, and what a link looks like."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from vivavoce.domain.catalog import StoredFile
from vivavoce.server.media import MediaLinks, base_url, content_disposition
from vivavoce.server.refusals import Refusal

NOW = datetime(2026, 6, 26, 12, 9, 39, tzinfo=UTC)
FILE = StoredFile(
    id="649980035ebd2d3b2d5c6df5",
    key="f-c6071507-a603-49ed-8d2b-5ec344be3696.csv",
    name="report.csv",
    size=3,
    sha256="",
    client_id="",
    created_on=NOW,
)


class Moment:
    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None: ...


def links(clock: Moment | None = None) -> MediaLinks:
    return MediaLinks(b"k" * 32, clock or Moment(), lambda prefix: "649980035ebd2d3b2d5c6df5")


def check(url: str, clock: Moment | None = None):
    parts = urlsplit(url)
    return links(clock).check(parts.path.encode(), parts.query.encode())


def test_it_looks_as_in_the_contracts_sample():
    url = links().link("http://hostname", FILE, "test1-26-06-23.csv")
    assert re.fullmatch(
        r"http://hostname/api/getMediaStream/media/f-[0-9a-f-]{36}\.csv"
        r"\?e=\d{10}&n=\d{10}&s=[A-Za-z0-9]{62}\$\$&clientfilename=test1-26-06-23\.csv&batchtesting=true",
        url,
    )
    assert check(url) == (FILE.key, "test1-26-06-23.csv")


@pytest.mark.parametrize("name", ["a b&c=d?.csv", "süß/…🎓+%.csv", "q\"uo'te\\", "x" * 300, "$=$&"])
def test_any_name_survives(name):
    url = links().link("", FILE, name)
    assert dict(parse_qsl(urlsplit(url).query))["clientfilename"] == name
    assert check(url).client_name == name


def test_other_ways_of_encoding_the_same_values_are_the_same_link():
    url = links().link("", FILE, "a b-1.csv")
    assert check(url.replace("a%20b-1.csv", "%61%20b%2D1%2ecsv")).client_name == "a b-1.csv"


def test_it_ends_after_24_hours():
    url = links().link("", FILE, "a.csv")
    check(url, Moment(NOW + timedelta(hours=24, seconds=-1)))
    with pytest.raises(Refusal):
        check(url, Moment(NOW + timedelta(hours=24)))


def test_another_key_refuses():
    url = MediaLinks(b"other", Moment(), lambda prefix: "0").link("", FILE, "a.csv")
    with pytest.raises(Refusal):
        check(url)


def mutations() -> list[str]:
    url = links().link("", FILE, "a.csv")
    path, _, query = url.partition("?")
    pairs = query.split("&")
    found = [f"{path}?{'&'.join(pairs[:i] + pairs[i + 1 :])}" for i in range(5)]
    found += [f"{path}?{'&'.join([*pairs, pair])}" for pair in pairs]
    found += [f"{path}?{'&'.join([pair, *pairs])}" for pair in pairs]
    found += [f"{path}?{'&'.join([*pairs[:i], pairs[i + 1], pairs[i], *pairs[i + 2 :]])}" for i in range(4)]
    found += [url + "&", url + "&x=1", url + "&=", url.replace("&", ";"), path, path + "?"]
    found += [url.replace("?e=", "?e=0"), url.replace("?e=", "?E="), url.replace("true", "false")]
    found += [url.replace("=true", "=true%20"), url.replace("=true", "=%ff"), url.replace("=true", "=é")]
    return found


@pytest.mark.parametrize("url", mutations())
def test_missing_extra_repeated_and_reordered_parameters_refuse(url):
    with pytest.raises(Refusal) as caught:
        parts = urlsplit(url)
        links().check(parts.path.encode(), parts.query.encode("utf-8"))
    assert (caught.value.status, caught.value.code) == (401, 4002)


@given(st.data())
def test_any_byte_changed_refuses(data):
    url = links().link("", FILE, "a b.csv")
    at = data.draw(st.integers(min_value=0, max_value=len(url) - 1))
    other = data.draw(st.sampled_from("abcxyzABC0123456789-_.$&=?/%+ "))
    changed = url[:at] + other + url[at + 1 :]
    if changed != url:
        path, _, query = changed.partition("?")
        with pytest.raises(Refusal):
            links().check(path.encode(), query.encode())


@pytest.mark.parametrize(
    "name", ["a.csv", 'a"b\r\nX: y.csv', "../../etc/passwd", "日本.csv", "", "...", "a;b=c"]
)
def test_the_name_to_save_under_is_harmless(name):
    header = content_disposition(name)
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\/\x00-\x1f\x7f]+\"; filename\*=UTF-8''[\w.%~-]+", header
    )
    assert header.isascii()


def test_a_unicode_name_is_kept_for_those_who_can_read_it():
    assert content_disposition("süß.csv").endswith("filename*=UTF-8''" + quote("süß.csv"))


def request(host: str, server: tuple[str, int] | None = ("127.0.0.1", 8000)) -> Request:
    headers = [(b"host", host.encode())] if host else []
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": headers}
    return Request({**scope, "server": server})


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("viva.example:8443", "http://viva.example:8443"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("evil.example/x?", "http://127.0.0.1:8000"),
        ('"><script>', "http://127.0.0.1:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_links_start_with_the_requests_own_host(host, expected):
    assert base_url(request(host), "") == expected


def test_a_configured_address_wins():
    assert base_url(request("a"), "https://viva.example/") == "https://viva.example"
