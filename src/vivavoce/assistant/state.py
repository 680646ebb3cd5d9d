"""What one conversation with the assistant remembers."""

from collections import Counter
from typing import Any

from vivavoce.assistant.definition import Dialog, Edition, Node, Say
from vivavoce.assistant.speech import render
from vivavoce.engine.ports.bots import Opening

SESSION_ROOTS = ("BotUserSession", "UserSession")
"""Where a pre-processor may put session variables; both mean the same variables here."""


class Task:
    """A dialog that is under way."""

    def __init__(self, dialog: Dialog, given: dict[str, Any], traits: frozenset[str]) -> None:
        self.dialog = dialog
        self.given = given  # values that the user volunteered, by entity, until a node takes them
        self.traits = traits  # of the utterance that started it
        self.node: Node | None = None  # the one that waits for the user
        self.tries = 0  # error prompts said there


class State:
    """One session. Nothing here is shared between sessions, and values are replaced, never changed."""

    def __init__(self, edition: Edition, opening: Opening) -> None:
        self.edition = edition
        self.language = opening.language or edition.language
        self.variables: dict[str, Any] = dict(edition.context)
        self.foreign: dict[str, Any] = {}  # initial context that is not the definition's
        self.tasks: list[Task] = []  # the last one is talked about, the others are on hold
        self.about = ""  # id of the intent last talked about: its sub-intents can follow
        self.turns = 0
        self.ended = False
        self._said: Counter[str] = Counter()
        for key, value in (opening.context or {}).items():
            if key in SESSION_ROOTS and isinstance(value, dict):
                self.variables |= value
            elif key in self.variables:
                self.variables[key] = value
            else:
                self.foreign[key] = value

    @property
    def task(self) -> Task | None:
        return self.tasks[-1] if self.tasks else None

    def word(self, place: str, says: tuple[Say, ...]) -> tuple[str, tuple[str, ...]]:
        """What is said at a place, and the other declared variations: the first one first, then the next
        with every time, so that the same conversation always hears the same words."""
        turn = self._said[place] % len(says)
        self._said[place] += 1
        texts = [render(said, self.variables) for said in says]
        text = texts.pop(turn)
        return text, tuple(dict.fromkeys(other for other in texts if other != text))

    def context(self) -> dict[str, Any]:
        """The session's variables: flat, and under the roots that context assertions know (8.8)."""
        return {
            **self.foreign,
            **self.variables,
            "BotUserSession": dict(self.variables),
            "UserSession": {"language": self.language, "turns": self.turns},
            "BotContext": {
                "name": self.edition.name,
                "version": self.edition.version,
                "dialog": self.task.dialog.id if self.task else "",
            },
        }
