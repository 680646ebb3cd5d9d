"""A request to a bot, compiled from the `url`, `method`, `headers` and `body` of its settings."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from multidict import CIMultiDict
from yarl import URL

from vivavoce.connectors.environment import Resolve
from vivavoce.connectors.template import JsonTemplate, TextTemplate, UrlTemplate, Values, form_template
from vivavoce.domain.errors import Malformed, Problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORM = "application/x-www-form-urlencoded"
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class RequestTemplate:
    """What to send for a turn. `name` is what errors call the bot: its host as written in the settings."""

    def __init__(self, settings: Mapping[str, Any], resolve: Resolve) -> None:
        """The settings have passed `check_settings`. Raises Malformed for what only the values show."""
        self.method = method_of(settings)
        self.name = host_as_written(settings["url"])
        try:
            self._url = UrlTemplate(settings["url"], resolve)
        except ValueError as exc:
            # The exception's own text may hold the address with its secrets.
            reason = (
                str(exc) if not exc.__cause__ and "placeholders" in str(exc) else "not an http(s) address"
            )
            raise Malformed(Problem(reason, "$.url")) from None
        self._headers: CIMultiDict[str] = CIMultiDict(
            {"Accept": "application/json", "User-Agent": "vivavoce"}
        )
        self._filled: list[tuple[str, TextTemplate]] = []
        for key, value in (settings.get("headers") or {}).items():
            template = TextTemplate(_scalar(value), resolve)
            if not template.constant:
                self._filled.append((key, template))
            elif CONTROL.search(text := "".join(map(str, template.parts))):
                raise Malformed(
                    Problem("the value holds a line break or control character", f"$.headers.{key}")
                )
            else:
                self._headers[key] = text
        self._body = self._compile_body(settings.get("body"), resolve)

    def fill(self, values: Values) -> tuple[URL, CIMultiDict[str], bytes | None]:
        """(address, headers, body); the headers are not the caller's to change."""
        headers = self._headers
        if self._filled:
            headers = headers.copy()
            for key, template in self._filled:
                headers[key] = CONTROL.sub(" ", template.fill(values))
        body = self._body
        if body is None:
            return self._url.fill(values), headers, None
        filled = body.fill(values)
        content = filled if isinstance(filled, bytes) else filled.encode("utf-8", "replace")
        return self._url.fill(values), headers, content

    def _compile_body(self, body: Any, resolve: Resolve) -> JsonTemplate | TextTemplate | None:
        if body is None or self.method == "GET":
            return None
        kind = self._headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if isinstance(body, dict) and kind == FORM:
            return form_template(body, resolve)
        if isinstance(body, str):
            written = _json_in(body)
            if written is None:
                self._headers.setdefault("Content-Type", "text/plain; charset=utf-8")
                return TextTemplate(body, resolve)
            body = written
        self._headers.setdefault("Content-Type", "application/json")
        return JsonTemplate(body, resolve)


def method_of(settings: Mapping[str, Any]) -> str:
    return str(settings.get("method") or "POST").upper()


def host_as_written(url: str) -> str:
    """Host and port of an address before its variables are filled in, so that it can be shown."""
    return re.split(r"[/?#]", url.partition("://")[2] or url, maxsplit=1)[0].rpartition("@")[2]


def _json_in(text: str) -> Any:
    """The object or list that a text is in JSON; None for any other text."""
    try:
        value = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
