"""Who calls: the token of a client app (testing-api.md 1 and 8.27)."""

import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.datastructures import Headers

from vivavoce.domain.catalog import App
from vivavoce.engine.core import Engine
from vivavoce.server.refusals import invalid_credentials

LEEWAY_S = 5
_LONGEST_CLIENT_ID = 256


@dataclass(frozen=True)
class Caller:
    """An app that proved itself, and in whose name it calls."""

    app: App
    subject: str  # the token's `sub`; else the app's client id


def authenticate(engine: Engine, headers: Headers) -> Caller:
    """The caller behind a request's headers. Blocking. Raises Refusal (401)."""
    token = token_of(headers)
    client_id = claimed_app(token)
    app = engine.store.apps.get(client_id) if client_id else None
    if app is None or app.revoked:
        raise invalid_credentials()
    claims = verified_claims(token, app)
    if claims is None or claims.get("appId") != client_id or not timely(claims, app, engine.clock.now()):
        raise invalid_credentials()
    subject = claims.get("sub")
    return Caller(app, subject if isinstance(subject, str) and subject.strip() else app.client_id)


def token_of(headers: Headers) -> str:
    """`auth` wins, even when it is broken; else `Authorization: bearer`."""
    if "auth" in headers:
        return headers["auth"].strip()
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def claimed_app(token: str) -> str:
    """The client id that a token claims, before anything is verified; empty: it claims none."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        payload = msgspec.json.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""
    claimed = payload.get("appId") if isinstance(payload, dict) else None
    if not isinstance(claimed, str) or not claimed.isascii() or not claimed.isprintable():
        return ""
    return claimed if len(claimed) <= _LONGEST_CLIENT_ID else ""


def verified_claims(token: str, app: App) -> dict[str, Any] | None:
    """A token's claims when it is signed with the app's secret by the app's own algorithm; else None."""
    if not _canonical(token.rpartition(".")[2]):
        return None
    try:
        claims = jwt.decode(token, OctKey.import_key(app.secret), algorithms=[app.algorithm]).claims
    except Exception:  # a stranger's token: the library raises more than its own errors on odd headers
        return None
    return dict(claims)


def _canonical(signature: str) -> bool:
    """Whether it is the one way to write its bytes: Base64 ends in bits that nobody reads."""
    try:
        data = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    return urlsafe_b64encode(data).decode().rstrip("=") == signature


def timely(claims: dict[str, Any], app: App, now: datetime) -> bool:
    """Whether the token is not over, not too old and not from the future, 5 s of leeway given."""
    moment = now.timestamp()
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if not all(_is_time(value) for value in times.values()):
        return False
    if "iat" in times and times["iat"] > moment + LEEWAY_S:
        return False
    if "nbf" in times and times["nbf"] > moment + LEEWAY_S:
        return False
    if "exp" in times:
        return bool(times["exp"] + LEEWAY_S > moment)
    return "iat" in times and bool(times["iat"] + app.max_lifetime_s + LEEWAY_S > moment)


def _is_time(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
