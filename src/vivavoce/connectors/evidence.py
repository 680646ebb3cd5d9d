"""A turn with an http bot as text: what was sent and what came back, without secrets."""

import re
from collections.abc import Mapping

from multidict import CIMultiDict
from yarl import URL

from vivavoce.connectors.transport import Answer
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.evidence import bounded
from vivavoce.engine.ports.bots import EVIDENCE_LIMIT

SECRET_NAME = re.compile(r"auth|token|key|secret|password|cookie", re.IGNORECASE)
"""What a header or parameter is called whose value nobody else may see."""

_PARAMETER = re.compile(rf"([?&][^=&]*(?:{SECRET_NAME.pattern})[^=&]*=)(?!\$\{{|\{{\{{)[^&#]+", re.IGNORECASE)
_SEEN = 8 * EVIDENCE_LIMIT  # bytes of a body that are looked at, several to a character


class Sent:
    """A turn on its way: references to what was sent and came back, made into text only when asked for."""

    __slots__ = ("answer", "body", "headers", "method", "url")

    def __init__(self, method: str, url: URL, headers: CIMultiDict[str], body: bytes | None) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.answer: Answer | None = None  # none came yet

    def exchange(self, secrets: Secrets) -> Exchange:
        line = f"{self.method} {hide_literals(secrets.mask(str(self.url)))}"
        request = _part(line, self.headers, self.body, secrets)
        if self.answer is None:
            return Exchange(request, "")
        answer = self.answer
        return Exchange(request, _part(f"HTTP {answer.status}", answer.headers, answer.body, secrets))


def _part(line: str, headers: Mapping[str, str], body: bytes | None, secrets: Secrets) -> str:
    text = (body or b"")[:_SEEN].decode("utf-8", "replace")
    lines = [line, *_headers(headers, secrets), *(["", text] if text else [])]
    return bounded("\n".join(lines), secrets, more=max(0, len(body or b"") - _SEEN))


def hide_literals(url: str) -> str:
    """The address with `***` for what looks like a literal credential in it."""
    return re.sub(r"//[^/@]*@", "//***@", _PARAMETER.sub(r"\1***", url))


def _headers(headers: Mapping[str, str], secrets: Secrets) -> list[str]:
    """Those that may hold a credential are told by name, and by variable where they are one."""
    lines = []
    for name, value in headers.items():
        if SECRET_NAME.search(name):
            value = " ".join(re.findall(r"\$\{\w+\}", secrets.mask(value))) or "***"
        lines.append(f"{name}: {value}")
    return lines
