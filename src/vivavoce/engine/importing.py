"""Imports: from an uploaded file to a suite. Nothing half-imported stays."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import NotFound, TooLarge
from vivavoce.domain.run import LogEntry, Run, RunKind
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.domain.utterance import BatchCase
from vivavoce.engine.core import Engine
from vivavoce.engine.ports import Dispatcher, Unit
from vivavoce.formats.batches import read_batch
from vivavoce.formats.conversations import ConversationFile, read_conversations

BATCH_CHUNK = 500  # utterances a unit
DEFAULT_ENGINE = "regression"  # of batch suites; the other one is `dgpt`
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
    tags: Sequence[str] = (),
    description: str = "",
    preprocessor: str = "",
    language: str,
) -> Run:
    """Stage a conversation suite and begin its validation. Raises Conflict, TooLarge, Malformed."""
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
    run = await engine.call(_stage_conversations, engine, bot, suite, file)
    await dispatcher.submit(run.id)
    return run


def _stage_conversations(engine: Engine, bot: Bot, suite: Suite, file: StoredFile) -> Run:
    suites = engine.store.suites
    suites.stage(suite)
    try:
        if file.size > engine.sizes.conversation_file:
            raise TooLarge(engine.sizes.conversation_file)
        with engine.blobs.reader(file.key) as stream:
            read = read_conversations(stream.read(), file.name)
        suite = replace(suite, head=_joined(read.head, suite.head))
        suites.restage(suite)
        suites.add_units(suite.id, suite.revision, suite.kind, conversation_units(read.cases()))
        run = _validation(engine, bot, suite, read)
        engine.store.runs.accept(run)
    except BaseException:
        suites.discard(suite.id, suite.revision)
        raise
    return run


def _joined(in_file: SuiteHead, asked: SuiteHead) -> SuiteHead:
    """The file's head, with what the request says in its place."""
    return replace(
        in_file,
        name=asked.name,
        description=asked.description or in_file.description,
        tags=asked.tags or in_file.tags,
        preprocessor=asked.preprocessor or in_file.preprocessor,
        metadata_available=False,
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
        triggered_by=suite.created_by,
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
    import_type: str = "new",
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
    known = engine.store.suites.get(suite.bot_id, suite.kind, suite.name)
    if known is None:
        raise NotFound(f"there is no batch suite {suite.name!r} to update")
    return replace(
        known,
        head=replace(known.head, description=suite.head.description or known.head.description),
        revision=engine.store.suites.stage_revision(known.id),
        modified_by=suite.modified_by,
        modified_on=suite.modified_on,
        file_id=suite.file_id,
        file_name=suite.file_name,
        engine=engine_name or known.engine,
    )
