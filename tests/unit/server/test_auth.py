"""Tokens: what they claim, whether they are signed, whether they are in time."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.datastructures import Headers

from vivavoce.domain.catalog import App
from vivavoce.server.auth import claimed_app, timely, token_of, verified_claims
from vivavoce.server.identity import user_id

NOW = datetime(2026, 1, 1, tzinfo=UTC)
T = int(NOW.timestamp())
SECRET = "a secret that is long enough for HS256 and HS512"
APP = App(client_id="cs-1", name="a", secret=SECRET, created_on=NOW, max_lifetime_s=3600)


def signed(claims: dict, algorithm: str = "HS256", secret: str = SECRET) -> str:
    key = OctKey.import_key(secret)
    return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])


def unsigned(header: object, payload: object, signature: str = "") -> str:
    def part(value: object) -> str:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return urlsafe_b64encode(data).decode().rstrip("=")

    return f"{part(header)}.{part(payload)}.{signature}"


def test_auth_wins_over_authorization_even_when_it_is_broken():
    assert token_of(Headers({"auth": "a.b.c", "authorization": "bearer d"})) == "a.b.c"
    assert token_of(Headers({"auth": "", "authorization": "bearer d"})) == ""
    assert token_of(Headers({"Authorization": "Bearer d.e.f"})) == "d.e.f"
    assert token_of(Headers({"authorization": "Basic d.e.f"})) == ""
    assert token_of(Headers({})) == ""


def test_the_claimed_app_is_spelled_exactly():
    assert claimed_app(signed({"appId": "cs-1"})) == "cs-1"
    for other in ("appid", "app ID", "AppId", "sub"):
        assert claimed_app(signed({other: "cs-1"})) == ""


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "é.é.é",
        "." * 500,
        unsigned({"alg": "HS256"}, b"no json"),
        unsigned({"alg": "HS256"}, b"\xff\xfe"),
        unsigned({"alg": "HS256"}, b"[" * 100_000),
        unsigned({"alg": "HS256"}, b'{"appId":' * 50_000),
        unsigned({"alg": "HS256"}, ["cs-1"]),
        *(
            unsigned({"alg": "HS256"}, {"appId": claim})
            for claim in (None, 1, True, ["cs-1"], {"a": 1}, "", "cs\0", "cs\ud800", "é", "x" * 300)
        ),
    ],
)
def test_what_claims_no_app(token):
    assert claimed_app(token) == ""


@pytest.mark.parametrize(
    "token",
    [
        unsigned({"alg": "none"}, {"appId": "cs-1"}),
        unsigned({"alg": "None"}, {"appId": "cs-1"}),
        unsigned({}, {"appId": "cs-1"}),
        unsigned({"alg": ["HS256"]}, {"appId": "cs-1"}, "AAAA"),
        unsigned({"alg": {"HS256": 1}}, {"appId": "cs-1"}, "AAAA"),
        unsigned({"alg": "HS256", "crit": ["x"], "x": 1}, {"appId": "cs-1"}, "AAAA"),
        unsigned({"alg": "HS256", "b64": False}, {"appId": "cs-1"}, "AAAA"),
        unsigned({"alg": "RS256"}, {"appId": "cs-1"}, "AAAA"),
        unsigned([], {"appId": "cs-1"}, "AAAA"),
        unsigned(b"[" * 100_000, {"appId": "cs-1"}, "AAAA"),
        signed({"appId": "cs-1"}, secret=SECRET + "x"),
        signed({"appId": "cs-1"}, "HS512"),
        signed({"appId": "cs-1"})[:-2],
        signed({"appId": "cs-1"}) + "A",
    ],
)
def test_what_is_not_signed_by_the_app(token):
    assert verified_claims(token, APP) is None


def test_a_signature_can_be_written_in_one_way_alone():
    token = signed({"appId": "cs-1"})
    others = {
        token[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
    }
    assert [other for other in others if verified_claims(other, APP) is not None] == [token]


def test_an_app_allows_its_own_algorithm_alone():
    hs512 = App(client_id="cs-1", name="a", secret=SECRET, created_on=NOW, algorithm="HS512")
    assert verified_claims(signed({"appId": "cs-1"}, "HS512"), hs512) == {"appId": "cs-1"}
    assert verified_claims(signed({"appId": "cs-1"}), hs512) is None
    assert verified_claims(signed({"appId": "cs-1"}), APP) == {"appId": "cs-1"}


@pytest.mark.parametrize(
    ("claims", "fine"),
    [
        ({"exp": T + 1}, True),
        ({"exp": T - 4}, True),  # leeway
        ({"exp": T - 5}, False),
        ({"exp": T + 0.5}, True),
        ({"exp": 10**400}, True),
        ({"exp": -(10**400)}, False),
        ({"exp": str(T + 100)}, False),
        ({"exp": None}, False),
        ({"exp": True}, False),
        ({"exp": [T + 100]}, False),
        ({"exp": float("inf")}, False),
        ({"exp": float("nan")}, False),
        ({}, False),
        ({"iat": T}, True),
        ({"iat": T + 5}, True),
        ({"iat": T + 6}, False),
        ({"iat": T - 3600 - 4}, True),
        ({"iat": T - 3600 - 5}, False),
        ({"iat": str(T)}, False),
        ({"iat": T - 10_000, "exp": T + 1}, True),
        ({"iat": "x", "exp": T + 1}, False),
        ({"nbf": T + 6, "exp": T + 100}, False),
        ({"nbf": T + 5, "exp": T + 100}, True),
    ],
)
def test_times(claims, fine):
    assert timely(claims, APP, NOW) is fine


def test_a_person_has_one_id():
    assert user_id(" Ada@Example.org") == user_id("ada@example.org") != user_id("bob@example.org")
    assert user_id("\ud800").startswith("u-")
