"""Suite files as the commands read them: all of them, before one is played."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.suite import SuiteHead
from vivavoce.domain.utterance import BatchCase
from vivavoce.engine.importing import PREPROCESSOR_WARNING
from vivavoce.formats.batches import read_batch
from vivavoce.formats.conversations import ConversationFile, read_conversations
from vivavoce.formats.detect import kind_of


@dataclass
class SuiteFile:
    """A suite file that was read through and is in order."""

    path: Path
    kind: SuiteKind
    case_count: int
    total: int  # steps, or utterances
    conversations: ConversationFile | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def head(self) -> SuiteHead:
        return self.conversations.head if self.conversations else SuiteHead()

    def forget(self) -> None:
        """Let go of the file's text, once its cases are kept elsewhere."""
        self.conversations = None

    def batch_cases(self) -> Iterator[BatchCase]:
        """Reads the file once more: nothing holds a million utterances."""
        with self.path.open("rb") as stream:
            yield from read_batch(stream, file_type=None, delimiter=None, warn=lambda warning: None)


def read_suite_files(paths: Sequence[Path]) -> list[SuiteFile]:
    """Read all files. Raises Malformed with the problems of every file that has some."""
    read: list[SuiteFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            read.append(_read(path))
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


def _read(path: Path) -> SuiteFile:
    with path.open("rb") as stream:
        kind = kind_of(stream.read())
    if kind is SuiteKind.BATCH:
        file = SuiteFile(path, kind, 0, 0)
        with path.open("rb") as stream:
            for _ in read_batch(stream, file_type=None, delimiter=None, warn=file.warnings.append):
                file.case_count += 1
        file.total = file.case_count
        return file
    conversations = read_conversations(path.read_bytes(), str(path), included_files)
    file = SuiteFile(path, kind, conversations.case_count, conversations.step_count, conversations)
    file.warnings += conversations.warnings
    if conversations.has_preprocessor:
        file.warnings.append(PREPROCESSOR_WARNING)
    return file
