"""How names of intents, traits and entities compare: without case and outer blanks (testing-api.md 4.1)."""

NONE_NAMES = ("", "none")
"""Folded names that say that there is no intent."""


def fold(name: str) -> str:
    """The form in which names are equal."""
    return name.strip().casefold()


def is_none(name: str) -> bool:
    """Whether an intent's name says that there is no intent: blank, or `None`."""
    return fold(name) in NONE_NAMES


def is_pattern(name: str) -> bool:
    """Whether a name is a small-talk pattern: `~positiveackwords`, `thank~you`."""
    return "~" in name
