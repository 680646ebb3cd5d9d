"""What a bot calls 'no intent'."""

from collections.abc import Collection
from typing import Final

NO_INTENT: Final = "None"
"""What such a candidate is called by us, whatever the bot calls it (domain.batch.names.is_none)."""


class NoneNames:
    """Names that mean none; compared without case and outer blanks, the empty name among them."""

    def __init__(self, names: Collection[str | None]) -> None:
        self._names = {"", *(name.strip().casefold() for name in names if name is not None)}
        if None in names:  # YAML's `null` and `~`: either word is meant
            self._names |= {"none", "null"}

    def has(self, name: str) -> bool:
        return name.strip().casefold() in self._names
