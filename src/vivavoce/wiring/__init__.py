"""The only place that builds real objects out of settings."""

from vivavoce.wiring.bots import bot_for_run, new_app, read_bot, register_bot
from vivavoce.wiring.connecting import BotConnectors, connector_types, placed_in
from vivavoce.wiring.engine import open_engine, open_store_of, suite_secrets, throwaway
from vivavoce.wiring.grading import graders, grading_warnings
from vivavoce.wiring.keys import secret_key
from vivavoce.wiring.learning import Taught, read_taught, similarity
from vivavoce.wiring.machine import SystemClock, new_id, run_async
from vivavoce.wiring.server import build_server, forget_abandoned, only_server, server_reach

__all__ = [
    "BotConnectors",
    "SystemClock",
    "Taught",
    "bot_for_run",
    "build_server",
    "connector_types",
    "forget_abandoned",
    "graders",
    "grading_warnings",
    "new_app",
    "new_id",
    "only_server",
    "open_engine",
    "open_store_of",
    "placed_in",
    "read_bot",
    "read_taught",
    "register_bot",
    "run_async",
    "secret_key",
    "server_reach",
    "similarity",
    "suite_secrets",
    "throwaway",
]
