"""What batch suites name that a bot does not have, for `viva check --bot`."""

from vivavoce.cli.files import SuiteFile
from vivavoce.domain.batch.vocabulary import Lookup, Unknown, Vocabulary
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Problem
from vivavoce.formats.places import PROBLEMS_SHOWN


def unknown_names(file: SuiteFile, vocabulary: Vocabulary) -> list[Problem]:
    """Each unknown name once, at the first place that has it; the number of further ones behind them."""
    if file.kind is not SuiteKind.BATCH:
        return []
    lookup = Lookup(vocabulary)
    found: dict[Unknown, str] = {}
    for number, case in enumerate(file.batch_cases()):
        for unknown in lookup.unknown(case):
            if unknown not in found:
                place = f"line {case.line}" if case.line else f"$.testCases[{number}]"
                found[unknown] = f"{file.path}, {place}"
    shown = list(found.items())[:PROBLEMS_SHOWN]
    problems = [Problem(str(unknown), place, _hint(lookup.closest(unknown))) for unknown, place in shown]
    if len(found) > len(shown):
        problems.append(Problem(f"and {len(found) - len(shown):,} more unknown names", str(file.path)))
    return problems


def _hint(near: str) -> str:
    return f"did you mean {near!r}?" if near else ""
