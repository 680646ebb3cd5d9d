"""Imports: from an uploaded file to a suite. Nothing half-imported stays."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from msgspec.structs import replace

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import NotFound, TooLarge
from vivavoce.domain.run import LogEntry, Run, RunKind
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.engine.core import Engine
from vivavoce.engine.ports.players import Dispatcher
from vivavoce.engine.ports.units import Unit
from vivavoce.formats.batches import read_batch
from vivavoce.formats.conversations import ConversationFile, read_conversations

BATCH_CHUNK = 500  # utterances a unit
DEFAULT_ENGINE = "regression"  # of batch suites; the other one is `dgpt`
ImportType = Literal["new", "update"]
PREPROCESSOR_WARNING = "the preprocessor is kept but not run: scripts are not supported yet"


def conversation_units(cases: Iterable[TestCase]) -> Iterator[Unit]:
    """One unit a conversation."""
    first = 0
    for index, case in enumerate(cases):
        yield Unit(index, first, (case,))
        first += len(case.steps)


def batch_units(cases: Iterable[BatchCase]) -> Iterator[Unit]:
    """One unit a chunk of utterances."""
    cases, index = iter(cases), 0
    while chunk := tuple(islice(cases, BATCH_CHUNK)):
        yield Unit(index, index * BATCH_CHUNK, chunk)
        index += 1


async def import_conversations(
    engine: Engine,
    dispatcher: Dispatcher,
    bot: Bot,
    file: StoredFile,
    *,
    name: str,
    user: str,
    import_type: ImportType = "new",
    tags: Sequence[str] = (),
    description: str = "",
    preprocessor: str = "",
    replays: int = 1,
    language: str,
) -> Run:
    """Stage a conversation suite, or the next revision of a known one, and begin its validation.

    What is not given is the file's, and where that says nothing, of an update the known suite's. The trial is
    played `replays` times; what differs among the replies is proposed (engine.import_proposals).
    Raises Conflict, NotFound (update of an unknown name), TooLarge, Malformed.
    """
    now = engine.clock.now()
    head = SuiteHead(name=name, description=description, tags=tuple(tags), preprocessor=preprocessor)
    suite = Suite(
        id=engine.new_id("ctc"),
        kind=SuiteKind.CONVERSATION,
        bot_id=bot.id,
        head=head,
        language=language,
        created_by=user,
        modified_by=user,
        created_on=now,
        modified_on=now,
        file_id=file.id,
        file_name=file.name,
    )
    stage = _stage_conversations_update if import_type == "update" else _stage_conversations
    run = await engine.call(stage, engine, bot, suite, file, replays)
    await dispatcher.submit(run.id)
    return run


def _stage_conversations(engine: Engine, bot: Bot, suite: Suite, file: StoredFile, replays: int) -> Run:
    suites = engine.store.suites
    suites.stage(suite)
    try:
        read = _read_conversations(engine, file)
        suite = replace(suite, head=_joined(read.head, suite.head))
        suites.restage(suite)
        return _begin_validation(engine, bot, suite, read, replays)
    except BaseException:
        suites.discard(suite.id, suite.revision)
        raise


def _stage_conversations_update(
    engine: Engine, bot: Bot, suite: Suite, file: StoredFile, replays: int
) -> Run:
    suites = engine.store.suites
    known = _known(engine, suite)
    read = _read_conversations(engine, file)
    head = _joined(_joined(read.head, known.head, only_missing=True), suite.head)
    suite = suites.stage_revision(_updated(known, suite, head))
    try:
        return _begin_validation(engine, bot, suite, read, replays)
    except BaseException:
        suites.discard(suite.id, suite.revision)
        raise


def _read_conversations(engine: Engine, file: StoredFile) -> ConversationFile:
    if file.size > engine.sizes.conversation_file:
        raise TooLarge(engine.sizes.conversation_file)
    with engine.blobs.reader(file.key) as stream:
        return read_conversations(stream.read(), file.name)


def _begin_validation(engine: Engine, bot: Bot, suite: Suite, read: ConversationFile, replays: int) -> Run:
    units = conversation_units(read.cases())
    engine.store.suites.add_units(suite.id, suite.revision, suite.kind, units)
    run = replace(_validation(engine, bot, suite, read), repeats=replays)
    engine.store.runs.accept(run)
    return run


def _joined(in_file: SuiteHead, said: SuiteHead, *, only_missing: bool = False) -> SuiteHead:
    """The file's head, with what is said besides it in its place, or only where the file says nothing."""
    first, second = (in_file, said) if only_missing else (said, in_file)
    return replace(
        in_file,
        name=said.name,
        description=first.description or second.description,
        tags=first.tags or second.tags,
        preprocessor=first.preprocessor or second.preprocessor,
        metadata_available=False,
    )


def _known(engine: Engine, suite: Suite) -> Suite:
    """The suite that an update names. Raises NotFound."""
    known = engine.store.suites.get(suite.bot_id, suite.kind, suite.name)
    if known is None:
        raise NotFound(f"there is no {suite.kind.value} suite {suite.name!r} to update")
    return known


def _updated(known: Suite, asked: Suite, head: SuiteHead) -> Suite:
    """The known suite with an update's file."""
    return replace(
        known,
        head=head,
        modified_by=asked.modified_by,
        modified_on=asked.modified_on,
        file_id=asked.file_id,
        file_name=asked.file_name,
    )


def _validation(engine: Engine, bot: Bot, suite: Suite, read: ConversationFile) -> Run:
    now = engine.clock.now()
    warnings = list(read.warnings)
    if suite.head.preprocessor or read.has_preprocessor:
        warnings.append(PREPROCESSOR_WARNING)
    return Run(
        id=engine.new_id("ds"),
        kind=RunKind.VALIDATION,
        bot=bot,
        suite_id=suite.id,
        suite_name=suite.name,
        revision=suite.revision,
        version="inDevelopment",
        language=suite.language,
        total=read.step_count,
        created_on=now,
        modified_on=now,
        triggered_by=suite.modified_by,
        logs=tuple(LogEntry(now, "warning", warning) for warning in warnings),
    )


async def import_batch(
    engine: Engine,
    bot: Bot,
    file: StoredFile,
    *,
    name: str,
    user: str,
    file_type: str | None = None,
    import_type: ImportType = "new",
    delimiter: str | None = None,
    description: str = "",
    engine_name: str = "",
    language: str,
    warn: Callable[[str], None] = lambda warning: None,
) -> Suite:
    """Read a batch file into a new suite, or into a new revision of a known one.

    Raises Conflict, NotFound (update of an unknown name), TooLarge, Malformed.
    """
    now = engine.clock.now()
    suite = Suite(
        id=engine.new_id("ts"),
        kind=SuiteKind.BATCH,
        bot_id=bot.id,
        head=SuiteHead(name=name, description=description),
        language=language,
        created_by=user,
        modified_by=user,
        created_on=now,
        modified_on=now,
        file_id=file.id,
        file_name=file.name,
        engine=engine_name or DEFAULT_ENGINE,
    )

    def read() -> Suite:
        staged = (
            _stage_update(engine, suite, engine_name)
            if import_type == "update"
            else _stage_new(engine, suite)
        )
        suites = engine.store.suites
        try:
            if file.size > engine.sizes.batch_file:
                raise TooLarge(engine.sizes.batch_file)
            with engine.blobs.reader(file.key) as stream:
                cases = read_batch(stream, file_type=file_type, delimiter=delimiter, warn=warn)
                suites.add_units(staged.id, staged.revision, staged.kind, batch_units(cases))
            suites.publish(staged)
        except BaseException:
            suites.discard(staged.id, staged.revision)
            raise
        return suites.by_id(staged.id) or staged

    return await engine.call(read)


def _stage_new(engine: Engine, suite: Suite) -> Suite:
    engine.store.suites.stage(suite)
    return suite


def _stage_update(engine: Engine, suite: Suite, engine_name: str) -> Suite:
    """The known suite with the request's file in a further revision."""
    known = _known(engine, suite)
    head = replace(known.head, description=suite.head.description or known.head.description)
    changed = replace(_updated(known, suite, head), engine=engine_name or known.engine)
    return engine.store.suites.stage_revision(changed)
