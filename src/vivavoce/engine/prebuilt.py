"""Prebuilt batch suites: made from what a bot was trained on, or from what it understood lately."""

from collections.abc import Iterator

from msgspec.structs import replace

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.suite import SuiteHead
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.core import Engine
from vivavoce.engine.importing import batch_units

TRAINING = "AllMlUtterances"
LAST = "Last100sentences"
PREBUILT_NAMES = {
    TRAINING: TRAINING,
    "Developer defined utterances": TRAINING,
    LAST: LAST,
    "Successful user utterances": LAST,
}
"""Every name of a prebuilt suite (testing-api.md 4.2), to the one it is kept under."""

LAST_COUNT = 100
LAST_RUNS = 20  # runs that are looked through for them


def prebuilt_suite(engine: Engine, bot: Bot, name: str) -> Suite | None:
    """A prebuilt suite as it is before its first run; None: the name is an ordinary one."""
    kept_as = PREBUILT_NAMES.get(name)
    if kept_as is None:
        return None
    now = engine.clock.now()
    return Suite(
        id=engine.new_id("ts"),
        kind=SuiteKind.BATCH,
        bot_id=bot.id,
        head=SuiteHead(name=kept_as),
        language=bot.language,
        created_on=now,
        modified_on=now,
        engine="regression",
        prebuilt=True,
    )


def fill_prebuilt(engine: Engine, bot: Bot, suite: Suite, version: Version) -> Suite:
    """Read the suite's cases anew, as its next revision. Blocking. Raises Malformed without a source."""
    suites = engine.store.suites
    cases = _training(engine, bot, version) if suite.name == TRAINING else _last(engine, bot)
    if suites.by_id(suite.id) is None:
        suites.stage(suite)
        staged = suite
    else:
        staged = suites.stage_revision(replace(suite, modified_on=engine.clock.now()))
    try:
        suites.add_units(staged.id, staged.revision, staged.kind, batch_units(cases))
        suites.publish(staged)
    except BaseException:
        suites.discard(staged.id, staged.revision)
        raise
    return suites.by_id(staged.id) or staged


def _training(engine: Engine, bot: Bot, version: Version) -> Iterator[BatchCase]:
    cases = engine.connectors.training(bot, version)
    if cases is None:
        raise Malformed(
            Problem(
                f"the bot {bot.name!r} has no training data",
                hint="name it in the bot file with `training: FILE`",
            )
        )
    return cases


def _last(engine: Engine, bot: Bot) -> Iterator[BatchCase]:
    """The newest distinct utterances of conversation runs whose step held and that were understood.

    All that was matched is accepted: an ambiguous utterance matches several. A trigger is no utterance.
    """
    found: dict[str, tuple[str, ...]] = {}
    for utterance, matched in _understood(engine, bot):
        found.setdefault(utterance, matched)
        if len(found) == LAST_COUNT:
            break
    if not found:
        raise Malformed("no conversation run of this bot has kept a successful user utterance yet")
    return (BatchCase(utterance, matched) for utterance, matched in found.items())


def _understood(engine: Engine, bot: Bot) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Utterances with what they matched, those of the newest run first."""
    for run in engine.store.runs.recent(limit=LAST_RUNS, bot_id=bot.id):
        for result in engine.store.runs.step_results(run.id):
            reply, step = result.reply, result.step
            if reply is None or result.verdict is not Verdict.PASSED:
                continue
            matched = (*reply.intents, *reply.faqs, *reply.smalltalk)
            if matched and step.trigger is None and step.input.strip():
                yield step.input, matched
