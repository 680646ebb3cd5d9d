"""Patterns of whole utterances, by word: `thanks *` is *thanks* and whatever follows."""

from collections.abc import Iterable, Sequence

from vivavoce.assistant.words import words

ANY = "*"  # any words, none too


class Patterns:
    """Finds what an utterance is by the first pattern, in the order given, that covers all of it."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        """Pairs of a pattern and what it stands for."""
        self._whole: dict[str, tuple[int, str]] = {}
        # Patterns with ANY, by a word that an utterance must hold to fit: where there is none, by ANY.
        self._open: dict[str, list[tuple[int, list[str], str]]] = {}
        for order, (pattern, meaning) in enumerate(patterns):
            parts = [part for piece in pattern.split() for part in ([ANY] if piece == ANY else words(piece))]
            if ANY in parts:
                needed = max((part for part in parts if part != ANY), key=len, default=ANY)
                self._open.setdefault(needed, []).append((order, parts, meaning))
            elif parts:
                self._whole.setdefault(" ".join(parts), (order, meaning))

    def match(self, text: str) -> str | None:
        if not self._whole and not self._open:
            return None
        spoken = words(text)
        whole = self._whole.get(" ".join(spoken))
        found = [whole] if whole else []
        if self._open and not self._open.keys().isdisjoint(said := {*spoken, ANY}):
            for word in said:
                for order, parts, meaning in self._open.get(word, ()):
                    if _covers(parts, spoken):
                        found.append((order, meaning))
        return min(found)[1] if found else None


def _covers(parts: Sequence[str], spoken: Sequence[str]) -> bool:
    """Whether a pattern covers all words; after a mismatch only the last ANY grows, so it stays quick."""
    at = part = 0
    retry_part, retry_at = -1, 0
    while at < len(spoken):
        if part < len(parts) and parts[part] == ANY:
            retry_part, retry_at = part, at
            part += 1
        elif part < len(parts) and parts[part] == spoken[at]:
            part, at = part + 1, at + 1
        elif retry_part >= 0:
            retry_at += 1
            part, at = retry_part + 1, retry_at
        else:
            return False
    return all(rest == ANY for rest in parts[part:])
