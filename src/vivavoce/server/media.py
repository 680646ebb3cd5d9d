"""Signed links to files (testing-api.md 4.5 and 8.28): whoever holds one may fetch the file for a day."""

import hashlib
import hmac
import re
from base64 import b64encode
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

import msgspec
from starlette.requests import Request

from vivavoce.domain.catalog import StoredFile
from vivavoce.engine.ports.clock import Clock, NewId
from vivavoce.server.refusals import invalid_credentials

LIFETIME = timedelta(hours=24)
PARAMETERS = ("e", "n", "s", "clientfilename", "batchtesting")
_HOST = re.compile(r"[A-Za-z0-9._~-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class MediaFile(NamedTuple):
    """What a sound link gives: a key of the blob store, and the name to save the file under."""

    key: str
    client_name: str


class MediaLinks:
    """Makes links and checks them. They live in no table: the signature says that they are ours."""

    def __init__(self, secret_key: bytes, clock: Clock, new_id: NewId) -> None:
        self._key = hmac.digest(secret_key, b"media links", hashlib.sha256)
        self._clock = clock
        self._new_id = new_id

    def link(self, base_url: str, file: StoredFile, client_name: str) -> str:
        """A link to a file, good for 24 hours; `base_url` is not signed."""
        path = f"/api/getMediaStream/media/{file.key}"
        expiry = str(int((self._clock.now() + LIFETIME).timestamp()))
        nonce = f"{int(self._new_id(''), 16) % 10**10:010d}"
        signature = self._sign(path, expiry, nonce, client_name, "true")
        values = (expiry, nonce, signature, client_name, "true")
        query = "&".join(
            f"{name}={quote(value, safe='$')}" for name, value in zip(PARAMETERS, values, strict=True)
        )
        return f"{base_url}{quote(path)}?{query}"

    def check(self, raw_path: bytes, query: bytes) -> MediaFile:
        """Raises Refusal (401) unless every parameter is there, once, in order, unchanged, and in time."""
        try:
            path = unquote_to_bytes(raw_path).decode()
            pairs = [pair.partition("=") for pair in query.decode("ascii").split("&")]
            values = [unquote(value, errors="strict") for _, _, value in pairs]
        except UnicodeDecodeError:
            raise invalid_credentials() from None
        if tuple(name for name, _, _ in pairs) != PARAMETERS:
            raise invalid_credentials()
        expiry, nonce, signature, client_name, batch = values
        expected = self._sign(path, expiry, nonce, client_name, batch)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise invalid_credentials()
        if self._clock.now().timestamp() >= int(expiry):
            raise invalid_credentials()
        return MediaFile(path.rpartition("/")[2], client_name)

    def _sign(self, path: str, expiry: str, nonce: str, client_name: str, batch: str) -> str:
        """In the platform's dress: Base64 of the quoted Base64, `$` for `=`."""
        message = msgspec.json.encode([path, expiry, nonce, client_name, batch])
        signature = b64encode(hmac.digest(self._key, message, hashlib.sha256))
        return b64encode(b'"' + signature + b'"').decode().replace("=", "$")


def base_url(request: Request, public_url: str) -> str:
    """What a link starts with: the configured address, else the host that the request was sent to."""
    if public_url:
        return public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    return f"{request.url.scheme}://{host}"


def content_disposition(name: str) -> str:
    """A header that saves a file under any name: without path or control characters, plain and in UTF-8."""
    safe = re.sub(r'[\x00-\x1f\x7f/\\"<>:|?*]', "_", name).strip(". ") or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
