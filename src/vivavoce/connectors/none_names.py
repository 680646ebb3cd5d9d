"""What a bot calls 'no intent'."""

from collections.abc import Iterable


class NoneNames:
    """Names that mean none; compared without case and outer blanks, the empty name among them."""

    def __init__(self, names: Iterable[str | None]) -> None:
        # YAML reads `null` and `~` as None; people mean the word.
        self._names = {"", *((name or "null").strip().casefold() for name in names)}

    def has(self, name: str) -> bool:
        return name.strip().casefold() in self._names
