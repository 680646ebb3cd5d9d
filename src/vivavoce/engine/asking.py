"""Asks a bot about a single utterance, outside of any run."""

import asyncio

from vivavoce.domain.batch.utterance import Classification
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import ConnectorError, StepTimeout
from vivavoce.engine.core import Engine
from vivavoce.engine.pace import wait_for_one
from vivavoce.engine.ports.bots import Utterance


async def ask_intent(engine: Engine, bot: Bot, version: Version, utterance: Utterance) -> Classification:
    """What the bot recognises, asked once, within its rate and its step timeout.

    Raises ConnectorError, and Malformed for a bot that cannot be asked at all.
    """
    classifier = await engine.call(engine.connectors.classifier, bot, version)
    limit = bot.limits.step_timeout_s
    try:
        await wait_for_one(engine, bot)
        async with asyncio.timeout(limit):
            (found,) = await classifier.classify([utterance])
    except TimeoutError:
        raise StepTimeout(f"the bot did not answer within {limit:g} s") from None
    finally:
        await classifier.aclose()
    if isinstance(found, ConnectorError):
        raise found
    return found
