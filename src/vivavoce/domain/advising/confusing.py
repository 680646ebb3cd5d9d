"""Advice from confusions: what to do about intents that lose or take utterances.

Each confused pair is the ground of at most one piece of advice, the most telling one, in this order: the
bot does not know the intent; the two are taken for each other; one attracts many; it is missed. What none
of these is surely about are single cases.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from vivavoce.domain.advising.values import Advice
from vivavoce.domain.advising.wording import SURELY, listed, noticeable, share, times
from vivavoce.domain.evaluation.intervals import chance_of_at_least
from vivavoce.domain.evaluation.values import (
    EXAMPLES,
    NO_INTENT,
    Confusion,
    Evaluation,
    Example,
)

UNKNOWN_BELOW: Final = 0.5  # an intent that was never named is unknown when its recall is surely below this
BOTH_WAYS: Final = 3  # a pair is confused both ways when one way is at most so many times the other one
LEAST_EACH_WAY: Final = 2  # cases


def about_confusions(evaluation: Evaluation, *, lower_threshold: bool = False) -> list[Advice]:
    """All advice that confusions give ground for; `lower_threshold`: a lower one would surely do better."""
    left = _Left(evaluation)
    advice: list[Advice] = []
    for rule in (_unknown, _confused, _out_of_scope, _attractions):
        advice.extend(rule(evaluation, left))
    advice.extend(_missed(evaluation, left, lower_threshold))
    return [*advice, *_single_cases(evaluation, left)]


class _Left:
    """The confused pairs that no advice is about yet, most frequent first."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._pairs = {(pair.expected, pair.matched): pair for pair in evaluation.confusions}

    def all(self) -> list[Confusion]:
        return list(self._pairs.values())

    def get(self, expected: str, matched: str) -> Confusion | None:
        return self._pairs.get((expected, matched))

    def grouped(self, by: Callable[[Confusion], str]) -> Mapping[str, Sequence[Confusion]]:
        groups: dict[str, list[Confusion]] = {}
        for pair in self._pairs.values():
            groups.setdefault(by(pair), []).append(pair)
        return groups

    def take(self, pairs: Iterable[Confusion]) -> None:
        for pair in pairs:
            self._pairs.pop((pair.expected, pair.matched), None)


def _unknown(evaluation: Evaluation, left: _Left) -> Iterable[Advice]:
    """Expected, never matched, and never named by the bot among what it considered, where it tells that."""
    lost = left.grouped(lambda pair: pair.expected)
    for row in evaluation.intents:
        # By chance, a bot that finds half of its utterances would miss all of them less often than this.
        if row.tp or row.fp or row.named or chance_of_at_least(row.fn, row.support, UNKNOWN_BELOW) >= SURELY:
            continue
        pairs = lost.get(row.name, ())
        left.take(pairs)
        yield Advice(
            topic="unknown intent",
            tag="New Intent",
            intents=(row.name, *_matched(pairs)),
            text=(
                f"{_name(row.name)} is expected by {times(row.support, 'utterance')}, and the bot never "
                f"matched or named it ({_went_to(pairs)}). Perhaps it has no such intent: then add it. Or "
                "the suite spells its name in another way: then correct that."
            ),
            cases=row.fn,
            examples=_examples(pairs),
        )


def _confused(evaluation: Evaluation, left: _Left) -> Iterable[Advice]:
    """Two intents, each taken for the other about as often."""
    rows = {row.name: row for row in evaluation.intents}
    for pair in left.all():
        if left.get(pair.expected, pair.matched) is None:
            continue  # told of the other way round
        back = left.get(pair.matched, pair.expected)
        if back is None or NO_INTENT in (pair.expected, pair.matched):
            continue
        few, many = sorted((pair.count, back.count))
        one, other = rows[pair.expected], rows[pair.matched]
        both, of = few + many, one.support + other.support
        if few < LEAST_EACH_WAY or many > BOTH_WAYS * few or not noticeable(both, of):
            continue
        left.take((pair, back))
        yield Advice(
            topic="confused pair",
            tag="NeedNLPHelp",
            intents=(pair.expected, pair.matched),
            text=(
                f"{_name(pair.expected)} and {_name(pair.matched)} are taken for each other: {pair.count} of "
                f"{one.support} utterances go one way, {back.count} of {other.support} the other; together "
                f"{share(both, of)}. Do they mean different things to your users? If not, merge them; if so, "
                "move training utterances that would fit both, and add some that say the difference."
            ),
            cases=both,
            examples=_examples((pair, back)),
        )


def _out_of_scope(evaluation: Evaluation, left: _Left) -> Iterable[Advice]:
    """Utterances that mean nothing, matched all the same: one advice for each intent that takes several."""
    rejected = evaluation.out_of_scope.rejected
    pairs = left.grouped(lambda pair: pair.expected).get(NO_INTENT, ())
    if not noticeable(rejected.of - rejected.hits, rejected.of):
        return
    left.take(pairs)
    wrong = share(rejected.of - rejected.hits, rejected.of)
    several = [pair for pair in pairs if pair.count > 1]
    for pair in several:
        yield Advice(
            topic="out of scope",
            tag="Add Negative Pattern",
            intents=(pair.matched,),
            text=(
                f"{_name(pair.matched)} took {times(pair.count, 'utterance')} that mean nothing to the bot; "
                f"over all, {wrong} of these were matched. Give the intent a negative pattern (or train them "
                "as out of scope); where they ask for the same thing, they may be a new intent."
            ),
            cases=pair.count,
            examples=_examples((pair,)),
        )
    if not several:
        yield Advice(
            topic="out of scope",
            tag="Add Negative Pattern",
            intents=_matched(pairs),
            text=(
                f"{wrong} of the utterances that mean nothing to the bot were matched, no intent taking "
                "more than one. Train such utterances as out of scope, or raise the threshold."
            ),
            cases=rejected.of - rejected.hits,
            examples=_examples(pairs),
        )


def _attractions(evaluation: Evaluation, left: _Left) -> Iterable[Advice]:
    """Intents that take other intents' utterances, so that what they match is too often wrong."""
    taken = left.grouped(lambda pair: pair.matched)
    for row in evaluation.intents:
        pairs = [pair for pair in taken.get(row.name, ()) if pair.expected != NO_INTENT]
        # A case that expects several intents is in a pair for each of them, but was taken once.
        count = min(sum(pair.count for pair in pairs), row.fp)
        if not noticeable(count, row.tp + row.fp):
            continue
        left.take(pairs)
        sources = [f"{pair.count} of {_name(pair.expected)}" for pair in pairs]
        yield Advice(
            topic="attraction",
            tag="Needs Negative Pattern",
            intents=(row.name, *(pair.expected for pair in pairs)),
            text=(
                f"{_name(row.name)} attracts utterances of other intents: {share(count, row.tp + row.fp)} "
                f"of what it matched ({listed(sources)}). Give it a negative pattern, look for training "
                "utterances of its own that are too general, and train the others with more like these."
            ),
            cases=count,
            examples=_examples(pairs),
        )


def _missed(evaluation: Evaluation, left: _Left, lower_threshold: bool) -> Iterable[Advice]:
    """What is left of an intent's losses: to no intent, or to several others."""
    lost = left.grouped(lambda pair: pair.expected)
    for row in evaluation.intents:
        pairs = lost.get(row.name, ())
        count = min(sum(pair.count for pair in pairs), row.fn)
        if not noticeable(count, row.support):
            continue
        left.take(pairs)
        to_none = sum(pair.count for pair in pairs if pair.matched == NO_INTENT)
        threshold = " A lower threshold would find some of them, too." if lower_threshold and to_none else ""
        yield Advice(
            topic="missed",
            tag="Needs Training",
            intents=(row.name, *_matched(pairs)),
            text=(
                f"{_name(row.name)} is missed too often: {share(count, row.support)} of its utterances "
                f"({_went_to(pairs)}). Add training utterances of this kind; not these very ones, as they "
                f"would no longer test anything.{threshold}"
            ),
            cases=count,
            examples=_examples(pairs),
        )


def _single_cases(evaluation: Evaluation, left: _Left) -> Iterable[Advice]:
    """What no other advice is about: to be looked at one by one."""
    pairs = left.all()
    count, whole = (sum(pair.count for pair in some) for some in (pairs, evaluation.confusions))
    if not count:
        return
    if whole == 1:
        head = "One utterance was confused, which says little about its intent."
    else:
        of = f"{count} of {whole}" if count < whole else "Both" if whole == 2 else f"All {whole}"
        head = (
            f"{of} confusions {'is a single case' if count == 1 else 'are single cases'}: too few of any one "
            "intent to say that it is weak."
        )
    names = dict.fromkeys(name for pair in pairs for name in (pair.expected, pair.matched) if name)
    yield Advice(
        topic="single cases",
        tag="",
        intents=tuple(names),
        text=(
            f"{head} Look at {'it' if count == 1 else 'each'}: where the suite expects the wrong intent, "
            "correct the suite; where users often speak like this, train other utterances of the kind."
        ),
        cases=count,
        examples=tuple(example for pair in pairs for example in pair.examples)[:EXAMPLES],
    )


def _matched(pairs: Iterable[Confusion]) -> tuple[str, ...]:
    return tuple(pair.matched for pair in pairs if pair.matched != NO_INTENT)


def _went_to(pairs: Sequence[Confusion]) -> str:
    return listed([f"{pair.count} to {_name(pair.matched)}" for pair in pairs])


def _name(intent: str) -> str:
    return f'"{intent}"' if intent else "no intent"


def _examples(pairs: Sequence[Confusion]) -> tuple[Example, ...]:
    """Some of each pair in turn, so that the most frequent one does not hide the others."""
    turns = zip_longest(*(pair.examples for pair in pairs))
    return tuple(example for turn in turns for example in turn if example)[:EXAMPLES]
