"""A bot under test: how it is reached, in two versions, and how hard it may be pushed."""

from typing import Any, Literal

import msgspec

Version = Literal["published", "inDevelopment"]


class Breaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a run counts its bot as down."""

    errors: int = 20  # consecutive outages that open it; 0 = never
    probe_every_s: float = 10.0
    give_up_s: float = 300.0  # after so long without an answer the run is unusable


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How hard a bot may be pushed; both ceilings hold over all runs of the bot."""

    max_conversations: int = 16  # in flight (batch: calls in flight)
    requests_per_second: float = 50.0  # 0 = no limit
    step_timeout_s: float = 15.0
    run_timeout_s: float = 3600.0
    retries: int = 3  # connector errors only, never a wrong answer
    breaker: Breaker = Breaker()


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """One assistant under test. Secrets stay placeholders (`${VIVA_BOT_...}`) in every field."""

    id: str  # st-<uuid>
    name: str
    language: str = "en"
    limits: Limits = Limits()
    connector: dict[str, Any]  # as in the bot file, with its `type`
    versions: dict[Version, dict[str, Any]] = {}  # overrides, each may hold `connector`
    training: str = ""  # file of utterances by intent (absolute), for prebuilt suites
    definition: str = ""
    account_id: str = ""  # 24 hex digits

    def connector_for(self, version: Version) -> dict[str, Any]:
        """The connector's settings with the version's overrides merged in deeply."""
        override = self.versions.get(version, {}).get("connector", {})
        return merge(self.connector, override)


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with `over` laid on top, mappings merged at every depth, anything else replaced."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
