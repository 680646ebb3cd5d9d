"""Who judges large batch runs: processes beside this one, where the bot lives in this one."""

import asyncio
from typing import TYPE_CHECKING

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.run import Run
from vivavoce.engine.ports.judges import ChunkJudge
from vivavoce.wiring.connecting import placed_in

if TYPE_CHECKING:
    from vivavoce.assistant.definition import Edition
    from vivavoce.assistant.judging.judges import AssistantJudges


class LargeRuns:
    """Implements engine.ports.judges.Judges; builds the assistant's when a run needs them."""

    def __init__(self) -> None:
        self._assistant: AssistantJudges | None = None

    async def of(self, run: Run) -> ChunkJudge | None:
        """Raises Malformed."""
        if run.bot.connector_for(run.version).get("type") != "assistant":
            return None
        from vivavoce.assistant.judging.judges import AssistantJudges

        if self._assistant is None:
            self._assistant = AssistantJudges(_edition)
        return await self._assistant.of(run)

    def close(self) -> None:
        """End the processes that were started."""
        if self._assistant is not None:
            self._assistant.close()


async def _edition(bot: Bot, version: Version) -> "Edition":
    """In a thread: a definition can be large."""
    return await asyncio.to_thread(_read_edition, bot, version)


def _read_edition(bot: Bot, version: Version) -> "Edition":
    from vivavoce.assistant.connector import load_definition

    settings = bot.connector_for(version)
    with placed_in(bot):
        return load_definition(settings).edition(version)
