"""Evidence as it is kept: masked, then cut to a size that reports can show."""

import msgspec

from vivavoce.domain.output import Reply
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.ports.bots import EVIDENCE_LIMIT, Message


def bounded(text: str, secrets: Secrets, *, more: int = 0) -> str:
    """The text without secrets, at most EVIDENCE_LIMIT characters; a cut says how much there was.

    `more`: so much was left out after the text already.
    """
    seen = 2 * EVIDENCE_LIMIT + secrets.longest  # no more is looked at, however large a reply is
    masked = secrets.mask(text[:seen])
    if more or len(text) > seen:
        masked = masked[: max(0, len(masked) - secrets.longest)]  # what may be half a secret
    elif len(masked) <= EVIDENCE_LIMIT:
        return masked
    note = f"... (cut, {len(text) + more:,} characters in all)"
    return masked[: EVIDENCE_LIMIT - len(note)] + note


def without_wire(message: Message, reply: Reply | None, secrets: Secrets) -> Exchange:
    """The evidence of a bot in this process: what was said and answered, as JSON. `reply` None: none came."""
    request: dict[str, str] = {"text": message.text}
    if message.trigger:
        request["trigger"] = message.trigger
    return Exchange(bounded(_json(request), secrets), "" if reply is None else bounded(_json(reply), secrets))


def _json(value: object) -> str:
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=1).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return str(value)
