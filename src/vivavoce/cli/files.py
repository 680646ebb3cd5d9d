"""Suite files as the commands read them: all of them, before one is played."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.suite import SuiteHead
from vivavoce.engine.importing import PREPROCESSOR_WARNING
from vivavoce.formats import encodings
from vivavoce.formats.batches import read_batch
from vivavoce.formats.conversations import ConversationFile, read_conversations
from vivavoce.formats.corpora.recognizing import read_corpus
from vivavoce.formats.detect import kind_of_stream


@dataclass
class SuiteFile:
    """A suite file that was read through and is in order."""

    path: Path
    kind: SuiteKind
    case_count: int
    total: int  # steps, or utterances
    conversations: ConversationFile | None = None
    warnings: list[str] = field(default_factory=list)
    recoded: bytes | None = None  # the file as UTF-8, where it was read in a named encoding

    @property
    def head(self) -> SuiteHead:
        return self.conversations.head if self.conversations else SuiteHead()

    def forget(self) -> None:
        """Let go of the file's text, once its cases are kept elsewhere."""
        self.conversations = None

    def batch_cases(self) -> Iterator[BatchCase]:
        """Reads the file once more: nothing holds a million utterances."""
        with _opened(self.path, self.recoded) as stream:
            yield from read_batch(stream, file_type=None, delimiter=None, warn=None)


def read_suite_files(paths: Sequence[Path], *, encoding: str | None = None) -> list[SuiteFile]:
    """Read all files. Raises Malformed with the problems of every file that has some.

    `encoding`: in which all of them are written; None: UTF-8, or UTF-16 where that can be seen.
    """
    read: list[SuiteFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            read.append(_read(path, encoding))
        except OSError as error:
            problems.append(Problem(f"cannot be read: {error.strerror}", str(path)))
        except Malformed as malformed:
            for problem in malformed.problems:
                place = f"{path}: {problem.place}" if problem.place else str(path)
                problems.append(Problem(problem.message, place, problem.hint))
    if problems:
        raise Malformed(problems)
    return read


def included_files(pattern: str, source: str) -> list[tuple[str, bytes]]:
    """The files that an `include` of the file `source` means, ordered by name. Raises Malformed.

    A pattern means the others: a file that includes `*.yaml` does not mean itself.
    """
    own = Path(source)
    try:
        if any(mark in pattern for mark in "*?["):
            found = [path for path in sorted(own.parent.glob(pattern)) if not path.samefile(own)]
        else:
            found = [own.parent / pattern]
        return [(os.path.normpath(path), path.read_bytes()) for path in found]
    except OSError as error:
        raise Malformed(f"cannot be read: {error.strerror}") from None


def _read(path: Path, encoding: str | None) -> SuiteFile:
    recoded = None if encoding is None else encodings.recoded(path.read_bytes(), encoding)
    with _opened(path, recoded) as stream:
        kind = kind_of_stream(stream)
    try:
        if kind is SuiteKind.BATCH:
            return _read_batch(path, recoded)
        return _read_conversations(path, path.read_bytes() if recoded is None else recoded)
    except Malformed:
        name = _corpus(path.read_bytes() if recoded is None else recoded)
        if not name:
            raise
        hint = f"make one of it: `viva convert {path} OUT.csv`"
        raise Malformed(Problem(f"a file of the corpus {name}, no suite", "", hint)) from None


def _corpus(data: bytes) -> str:
    """The corpus that a file belongs to; empty: none, or it is damaged."""
    try:
        corpus = read_corpus(data)
    except Malformed:
        return ""
    return corpus.name if corpus else ""


def _read_batch(path: Path, recoded: bytes | None) -> SuiteFile:
    file = SuiteFile(path, SuiteKind.BATCH, 0, 0, recoded=recoded)
    with _opened(path, recoded) as stream:
        for _ in read_batch(stream, file_type=None, delimiter=None, warn=file.warnings.append):
            file.case_count += 1
    file.total = file.case_count
    return file


def _opened(path: Path, recoded: bytes | None) -> BinaryIO:
    return path.open("rb") if recoded is None else BytesIO(recoded)


def _read_conversations(path: Path, data: bytes) -> SuiteFile:
    conversations = read_conversations(data, str(path), included_files)
    file = SuiteFile(
        path, SuiteKind.CONVERSATION, conversations.case_count, conversations.step_count, conversations
    )
    file.warnings += conversations.warnings
    if conversations.has_preprocessor:
        file.warnings.append(PREPROCESSOR_WARNING)
    return file
