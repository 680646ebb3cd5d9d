"""Find intent (testing-api.md 5)."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from vivavoce.domain.bot import Version
from vivavoce.engine.asking import ask_intent
from vivavoce.engine.ports.bots import Utterance
from vivavoce.formats.wire.find_intent import find_intent_body
from vivavoce.server.bodies import Answer, Body, Json, not_blank
from vivavoce.server.context import Ctx
from vivavoce.server.routing import CallRouter, json_answer

router = CallRouter()

LONGEST_UTTERANCE = 3000  # characters


class FindIntent(Body):
    input: Annotated[str, Field(max_length=LONGEST_UTTERANCE), AfterValidator(not_blank)]
    streamName: str = Field(description="the bot's name; may be empty")
    parentIntent: str = Field("", description="levels separated by `||` or `>>`")


class IntentFound(Answer):
    request: Json
    response: Json


@router.serves("find_intent", answer=IntentFound)
async def find_intent(
    context: Ctx,
    body: FindIntent,
    fetchConfiguredTasks: Annotated[
        bool, Query(description="true: ask the version in development, else the published one")
    ] = False,
) -> Response:
    version: Version = "inDevelopment" if fetchConfiguredTasks else "published"
    levels = body.parentIntent.replace(">>", "||").split("||")
    parents = tuple(level.strip() for level in levels if level.strip())
    utterance = Utterance(body.input, context.language, parents)
    found = await ask_intent(context.engine, context.bot, version, utterance)
    return json_answer(
        find_intent_body(
            found,
            text=body.input,
            stream_name=body.streamName or context.bot.name,
            bot_id=context.bot.id,
            language=context.language,
        )
    )
