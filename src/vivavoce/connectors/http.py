"""Connector `http`: any bot that answers JSON to one HTTP request a turn."""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from jsonpath_rfc9535 import JSONPathError

from vivavoce.connectors.environment import Secrets
from vivavoce.connectors.evidence import Sent
from vivavoce.connectors.faults import check_status
from vivavoce.connectors.http_settings import request_settings
from vivavoce.connectors.mapping import ReplyMapping
from vivavoce.connectors.request import RequestTemplate
from vivavoce.connectors.template import Values, mentions
from vivavoce.connectors.transport import Answer, Transport, json_value
from vivavoce.domain.errors import Malformed, Problem, UnreadableReply
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.ports.bots import Message, Opening


class HttpConnector:
    """Implements engine.ports.bots.Connector by the mapping of interface.md; `transport` becomes its own."""

    def __init__(
        self, settings: Mapping[str, Any], *, transport: Transport, environment: Mapping[str, str]
    ) -> None:
        """The settings have passed `check_settings`. Raises Malformed: no `reply`, a variable unset."""
        if not settings.get("reply"):
            raise Malformed(
                Problem("conversations need a `reply` section", "$.reply", "add reply: {outputs: ...}")
            )
        wanted = request_settings(settings)
        self.secrets = Secrets(wanted, environment)
        self.request = RequestTemplate(wanted, self.secrets.resolve)
        self.mapping = ReplyMapping(settings["reply"])
        self.facts: frozenset[Fact] = self.mapping.facts
        self.fresh_sessions = mentions(
            [wanted.get(key) for key in ("url", "headers", "body")], "conversation_id"
        )
        self._transport = transport

    async def open(self, opening: Opening) -> "HttpSession":
        return HttpSession(self, opening)

    def fill(self, values: Values, cookies: dict[str, str]) -> Sent:
        """The request of one turn."""
        url, headers, body = self.request.fill(values)
        if cookies:
            headers = headers.copy()
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return Sent(self.request.method, url, headers, body)

    async def send(self, sent: Sent, cookies: dict[str, str]) -> Reply:
        """One turn; `cookies` are the conversation's own and change with the answer."""
        name = self.request.name
        answer = await self._transport.request(sent.method, sent.url, sent.headers, sent.body, name=name)
        sent.answer = answer
        if "Set-Cookie" in answer.headers:
            _keep_cookies(answer, cookies)
        check_status(answer.status, answer.headers, name)
        try:
            return self.mapping.read(json_value(answer, name))
        except (JSONPathError, RecursionError) as exc:
            raise UnreadableReply(f"{name} answered JSON that the mapping cannot search: {exc}") from exc

    async def aclose(self) -> None:
        await self._transport.aclose()


class HttpSession:
    """One conversation: its id, its cookies, nothing else; the bot keeps the rest."""

    def __init__(self, connector: HttpConnector, opening: Opening) -> None:
        self._connector = connector
        self._values: Values = {
            "input": "",
            "conversation_id": opening.conversation_id,
            "event": "",
            "language": opening.language,
            "parent_intent": "",
            "context": opening.context,
        }
        self._cookies: dict[str, str] = {}
        self._secrets = opening.secrets
        self._sent: Sent | None = None

    async def send(self, message: Message) -> Reply:
        self._values["input"] = message.text
        self._values["event"] = message.trigger
        self._sent = sent = self._connector.fill(self._values, self._cookies)
        return await self._connector.send(sent, self._cookies)

    def evidence(self) -> Exchange | None:
        if self._sent is None:
            return None
        return self._sent.exchange(self._connector.secrets | self._secrets)

    async def close(self) -> None:
        """A plain bot has no way to be told."""


def _keep_cookies(answer: Answer, cookies: dict[str, str]) -> None:
    """Some bots know a conversation by a cookie; with one address, paths and domains do not matter."""
    for line in answer.cookies():
        try:
            found = SimpleCookie(line)
        except CookieError:
            continue
        for name, morsel in found.items():
            if morsel["max-age"] == "0":
                cookies.pop(name, None)
            else:
                cookies[name] = morsel.coded_value
