"""Tells which corpus a file is of, by its content, and reads it."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.batch_cells import utterance_problem
from vivavoce.formats.corpora import banking77, nlu_evaluation, nlupp, snips
from vivavoce.formats.corpora.values import Corpus, Sample
from vivavoce.formats.encodings import decoded, utf8_bytes
from vivavoce.formats.json_text import CONVERT

SIZE_LIMIT = 256 * 1024 * 1024  # bytes


class _Format(NamedTuple):
    name: str
    reads: Callable[[Any], bool]
    samples: Callable[[Any], Iterator[Sample]]


_JSON = [_Format(module.NAME, module.reads, module.samples) for module in (nlu_evaluation, nlupp, snips)]


def read_corpus(data: bytes) -> Corpus | None:
    """What a file of a known corpus holds; None: it is none. Raises Malformed for one that is damaged."""
    data = utf8_bytes(data)
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _from_json(data)
    if b"text" in start.lower() and b"category" in start.lower():
        return _from_csv(data)
    return None


def _from_csv(data: bytes) -> Corpus | None:
    first_line = data[:4096].decode("utf-8-sig", "replace").splitlines()[0]
    if not banking77.reads(first_line):
        return None
    return _corpus(banking77.NAME, banking77.samples(decoded(data, hint=CONVERT)))


def _from_json(data: bytes) -> Corpus | None:
    if len(data) > SIZE_LIMIT:
        return None
    text = decoded(data, hint=CONVERT)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for known in _JSON:
        if known.reads(document):
            corpus = _corpus(known.name, known.samples(document))
            unsaid = nlupp.unsaid(document) if known.name == nlupp.NAME else 0
            note = f"slots whose value has no text form: only their words are expected ({unsaid:,})"
            return replace(corpus, notes=(note,)) if unsaid else corpus
    return None


def _corpus(name: str, found: Iterator[Sample]) -> Corpus:
    samples = tuple(found)
    if not samples:
        raise Malformed(f"the file holds no utterances ({name})")
    for number, sample in enumerate(samples):
        text = sample.case.utterance
        reason = "the text is empty" if not text else utterance_problem(text)
        if reason or "\0" in text:
            place = f"line {sample.case.line}" if sample.case.line else f"utterance {number + 1}"
            raise Malformed(Problem(reason or "the text holds a NUL character", place))
    return Corpus(name, samples)
