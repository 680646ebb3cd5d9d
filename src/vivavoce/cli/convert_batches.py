"""What `viva convert` takes utterances from: batch suites, and files of corpora."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from vivavoce.cli.files import read_suite_files
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError, Malformed, Problem
from vivavoce.formats.batch_cells import CASE_LIMIT
from vivavoce.formats.corpora.recognizing import read_corpus
from vivavoce.formats.corpora.values import Corpus, Part
from vivavoce.formats.detect import kind_of
from vivavoce.formats.encodings import recoded


@dataclass
class BatchSource:
    """The utterances of several files, one after the other; can be gone through again."""

    files: list[Callable[[], Iterator[BatchCase]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    entities: bool = True  # else cases are given out without the entities they expect

    def __iter__(self) -> Iterator[BatchCase]:
        cases = chain.from_iterable(cases() for cases in self.files)
        return cases if self.entities else (replace(case, entities=(), entity_order=()) for case in cases)


def batch_source(
    paths: Sequence[Path], part: Part | None, encoding: str | None, *, entities: bool
) -> BatchSource | None:
    """The utterances of batch suites and corpora; None: the first file is a conversation suite.

    Raises Malformed, InputError.
    """
    source = BatchSource(entities=entities)
    for path in paths:
        corpus, kind = _recognized(path, encoding)
        if corpus is not None:
            _add_corpus(source, path, corpus, part)
        elif kind is SuiteKind.BATCH:
            if part is not None:
                raise InputError(f"{path}: --part: a batch suite has no parts")
            [read] = read_suite_files([path], encoding=encoding)
            source.warnings += [f"{path}: warning: {warning}" for warning in read.warnings]
            source.files.append(read.batch_cases)
        elif not source.files:
            return None
        else:
            raise InputError(f"{path}: a conversation suite among files of utterances")
    if len(paths) > 1:
        _check_joined(source)
    return source


def _recognized(path: Path, encoding: str | None) -> tuple[Corpus | None, SuiteKind]:
    try:
        data = path.read_bytes()
        if encoding is not None:
            data = recoded(data, encoding)
        return read_corpus(data), kind_of(data)
    except OSError as error:
        raise Malformed(Problem("cannot be read", str(path), error.strerror or "")) from None
    except Malformed as malformed:
        raise Malformed(malformed.problems, str(path)) from None


def _add_corpus(source: BatchSource, path: Path, corpus: Corpus, part: Part | None) -> None:
    try:
        cases = list(corpus.cases(part))
    except Malformed as malformed:
        raise Malformed(malformed.problems, str(path)) from None
    chosen = f", {part} part" if part else ""
    source.warnings.append(f"{path}: {corpus.name}{chosen}, {len(cases):,} utterances")
    source.warnings += [f"{path}: {note}" for note in corpus.notes]
    if part is None and len({sample.part for sample in corpus.samples}) > 1:
        source.warnings.append(f"{path}: warning: holds a training and a test part; --part chooses one")
    source.files.append(lambda: iter(cases))


def _check_joined(source: BatchSource) -> None:
    """Refuses what could not be read again: too many utterances, a case id in two files."""
    ids: set[str] = set()
    for count, case in enumerate(source, 1):
        if count > CASE_LIMIT:
            raise InputError(f"more than {CASE_LIMIT:,} utterances in all")
        if case.id and case.id in ids:
            raise InputError(f"the case id {case.id!r} stands in two files")
        ids.add(case.id)
