"""Imports on a real database: what validation captures, and that nothing half-imported stays."""

import json

import pytest

from tests.integration.engine.house import House
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.catalog import StoredFile, SuiteKind
from vivavoce.domain.errors import Conflict, ConnectorError, Malformed, NotFound, TooLarge, Unreachable
from vivavoce.domain.events import RunFinished
from vivavoce.domain.output import Metadata, Output, Reply
from vivavoce.domain.run import Run, RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.engine.core import Engine, Sizes
from vivavoce.engine.finishing import finish_run
from vivavoce.engine.importing import import_batch, import_conversations
from vivavoce.engine.pace import Ceilings
from vivavoce.engine.playing import Stop, play_run
from vivavoce.engine.running import new_run

CONVERSATION, BATCH = SuiteKind.CONVERSATION, SuiteKind.BATCH


def transcript(*cases: list[tuple[str, object]]) -> str:
    return json.dumps(
        {
            "testCases": [
                {"name": f"case {i}", "messages": [{"input": said, "outputs": [out]} for said, out in turns]}
                for i, turns in enumerate(cases)
            ]
        }
    )


async def import_(
    house: House, content: str | bytes, name: str = "suite", engine: Engine | None = None
) -> Run:
    dispatcher = house.dispatcher()
    await dispatcher.start()
    try:
        run = await import_conversations(
            engine or house.engine,
            dispatcher,
            house.bot,
            await house.file(content),
            name=name,
            user="u-1",
            language="en",
        )
        return await house.ended(run.id)
    finally:
        await dispatcher.aclose()


def kept(house: House) -> list[TestCase]:
    suite = house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite")
    assert suite is not None
    units = house.engine.store.suites.units(suite.id, suite.revision)
    return [case for unit in units for case in unit.cases if isinstance(case, TestCase)]


def greets(text: str) -> Reply:
    metadata = Metadata(node_id="n1", intent_id="i1", transitions=("n2",))
    return Reply((Output("hello", metadata, variations=("hi", "hey")),))


async def test_validation_captures_metadata_and_declared_variations(house: House) -> None:
    house.test_bot.answer = greets
    house.test_bot.facts = frozenset({"intent", "node", "transitions"})
    run = await import_(house, transcript([("a", "hello")]))
    assert run.status is RunStatus.PASSED and not run.logs
    [case] = kept(house)
    [output] = case.steps[0].outputs
    assert output.metadata.node_id == "n1"
    assert output.assertions.flow.enabled is True
    assert [entry.text for entry in output.assertions.text.contains] == ["hello", "hi", "hey"]


async def test_a_step_that_does_not_hold_is_imported_as_written_with_a_warning(house: House) -> None:
    house.test_bot.answer = greets
    house.test_bot.facts = frozenset({"intent", "node", "transitions"})
    run = await import_(house, transcript([("a", "hello"), ("b", "good bye")]))
    assert run.status is RunStatus.PASSED
    [entry] = run.logs
    assert (entry.level, entry.step) == ("warning", 1)
    assert "good bye" in entry.message
    [case] = kept(house)
    [output] = case.steps[1].outputs
    assert not output.metadata
    assert [entry.text for entry in output.assertions.text.contains] == ["good bye"]


async def test_an_import_that_is_ended_twice_says_everything_once(house: House) -> None:
    house.test_bot.answer = greets
    house.test_bot.facts = frozenset({"intent", "node", "transitions"})
    run = await import_(house, transcript([("a", "hello"), ("b", "good bye")]))
    before = kept(house)
    again = await finish_run(house.engine, run, None)
    assert again.logs == run.logs and len(again.logs) == 1
    assert kept(house) == before


async def test_an_import_that_was_killed_after_its_suite_was_forgotten_still_fails(house: House) -> None:
    house.limited(retries=0)
    house.test_bot.answer = lambda text: Unreachable("connection refused")
    run = await import_(house, transcript([("a", "b")]))
    again = await finish_run(house.engine, run, None)
    assert again.status is RunStatus.ERROR and again.logs == run.logs
    assert "connection refused" in again.error_details


async def test_a_bot_that_cannot_be_reached_fails_the_import_and_frees_the_name(house: House) -> None:
    house.limited(retries=0)
    house.test_bot.answer = lambda text: Unreachable("connection refused")
    run = await import_(house, transcript([("a", "x")], [("b", "y")]))
    assert run.status not in (RunStatus.PASSED, RunStatus.RUNNING)
    assert run.logs[-1].level == "error" and "connection refused" in run.logs[-1].message
    assert house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite") is None
    house.test_bot.answer = greets
    assert (await import_(house, transcript([("a", "hello")]))).status is RunStatus.PASSED


async def test_one_case_that_answers_is_enough(house: House) -> None:
    house.limited(retries=0)

    def answer(text: str) -> Reply | ConnectorError:
        return Unreachable("refused") if text == "a" else greets(text)

    house.test_bot.answer = answer
    run = await import_(house, transcript([("a", "hello")], [("b", "hello")]))
    assert run.status is RunStatus.PASSED
    assert [entry.step for entry in run.logs] == [0]


async def test_a_preprocessor_is_warned_about(house: House) -> None:
    house.test_bot.answer = greets
    document = json.loads(transcript([("a", "hello")]))
    document["testCases"][0]["preprocessor"] = "context.x = 1"
    run = await import_(house, json.dumps(document))
    assert any("preprocessor" in entry.message for entry in run.logs)
    assert kept(house)[0].preprocessor == "context.x = 1"


@pytest.mark.parametrize("content", ["{", '{"testCases": []}', b"\xff\xfe", "[" * 100_000])
async def test_a_malformed_file_leaves_nothing_and_the_name_is_free(
    house: House, content: str | bytes
) -> None:
    with pytest.raises(Malformed):
        await import_(house, content)
    assert house.engine.store.suites.page(house.bot.id, CONVERSATION, skip=0, limit=10).count == 0
    house.test_bot.answer = greets
    assert (await import_(house, transcript([("a", "hello")]))).status is RunStatus.PASSED


async def test_a_name_is_taken_also_while_its_import_runs(house: House) -> None:
    dispatcher = house.dispatcher()  # not started: the import stays where it is
    file = await house.file(transcript([("a", "hello")]))

    async def begin() -> Run:
        return await import_conversations(
            house.engine, dispatcher, house.bot, file, name="suite", user="u-1", language="en"
        )

    await begin()
    assert house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite") is None
    with pytest.raises(Conflict):
        await begin()


async def test_a_file_over_the_limit_is_refused(house: House) -> None:
    small = Engine(**{**house.engine.__dict__, "sizes": Sizes(conversation_file=10, batch_file=10)})
    with pytest.raises(TooLarge):
        await import_(house, transcript([("a", "hello")]), engine=small)
    with pytest.raises(TooLarge):
        await import_batch(
            small, house.bot, await house.file("input,intent\na,b\n"), name="b", user="u-1", language="en"
        )
    assert house.engine.store.suites.get(house.bot.id, BATCH, "b") is None


# --- batch --------------------------------------------------------------------------------------


async def csv(house: House, *rows: str) -> StoredFile:
    return await house.file("input,intent\n" + "\n".join(rows) + "\n", "batch.csv")


async def test_a_batch_file_becomes_a_suite_of_chunks(house: House) -> None:
    file = await csv(house, *(f"utterance {i},I{i % 3}" for i in range(1201)))
    suite = await import_batch(house.engine, house.bot, file, name="b", user="u-1", language="en")
    assert (suite.total, suite.unit_count) == (1201, 3)


async def test_new_on_a_known_name_conflicts_and_update_replaces_the_cases(house: House) -> None:
    first = await import_batch(
        house.engine, house.bot, await csv(house, "a,X"), name="b", user="u-1", language="en"
    )
    more = await csv(house, "a,X", "b,Y")
    with pytest.raises(Conflict):
        await import_batch(house.engine, house.bot, more, name="b", user="u-1", language="en")
    updated = await import_batch(
        house.engine, house.bot, more, name="b", user="u-1", language="en", import_type="update"
    )
    assert (updated.id, updated.total) == (first.id, 2)
    assert updated.revision > first.revision
    with pytest.raises(NotFound):
        await import_batch(
            house.engine, house.bot, more, name="other", user="u-1", language="en", import_type="update"
        )


async def test_an_update_keeps_the_engine_unless_it_names_one(house: House) -> None:
    async def imported(import_type: str, engine_name: str) -> str:
        file = await csv(house, "a,X")
        suite = await import_batch(
            house.engine,
            house.bot,
            file,
            name="b",
            user="u-1",
            language="en",
            import_type=import_type,
            engine_name=engine_name,
        )
        return suite.engine

    assert await imported("new", "") == "regression"
    assert await imported("update", "dgpt") == "dgpt"
    assert await imported("update", "") == "dgpt"
    suite = house.engine.store.suites.get(house.bot.id, BATCH, "b")
    assert suite is not None
    for asked, played in (("", "dgpt"), ("regression", "regression")):  # the run's wins over the suite's
        run = new_run(
            house.engine,
            house.bot,
            suite,
            version="published",
            user="u-1",
            language="en",
            engine_name=asked,
        )
        assert run.engine == played


async def test_an_update_that_cannot_be_read_leaves_the_suite_as_it_was(house: House) -> None:
    await import_batch(house.engine, house.bot, await csv(house, "a,X"), name="b", user="u-1", language="en")
    wrong = await csv(house, *(f"good {i},X" for i in range(600)), "y" * 3001 + ",X")
    with pytest.raises(Malformed, match="line 602"):
        await import_batch(
            house.engine, house.bot, wrong, name="b", user="u-1", language="en", import_type="update"
        )
    suite = house.engine.store.suites.get(house.bot.id, BATCH, "b")
    assert suite is not None and suite.total == 1
    units = list(house.engine.store.suites.units(suite.id, suite.revision))
    assert [unit.cases for unit in units] == [(BatchCase("a", ("X",), line=2),)]


# --- updates of conversation suites -------------------------------------------------------------


async def update(house: House, content: str, dispatcher: LocalDispatcher) -> Run:
    """Begin an update of the suite."""
    return await import_conversations(
        house.engine,
        dispatcher,
        house.bot,
        await house.file(content),
        name="suite",
        user="u-2",
        import_type="update",
        language="en",
    )


def revisions(house: House) -> list[int]:
    suite = house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite")
    assert suite is not None
    return [one.revision for one in house.engine.store.suites.revisions(suite.id, skip=0, limit=9).items]


def half_done(house: House) -> list[int]:
    """Revisions of which something is left although they were never seen."""
    suite = house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite")
    assert suite is not None
    store, seen = house.engine.store.suites, revisions(house)
    return [
        number
        for number in range(1, 9)
        if number not in seen
        and (store.revision(suite.id, number, staged=True) or list(store.units(suite.id, number)))
    ]


async def test_of_two_updates_at_once_the_overtaken_one_is_refused(house: House) -> None:
    await import_(house, transcript([("a", "echo a")]))
    idle, dispatcher = house.dispatcher(), house.dispatcher()
    slow = await update(house, transcript([("slow", "echo slow")]), idle)
    quick = await update(house, transcript([("quick", "echo quick")]), idle)
    assert (slow.revision, quick.revision) == (2, 3)
    assert (await finish_played(house, quick)).status is RunStatus.PASSED
    await dispatcher.start()
    lost = await house.ended(slow.id)
    await dispatcher.aclose()
    assert lost.status is RunStatus.ERROR
    assert "updated by another call" in lost.logs[-1].message
    assert [case.steps[0].input for case in kept(house)] == ["quick"]
    assert revisions(house) == [3, 1] and half_done(house) == []


async def finish_played(house: House, run: Run) -> Run:
    """Play one run and no other."""
    async for event in play_run(house.engine, run, ceilings=Ceilings(house.engine), stop=Stop()):
        last = event
    assert isinstance(last, RunFinished)
    return last.run


async def test_an_update_that_fails_or_is_cancelled_leaves_what_is_seen(house: House) -> None:
    house.limited(retries=0)
    await import_(house, transcript([("a", "echo a")]))
    before = kept(house)
    dispatcher = house.dispatcher()
    house.test_bot.answer = lambda text: Unreachable("connection refused")
    await dispatcher.start()
    failed = await house.ended((await update(house, transcript([("b", "b")]), dispatcher)).id)
    assert failed.status is RunStatus.ERROR and "connection refused" in failed.logs[-1].message
    house.test_bot.answer, house.test_bot.latency_s = (lambda text: Reply((Output(text),))), 30.0
    going = await update(house, transcript([("c", "c")]), dispatcher)
    house.engine.store.runs.request_cancel(going.id)
    await dispatcher.cancel(going.id)
    assert (await house.ended(going.id)).status is RunStatus.CANCELLED
    await dispatcher.aclose()
    assert kept(house) == before and revisions(house) == [1] and half_done(house) == []


async def test_an_update_that_was_killed_before_its_validation_is_forgotten(house: House) -> None:
    await import_(house, transcript([("a", "echo a")]))
    suites = house.engine.store.suites
    suite = suites.get(house.bot.id, CONVERSATION, "suite")
    assert suite is not None
    staged = suites.stage_revision(suite)
    suites.add_units(suite.id, staged.revision, CONVERSATION, suites.units(suite.id, 1))
    assert half_done(house) == [2]
    assert suites.discard_abandoned(house.engine.clock.now()) == 1
    assert revisions(house) == [1] and half_done(house) == []


async def test_what_an_update_does_not_give_stays_the_suites(house: House) -> None:
    await import_(house, transcript([("a", "echo a")]))
    dispatcher = house.dispatcher()
    await dispatcher.start()
    described = json.loads(transcript([("b", "echo b")])) | {"description": "told by the file"}
    await house.ended((await update(house, json.dumps(described), dispatcher)).id)
    await house.ended((await update(house, transcript([("c", "echo c")]), dispatcher)).id)
    await dispatcher.aclose()
    suite = house.engine.store.suites.get(house.bot.id, CONVERSATION, "suite")
    assert suite is not None
    assert (suite.head.description, suite.created_by, suite.modified_by) == ("told by the file", "u-1", "u-2")
    with pytest.raises(NotFound, match="no conversation suite 'other' to update"):
        await import_conversations(
            house.engine,
            dispatcher,
            house.bot,
            await house.file(transcript([("c", "c")])),
            name="other",
            user="u",
            import_type="update",
            language="en",
        )
