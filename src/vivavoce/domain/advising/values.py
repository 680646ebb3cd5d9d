"""A piece of advice."""

from typing import Literal

import msgspec

from vivavoce.domain.evaluation.values import Example

Tag = Literal[
    "",  # the platform has no tag for this
    "Add Negative Pattern",
    "NeedNLPHelp",
    "Needs Negative Pattern",
    "Needs Training",
    "New Intent",
]
"""The platform's follow-up tags, in its own spelling (testing-api.md 6)."""

Topic = Literal[
    "unknown intent",  # the bot never matched it: does it exist?
    "confused pair",  # two intents, each taken for the other
    "attraction",  # an intent that takes other intents' utterances
    "out of scope",  # utterances that mean nothing were matched
    "missed",  # an intent that is not found often enough
    "missed trait",
    "missed entity",
    "single cases",  # confused utterances without a pattern
    "threshold",  # another one would have done better
    "calibration",  # scores do not say how sure one can be
    "support",  # too few test utterances to say anything
]


class Advice(msgspec.Struct, frozen=True):
    """What to do, where, and why."""

    topic: Topic
    tag: Tag
    intents: tuple[str, ...]  # what is to be changed first, then what it concerns besides
    text: str  # plain sentences, with the numbers
    cases: int  # utterances that it is about, at most; by which advice is ranked
    examples: tuple[Example, ...] = ()
