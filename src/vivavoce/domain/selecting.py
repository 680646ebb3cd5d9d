"""Which cases of a suite a run plays, and how often: from what was asked to the units that are played."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import translate

import msgspec

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.run import Selection, Shard
from vivavoce.domain.suite import PassRule

MOST_REPEATS = 1_000
MOST_SHARDS = 100_000

# A wrong name is compared with all that it might mean, which is slow where both are many.
_HINTS = 5
_COMPARED = 1_000
_SHOWN = 50  # characters of what was given in place of a pass rule

_WILD = re.compile(r"[*?[]")
_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked of a run besides its suite; the default plays every case once."""

    selection: Selection = Selection()
    fail_fast: bool = False
    repeats: int = 1
    pass_rule: PassRule = "all"


ALL_ONCE = Plan()


class Listed(msgspec.Struct, frozen=True):
    """A case as far as it is chosen by. `occurrence` counts the earlier cases of the same name."""

    unit: int
    name: str
    tags: tuple[str, ...]
    occurrence: int = 0


class NothingChosen(Malformed):
    """The conditions leave no case of a suite."""


def listed(cases: Iterable[tuple[int, str, tuple[str, ...]]]) -> Iterator[Listed]:
    """Cases as (unit, name, tags), in order, with their occurrences."""
    seen: dict[str, int] = {}
    for unit, name, tags in cases:
        occurrence = seen.get(name, 0)
        seen[name] = occurrence + 1
        yield Listed(unit, name, tags, occurrence)


def choose(
    cases: Iterable[Listed],
    selection: Selection,
    *,
    suite_tags: Collection[str] = (),
    last_failed: Collection[tuple[str, int]] = (),
) -> list[int]:
    """The units that are played, in order.

    `last_failed`: (name, occurrence) of the cases that did not pass when they were last played; empty: all
    passed, or none was played, and `selection.last_failed` leaves out nothing. Raises NothingChosen, never
    because of the shard: one of more shards than cases may well be empty.
    """
    names: dict[str, None] = {}
    tags: dict[str, None] = dict.fromkeys(suite_tags)
    chosen: list[int] = []
    wanted = _one_of(selection.cases)
    gone = set(last_failed)
    of_suite = any(tag in selection.tags for tag in suite_tags)
    for case in cases:
        names[case.name] = None
        tags.update(dict.fromkeys(case.tags))
        gone.discard((case.name, case.occurrence))
        if selection.cases and not wanted(case.name):
            continue
        if selection.tags and not of_suite and not any(tag in selection.tags for tag in case.tags):
            continue
        if selection.last_failed and last_failed and (case.name, case.occurrence) not in last_failed:
            continue
        chosen.append(case.unit)
    if not chosen:
        problems = _nothing(selection, list(names), list(tags))
        if not problems and selection.last_failed and last_failed:
            problems = [_nothing_failed(last_failed, gone)]
        raise NothingChosen(
            problems or [Problem("no case meets all conditions", hint="leave one of them out")]
        )
    shard = selection.shard
    return chosen if shard is None else chosen[shard.index - 1 :: shard.of]


def _one_of(patterns: Collection[str]) -> Callable[[str], bool]:
    """Whether a pattern fits the whole name, or is the name, whatever `[` means in it; quick also of a
    thousand patterns."""
    exact = frozenset(patterns)
    wild = "|".join(translate(pattern) for pattern in patterns if _WILD.search(pattern))
    fits = re.compile(wild).match if wild else None
    return lambda name: name in exact or (fits is not None and fits(name) is not None)


def _nothing(selection: Selection, names: list[str], tags: list[str]) -> list[Problem]:
    if not names:
        return [Problem("the suite has no cases")]
    problems: list[Problem] = []
    known = frozenset(names)
    for pattern in selection.cases:
        if not (pattern in known or (_WILD.search(pattern) and any(map(_one_of((pattern,)), names)))):
            near = _did_you_mean(pattern, names) if len(problems) < _HINTS else ""
            hint = near or "a pattern fits the whole name: `*` stands for the rest"
            problems.append(Problem(f"no case is named like {pattern!r}", hint=hint))
    for tag in selection.tags:
        if tag not in tags:
            near = _did_you_mean(tag, tags) if len(problems) < _HINTS else ""
            hint = near if tags else "no case has a tag"
            problems.append(Problem(f"neither the suite nor a case has the tag {tag!r}", hint=hint))
    return problems


def _nothing_failed(last_failed: Collection[tuple[str, int]], gone: Collection[tuple[str, int]]) -> Problem:
    """Cases did not pass last time, and none of them is chosen."""
    if len(gone) == len(last_failed):
        hint = f"{_some(gone)}: renamed or removed since? Play the suite once without this condition"
        return Problem("no case of the suite is one of those that did not pass last time", hint=hint)
    here = [key for key in last_failed if key not in gone]
    hint = f"{_some(here)}: leave a condition out"
    return Problem("no case that did not pass last time meets the other conditions", hint=hint)


def _some(cases: Collection[tuple[str, int]]) -> str:
    """The first names."""
    names = sorted({name for name, _ in cases})
    shown = ", ".join(repr(name) for name in names[:_HINTS])
    return shown if len(names) <= _HINTS else f"{shown} and {len(names) - _HINTS} more"


def _did_you_mean(word: str, known: list[str]) -> str:
    """Blind to case, as a pattern is not: that may be all that is wrong."""
    by_folded = {name.casefold(): name for name in reversed(known[:_COMPARED])}
    near = difflib.get_close_matches(word.casefold().strip("*"), by_folded, n=1, cutoff=0.5)
    return f"did you mean {by_folded[near[0]]!r}?" if near else ""


def read_shard(text: str) -> Shard:
    """`2/5`: the second of five. Raises Malformed."""
    found = _SHARD.fullmatch(text)
    if found and 1 <= int(found[1]) <= int(found[2]) <= MOST_SHARDS:
        return Shard(int(found[1]), int(found[2]))
    raise Malformed(Problem(f"{text!r} is no shard", hint="`1/4` is the first of four, `4/4` the last"))


def read_pass_rule(rule: str | int, repeats: int) -> PassRule:
    """`all`, `any`, or how many of the repeats must pass. Raises Malformed."""
    text = str(rule)
    if text == "all":
        return "all"
    if text == "any":
        return "any"
    if re.fullmatch(r"[0-9]{1,6}", text) and 1 <= int(text) <= repeats:
        return int(text)
    wanted = f"all, any, or a number from 1 to the {repeats} repeats" if repeats > 1 else "all or any"
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    raise Malformed(Problem(f"{shown!r} is no pass rule for {_times(repeats)}", hint=wanted))


def _times(repeats: int) -> str:
    return "a case that is played once" if repeats == 1 else f"{repeats} repeats"
