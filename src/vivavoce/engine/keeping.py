"""Keeps a suite as it was read, without validating it: what `viva run` plays."""

from collections.abc import Iterable

from msgspec.structs import replace

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.suite import SuiteHead
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.units import Unit

PREFIXES = {SuiteKind.CONVERSATION: "ctc", SuiteKind.BATCH: "ts"}


def keep_suite(
    engine: Engine, bot: Bot, kind: SuiteKind, head: SuiteHead, name: str, units: Iterable[Unit], *, user: str
) -> Suite:
    """Keep a suite under a name; on a known name, as its next revision, unless nothing changed. Blocking.

    Raises Conflict when another process took the name meanwhile.
    """
    suites, now = engine.store.suites, engine.clock.now()
    head = replace(head, name=name)
    known = suites.get(bot.id, kind, name)
    if known is None:
        suite = Suite(
            id=engine.new_id(PREFIXES[kind]),
            kind=kind,
            bot_id=bot.id,
            head=head,
            language=bot.language,
            created_by=user,
            modified_by=user,
            created_on=now,
            modified_on=now,
            engine="regression" if kind is SuiteKind.BATCH else "",
        )
        # Under its id: a command that is killed here leaves a name behind that is in nobody's way.
        suites.stage(replace(suite, head=replace(head, name=suite.id)))
    else:
        changed = replace(known, head=head, modified_by=user, modified_on=now, file_id="", file_name="")
        suite = suites.stage_revision(changed)
    try:
        suites.add_units(suite.id, suite.revision, kind, units)
        if known and known.head == head and suites.same_units(suite.id, known.revision, suite.revision):
            suites.discard(suite.id, suite.revision)
            return known
        suites.publish(suite)
    except BaseException:
        suites.discard(suite.id, suite.revision)
        raise
    return suites.by_id(suite.id) or suite
