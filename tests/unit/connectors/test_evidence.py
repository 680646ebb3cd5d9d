"""A turn over HTTP as text: nothing secret in it, bounded, made only when asked for."""

import pytest
from multidict import CIMultiDict
from yarl import URL

from vivavoce.connectors.evidence import Sent
from vivavoce.connectors.transport import Answer
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.engine.evidence import bounded
from vivavoce.engine.ports.bots import EVIDENCE_LIMIT

TOKEN = Secrets({"VIVA_BOT_T": "s3 cret/1"})


def sent(
    headers: dict[str, str] | None = None, body: bytes | None = b"hi", url: str = "http://bot/chat"
) -> Sent:
    return Sent("POST", URL(url), CIMultiDict(headers or {}), body)


def test_the_whole_exchange() -> None:
    turn = sent({"Content-Type": "text/plain"})
    assert turn.exchange(NO_SECRETS).reply == ""
    turn.answer = Answer(500, CIMultiDict({"Server": "bot"}), b"<h1>Oops</h1>")
    exchange = turn.exchange(NO_SECRETS)
    assert exchange.request == "POST http://bot/chat\nContent-Type: text/plain\n\nhi"
    assert exchange.reply == "HTTP 500\nServer: bot\n\n<h1>Oops</h1>"


@pytest.mark.parametrize(
    "name", ["Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "set-cookie"]
)
def test_headers_that_hold_credentials_are_hidden_also_where_they_are_literal(name: str) -> None:
    turn = sent({name: "Basic YWJj"})
    turn.answer = Answer(200, CIMultiDict({name: "sid=YWJj"}), b"")
    exchange = turn.exchange(NO_SECRETS)
    assert f"{name}: ***" in exchange.request and f"{name}: ***" in exchange.reply
    assert "YWJj" not in exchange.request + exchange.reply


def test_variables_are_told_by_name_wherever_they_stand() -> None:
    url = "http://bot/s3%20cret%2F1/chat?token=s3+cret/1&key=literal&page=2"
    turn = sent({"Authorization": "Bearer s3 cret/1", "X-Trace": "s3 cret/1"}, b'{"t": "s3 cret/1"}', url)
    turn.answer = Answer(200, CIMultiDict({"X-Echo": "s3 cret/1"}), b'{"echo": "s3 cret/1"}')
    exchange = turn.exchange(TOKEN)
    lines = exchange.request.splitlines()
    assert lines[0].startswith("POST http://bot/${VIVA_BOT_T}/chat?token=") and "&key=***&page=2" in lines[0]
    assert lines[1:] == [
        "Authorization: ${VIVA_BOT_T}",
        "X-Trace: ${VIVA_BOT_T}",
        "",
        '{"t": "${VIVA_BOT_T}"}',
    ]
    assert exchange.reply.splitlines()[1:] == ["X-Echo: ${VIVA_BOT_T}", "", '{"echo": "${VIVA_BOT_T}"}']
    assert "cret" not in exchange.request + exchange.reply


def test_a_large_answer_is_cut_and_says_so() -> None:
    turn = sent()
    turn.answer = Answer(200, CIMultiDict(), b"x" * 5_000_000)
    reply = turn.exchange(TOKEN).reply
    assert len(reply) == EVIDENCE_LIMIT
    assert reply.endswith("x... (cut, 5,000,010 characters in all)")


@pytest.mark.parametrize("before", range(EVIDENCE_LIMIT - 12, EVIDENCE_LIMIT + 2))
def test_a_cut_leaves_no_half_of_a_secret(before: int) -> None:
    text = bounded("-" * before + "s3 cret/1" + "-" * 3 * EVIDENCE_LIMIT, TOKEN)
    assert len(text) <= EVIDENCE_LIMIT and "s3" not in text


@pytest.mark.parametrize("size", range(2 * EVIDENCE_LIMIT - 12, 2 * EVIDENCE_LIMIT + 22, 3))
def test_nor_where_masks_make_the_text_shorter(size: int) -> None:
    long = Secrets({"VIVA_BOT_L": "0123456789" * 10})
    text = bounded(("0123456789" * 10) * (size // 100) + "-" * (size % 100) + "0123456789" * 40, long)
    assert len(text) <= EVIDENCE_LIMIT and "012" not in text


def test_an_answer_that_is_no_text_is_shown_all_the_same() -> None:
    turn = sent(body=b"\xff\x00")
    assert turn.exchange(NO_SECRETS).request.endswith("\n\n\ufffd\x00")
