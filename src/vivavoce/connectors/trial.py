"""`viva bot try`: one message to a bot, with everything shown that a mapping's author needs to see."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec
from jsonpath_rfc9535 import JSONPathError

from vivavoce.connectors.base import TYPES, ConnectorType, Outside, check_settings
from vivavoce.connectors.environment import Secrets
from vivavoce.connectors.evidence import SECRET_NAME, hide_literals
from vivavoce.connectors.faults import check_status
from vivavoce.connectors.http_settings import classifies_by_call, nlu_settings, request_settings
from vivavoce.connectors.mapping import ReplyMapping
from vivavoce.connectors.nlu_mapping import NluMapping
from vivavoce.connectors.request import RequestTemplate
from vivavoce.connectors.template import TextTemplate, Values
from vivavoce.connectors.transport import Answer, Transport, json_value
from vivavoce.connectors.yields import PathYield, nlu_yields, reply_yields
from vivavoce.domain.errors import ConnectorError, Malformed, StepTimeout, UnreadableReply
from vivavoce.engine.ports.bots import Message, Opening
from vivavoce.engine.ports.clock import NewId

SHOWN = 20_000  # characters of a body


class Trial(msgspec.Struct, frozen=True):
    """What came of one message. Texts hold no value of a `${VIVA_BOT_...}` and no literal credentials."""

    request: str  # as it was sent
    reply: str = ""  # status and body as they came; empty: none came
    paths: tuple[PathYield, ...] = ()
    error: str = ""  # empty: the answer could be read
    nlu: "Trial | None" = None  # the call that classifies, where the bot has one


async def try_bot(
    settings: Mapping[str, Any],
    text: str,
    *,
    environment: Mapping[str, str],
    language: str = "en",
    trigger: str = "",
    timeout_s: float = 15.0,
    new_id: NewId = lambda prefix: f"{prefix or 'try'}-{uuid.uuid4()}",
    outside: Outside | None = None,
    types: Mapping[str, ConnectorType] = TYPES,
) -> Trial:
    """Say one thing to the bot in a fresh conversation. Raises Malformed when its settings are wrong.

    `outside` brings address checks where they are wanted; `types` more connectors than this room has.
    """
    if problems := check_settings(settings, types=types):
        raise Malformed(problems)
    outside = outside or Outside(environment=environment, new_id=new_id)
    values: Values = {
        "input": text,
        "conversation_id": new_id(""),
        "event": trigger,
        "language": language,
        "parent_intent": "",
        "context": None,
    }
    if settings["type"] != "http":
        return await _try_any(types[settings["type"]], settings, values, outside, timeout_s)
    transport = outside.transport()
    try:
        nlu = None
        if classifies_by_call(settings):
            nlu = await _HttpTrial(nlu_settings(settings), environment).run(values, transport, timeout_s)
            if not settings.get("reply"):
                return nlu
        chat = await _HttpTrial(settings, environment, reply=settings["reply"]).run(
            values, transport, timeout_s
        )
        return msgspec.structs.replace(chat, nlu=nlu)
    finally:
        await transport.aclose()


async def _try_any(
    kind: ConnectorType, settings: Mapping[str, Any], values: Values, outside: Outside, timeout_s: float
) -> Trial:
    """A bot of another type: what was said, and the reply as it was understood."""
    request = values["event"] or values["input"]
    connector = kind.connector(settings, outside)
    try:
        async with asyncio.timeout(timeout_s):
            session = await connector.open(Opening(values["conversation_id"], values["language"]))
            reply = await session.send(Message(values["input"], values["event"]))
            await session.close()
    except ConnectorError as exc:
        return Trial(request, error=exc.message)
    except TimeoutError:
        return Trial(request, error=f"no answer within {timeout_s:g} s")
    finally:
        await connector.aclose()
    shown = msgspec.json.format(msgspec.json.encode(reply)).decode()
    return Trial(request, reply=shown)


class _HttpTrial:
    """One exchange with an http bot: its conversation's turn (`reply` given) or its classifying call."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        environment: Mapping[str, str],
        *,
        reply: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = request_settings(settings)
        self._secrets = Secrets(self._settings, environment)
        self._request = RequestTemplate(self._settings, self._secrets.resolve)
        self._chat = ReplyMapping(reply) if reply else None
        self._nlu = None if reply else NluMapping(settings)

    async def run(self, values: Values, transport: Transport, timeout_s: float) -> Trial:
        request, name = shown_request(self._settings, values), self._request.name
        url, headers, body = self._request.fill(values)
        reply = ""
        try:
            async with asyncio.timeout(timeout_s):
                answer = await transport.request(self._request.method, url, headers, body, name=name)
            reply = self._secrets.mask(shown_answer(answer))
            check_status(answer.status, answer.headers, name)
            return Trial(request, reply, paths=self._yields(json_value(answer, name)))
        except TimeoutError:
            error: ConnectorError = StepTimeout(f"{name} did not answer within {timeout_s:g} s")
        except (JSONPathError, RecursionError) as exc:
            error = UnreadableReply(f"{name} answered JSON that the mapping cannot search: {exc}")
        except ConnectorError as exc:
            error = exc
        return Trial(request, reply, error=self._secrets.mask(error.message))

    def _yields(self, answer: Any) -> tuple[PathYield, ...]:
        if self._chat:
            self._chat.read(answer)
            found = reply_yields(self._chat.paths, answer)
        else:
            assert self._nlu  # one of the two is always there
            found = nlu_yields(self._nlu.paths, answer)
        return tuple(msgspec.structs.replace(each, value=self._secrets.mask(each.value)) for each in found)


def shown_request(settings: Mapping[str, Any], values: Values) -> str:
    """The request as text: variables stay as written, what looks like a literal credential is `***`."""
    # Compiled without filling variables in, so that no secret can be in it; the address may then be none yet.
    template = RequestTemplate({**settings, "url": "http://bot"}, str)
    _, headers, body = template.fill(values)
    url = hide_literals(TextTemplate(settings["url"], str).fill(values))
    lines = [f"{template.method} {url}"]
    for key, value in headers.items():
        hide = SECRET_NAME.search(key) and "${" not in value
        lines.append(f"{key}: {'***' if hide else value}")
    return "\n".join(lines) + (f"\n\n{body.decode('utf-8', 'replace')}" if body else "")


def shown_answer(answer: Answer) -> str:
    """Status, content type and body as text."""
    body = answer.body.decode("utf-8", "replace")
    if len(body) > SHOWN:
        body = f"{body[:SHOWN]}... ({len(answer.body):,} bytes in all)"
    return f"{answer.status} {answer.headers.get('Content-Type', '')}\n\n{body}"
