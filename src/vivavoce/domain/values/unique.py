"""What a case's variables stand for when it begins: the given values, and fresh words where it asks for them.

A fresh word is derived from what is unique already (a run's or a conversation's id), so that nothing here
needs chance, and a run that goes on elsewhere goes on with the same values.
"""

import hashlib
from collections.abc import Mapping

from vivavoce.domain.values.variables import Unique, Values, Variable

WORD = 8  # characters
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def opening_values(variables: Mapping[str, Variable], run_id: str, conversation_id: str) -> Values:
    """JSON values by name; `run_id` makes those unique that last for a run, `conversation_id` the others."""
    return {
        name: fresh(value.unique, run_id if value.per == "run" else conversation_id, name)
        if isinstance(value, Unique)
        else value
        for name, value in variables.items()
    }


def fresh(pattern: str, origin: str, name: str) -> str:
    """The pattern with a word for each `*`; the same for the same origin and name."""
    first, *rest = pattern.split("*")
    return first + "".join(f"{_word(origin, name, at)}{part}" for at, part in enumerate(rest))


def _word(origin: str, name: str, at: int) -> str:
    digest = hashlib.sha256("\0".join((origin, name, str(at))).encode("utf-8", "surrogatepass")).digest()
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(WORD):
        number, letter = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return letters
