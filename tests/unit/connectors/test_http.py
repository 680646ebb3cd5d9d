"""The http connector: what exactly is sent, and how a conversation is kept together."""

from typing import Any

import msgspec
import pytest
from multidict import CIMultiDict
from tests.bots.running import RunningBots
from yarl import URL

from vivavoce.connectors.base import Outside, make_connector
from vivavoce.connectors.http import HttpConnector
from vivavoce.connectors.transport import Answer
from vivavoce.domain.errors import BadStatus, ConnectorError, Malformed, UnreadableReply
from vivavoce.domain.output import Reply
from vivavoce.engine.ports.bots import Message, Opening

REQUEST = {"outputs": "$.request"}


def outside(**environment: str) -> Outside:
    return Outside(environment=environment, new_id=lambda prefix: f"{prefix}id")


async def say(settings: dict[str, Any], *texts: str, **environment: str) -> list[Reply]:
    connector = make_connector({"type": "http", **settings}, outside(**environment))
    session = await connector.open(Opening("c-1", "de", {"who": "Ann"}))
    try:
        return [await session.send(Message(text)) for text in texts]
    finally:
        await session.close()
        await connector.aclose()


async def sent(bots: RunningBots, settings: dict[str, Any], **environment: str) -> dict[str, Any]:
    """The request that one turn makes, as the bot saw it."""
    base = {"url": f"{bots.url}/echo", "reply": REQUEST}
    (reply,) = await say({**base, **settings}, "grüß & <dich>", **environment)
    seen: dict[str, Any] = msgspec.json.decode(reply.outputs[0].text)
    return seen


async def test_an_object_is_sent_as_json(bots: RunningBots) -> None:
    body = {
        "text": "{{input}}",
        "id": "{{conversation_id}}",
        "event": "{{event}}",
        "lang": "{{language}}",
        "context": "{{context}}",
    }
    seen = await sent(bots, {"body": body})
    assert seen["method"] == "POST" and seen["headers"]["Content-Type"] == "application/json"
    expected = {"text": "grüß & <dich>", "id": "c-1", "event": "", "lang": "de", "context": {"who": "Ann"}}
    assert seen["body"] == expected


@pytest.mark.parametrize(
    ("settings", "fresh"),
    [
        ({"body": {"text": "{{input}}"}}, False),
        ({"body": {"text": "{{input}}", "from": {"id": "{{conversation_id}}"}}}, True),
        ({"body": {"text": "{{input}}"}, "headers": {"X-Session": "{{conversation_id}}"}}, True),
        ({"body": {"text": "{{input}}"}, "url": "http://127.0.0.1:9/{{conversation_id}}"}, True),
    ],
)
def test_sessions_are_fresh_where_the_bot_is_told_their_id(settings: dict[str, Any], fresh: bool) -> None:
    whole = {"type": "http", "url": "http://127.0.0.1:9/chat", "reply": REQUEST, **settings}
    assert make_connector(whole, outside()).fresh_sessions is fresh


async def test_a_list_and_a_text_in_json_are_sent_as_json(bots: RunningBots) -> None:
    for body in (["{{input}}"], ' ["{{input}}"] '):
        seen = await sent(bots, {"body": body, "method": "put"})
        assert seen["body"] == ["grüß & <dich>"] and seen["method"] == "PUT"
        assert seen["headers"]["Content-Type"] == "application/json"


async def test_another_text_is_sent_as_it_is(bots: RunningBots) -> None:
    seen = await sent(bots, {"body": "<say>{{input}}</say>"})
    assert seen["raw"] == "<say>grüß & <dich></say>"
    assert seen["headers"]["Content-Type"].startswith("text/plain")


async def test_a_form(bots: RunningBots) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    seen = await sent(bots, {"body": {"q": "{{input}}", "id": "{{conversation_id}}"}, "headers": headers})
    assert seen["raw"] == "q=gr%C3%BC%C3%9F%20%26%20%3Cdich%3E&id=c-1"


async def test_get_sends_no_body_and_the_address_is_percent_encoded(bots: RunningBots) -> None:
    url = f"{bots.url}/echo/{{{{conversation_id}}}}?q={{{{input}}}}"
    seen = await sent(bots, {"url": url, "method": "GET", "body": {"never": "sent"}})
    assert seen["method"] == "GET" and seen["raw"] == ""
    assert seen["path"] == "/echo/c-1?q=gr%C3%BC%C3%9F%20%26%20%3Cdich%3E"
    assert "Content-Type" not in seen["headers"]


async def test_variables_in_address_headers_and_body(bots: RunningBots) -> None:
    settings = {
        "url": "${VIVA_BOT_URL}/echo",
        "headers": {"Authorization": "Bearer ${VIVA_BOT_TOKEN}", "X-Id": "{{conversation_id}}", "X-N": 5},
        "body": {"t": "{{input}}", "key": "${VIVA_BOT_KEY}"},
    }
    env = {"VIVA_BOT_URL": bots.url, "VIVA_BOT_TOKEN": "s3cret\n", "VIVA_BOT_KEY": 'a"{{input}}'}
    seen = await sent(bots, settings, **env)
    assert seen["headers"]["Authorization"] == "Bearer s3cret"
    assert (seen["headers"]["X-Id"], seen["headers"]["X-N"]) == ("c-1", "5")
    assert seen["body"]["key"] == 'a"{{input}}'


async def test_an_input_cannot_add_headers(bots: RunningBots) -> None:
    settings = {"url": f"{bots.url}/echo", "headers": {"X-Say": "{{input}}"}, "reply": REQUEST, "body": "x"}
    (reply,) = await say(settings, "a\r\nX-Bad: 1")
    assert "X-Bad: 1" in reply.outputs[0].text and '"X-Bad"' not in reply.outputs[0].text


@pytest.mark.parametrize("place", ["url", "headers", "body"])
async def test_an_unset_variable_is_refused_before_anything_is_sent(bots: RunningBots, place: str) -> None:
    settings: dict[str, Any] = {
        "type": "http",
        "url": f"{bots.url}/echo",
        "body": {"t": "{{input}}"},
        "headers": {},
        "reply": REQUEST,
    }
    added = {
        "url": f"{bots.url}/echo?k=${{VIVA_BOT_NO}}",
        "headers": {"K": "${VIVA_BOT_NO}"},
        "body": {"t": "{{input}}", "k": "${VIVA_BOT_NO}"},
    }
    before = sum(bots.bots.calls.values())
    with pytest.raises(Malformed, match="the environment variable VIVA_BOT_NO is not set"):
        make_connector({**settings, place: added[place]}, outside())
    assert sum(bots.bots.calls.values()) == before


async def test_a_secret_with_a_line_break_is_refused_without_being_shown() -> None:
    settings = {
        "type": "http",
        "url": "http://127.0.0.1/",
        "headers": {"A": "${VIVA_BOT_T}"},
        "body": "{{input}}",
        "reply": REQUEST,
    }
    with pytest.raises(Malformed) as caught:
        make_connector(settings, outside(VIVA_BOT_T="s3\ncret"))
    assert "$.headers.A" in str(caught.value) and "cret" not in str(caught.value)


async def test_a_secret_address_that_is_none_is_refused_without_being_shown() -> None:
    settings = {"type": "http", "url": "${VIVA_BOT_URL}", "body": "{{input}}", "reply": REQUEST}
    with pytest.raises(Malformed) as caught:
        make_connector(settings, outside(VIVA_BOT_URL="s3cret:/x"))
    assert "s3cret" not in str(caught.value) and "$.url" in str(caught.value)


async def test_errors_never_hold_a_secret_address(bots: RunningBots) -> None:
    url = bots.url.replace("//", "//user:s3cret@")
    for path in ("/nasty/status/500", "/nasty/drop", "/nasty/text", "/nasty/huge"):
        settings = {"url": "${VIVA_BOT_URL}", "body": "{{input}}", "reply": REQUEST}
        with pytest.raises(ConnectorError) as caught:
            await say(settings, "hi", VIVA_BOT_URL=f"{url}{path}?key=s3cret")
        assert "s3cret" not in caught.value.message and "127.0.0.1" not in caught.value.message
        assert "${VIVA_BOT_URL}" in caught.value.message


async def test_an_error_names_the_host_and_not_the_query(bots: RunningBots) -> None:
    settings = {"url": f"{bots.url}/nasty/status/500?key=s3cret", "body": "{{input}}", "reply": REQUEST}
    with pytest.raises(BadStatus) as caught:
        await say(settings, "hi")
    assert caught.value.message == f"{bots.url.removeprefix('http://')} answered 500 Internal Server Error"


async def test_no_content_is_silence(bots: RunningBots) -> None:
    settings = {"url": f"{bots.url}/nasty/status/204", "body": "{{input}}", "reply": {"outputs": "$.m"}}
    (reply,) = await say(settings, "hi")
    assert reply == Reply()


async def test_a_bot_that_knows_conversations_by_a_cookie(bots: RunningBots) -> None:
    settings = {
        "type": "http",
        "url": f"{bots.url}/cookie-chat",
        "body": {"text": "{{input}}"},
        "reply": {"outputs": "$.messages[*]", "text": "$.text"},
    }
    connector = make_connector(settings, outside())
    ann, bob = [await connector.open(Opening(name, "en")) for name in ("a", "b")]
    counts = [(await session.send(Message("count"))).outputs[0].text for session in (ann, bob, ann, bob, ann)]
    assert counts == ["1", "1", "2", "2", "3"]
    await connector.aclose()


async def test_a_search_that_fails_is_an_unreadable_reply(bots: RunningBots) -> None:
    """A path that walks every depth meets an answer deeper than it may go."""

    class Deep:
        async def request(
            self, method: str, url: URL, headers: CIMultiDict[str], body: bytes | None, *, name: str
        ) -> Answer:
            return Answer(200, {}, b"[" * 400 + b"]" * 400)

        async def aclose(self) -> None: ...

    settings = {"url": "http://bot.example/", "body": "{{input}}", "reply": {"outputs": "$..x"}}
    connector = HttpConnector(settings, transport=Deep(), environment={})
    session = await connector.open(Opening("c", "en"))
    with pytest.raises(UnreadableReply, match=r"bot\.example answered JSON that the mapping cannot search"):
        await session.send(Message("hi"))


def test_without_a_reply_section_there_are_no_conversations() -> None:
    settings = {"type": "http", "url": "http://127.0.0.1/", "body": "{{input}}", "nlu": {"intents": "$"}}
    with pytest.raises(Malformed, match="conversations need a `reply` section"):
        make_connector(settings, outside())
