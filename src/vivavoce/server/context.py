"""What every endpoint is handed: who calls, which bot, and the services."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import App
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.players import Dispatcher
from vivavoce.server.auth import Caller
from vivavoce.server.gate import ADMISSION, Admission
from vivavoce.server.identity import user_id
from vivavoce.server.media import MediaLinks, base_url
from vivavoce.server.services import Services

# A language tag with either separator: en, de, zh_cn, pt-BR.
LANGUAGE = r"^([A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8}){0,3})?$"


@dataclass(frozen=True)
class Context:
    """A request that passed the gate."""

    services: Services
    links: MediaLinks
    admission: Admission
    base_url: str  # what links start with
    asked_language: str  # of the header `bot-language`; may be empty

    @property
    def engine(self) -> Engine:
        return self.services.engine

    @property
    def dispatcher(self) -> Dispatcher:
        return self.services.dispatcher

    @property
    def caller(self) -> Caller:
        assert self.admission.caller is not None, "signed calls have no caller"
        return self.admission.caller

    @property
    def app(self) -> App:
        return self.caller.app

    @property
    def bot(self) -> Bot:
        assert self.admission.bot is not None, "this call's path names no bot"
        return self.admission.bot

    @property
    def language(self) -> str:
        return self.asked_language or self.bot.language

    def parameter(self, name: str) -> str:
        """A parameter of the path, decoded."""
        return self.admission.parameters[name]

    def user(self, email: str = "") -> str:
        """Who a suite or run is noted under: the mail address of the body, else the token's subject."""
        return user_id(email or self.caller.subject)


async def _context(
    request: Request,
    bot_language: Annotated[
        str, Header(pattern=LANGUAGE, description="the language under test; missing: the bot's default")
    ] = "",
) -> Context:
    """Asynchronous though it waits for nothing: FastAPI gives others to a thread, which costs one ms."""
    services: Services = request.app.state.services
    return Context(
        services,
        request.app.state.links,
        request.scope[ADMISSION],
        base_url(request, services.settings.public_url),
        bot_language,
    )


Ctx = Annotated[Context, Depends(_context)]
