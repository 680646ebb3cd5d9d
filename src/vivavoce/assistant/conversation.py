"""The dialog engine: takes a user's turn, walks the dialogs, and tells what it said and where.

The same turns from the same opening always get the same replies: there is no chance and no clock in it,
the day that relative dates count from is handed in.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vivavoce.assistant import reporting
from vivavoce.assistant.conditions import holds
from vivavoce.assistant.definition import END, Node
from vivavoce.assistant.patterns import Patterns
from vivavoce.assistant.recognizer import LONGEST, Recognition, Recognizer, Winner
from vivavoce.assistant.reporting import ERROR_PROMPT, USER_PROMPT
from vivavoce.assistant.speech import fill
from vivavoce.assistant.state import State, Task
from vivavoce.domain.output import FoundEntity, Output, Reply
from vivavoce.engine.ports.bots import Message, Opening

CONNECT_TRIGGERS = frozenset({"start_flow", "on_connect"})
CANCEL, YES, NO = "cancel", "yes", "no"


class Conversation:
    """One session with one edition of the assistant."""

    def __init__(self, recognizer: Recognizer, opening: Opening, today: date) -> None:
        self._recognizer = recognizer
        self._edition = recognizer.edition
        self._today = today
        self._state = State(self._edition, opening)
        self._signals = _signals(recognizer)
        self._outputs: list[Output] = []
        self._matched: dict[str, list[str]] = {}
        self._found: list[FoundEntity] = []

    def turn(self, message: Message) -> Reply:
        """Answer one message; after the session's end there is only silence."""
        self._outputs, self._matched = [], {"dialog": [], "faq": [], "smalltalk": []}
        self._found = []
        if not self._state.ended:
            self._state.turns += 1
            if message.trigger:
                self._triggered(message.trigger)
            else:
                self._heard(message.text[:LONGEST])
        return Reply(
            outputs=tuple(self._outputs),
            context=self._state.context(),
            intents=tuple(self._matched["dialog"]),
            faqs=tuple(self._matched["faq"]),
            smalltalk=tuple(self._matched["smalltalk"]),
            ended=self._state.ended,
            entities=tuple(self._found),
        )

    def _triggered(self, trigger: str) -> None:
        """Triggers that the assistant does not know draw silence."""
        if trigger.casefold() in CONNECT_TRIGGERS and self._edition.on_connect:
            self._outputs.append(reporting.greeting(self._state))

    def _heard(self, text: str) -> None:
        signal = self._signals.match(text)
        task = self._state.task
        if signal == CANCEL:
            self._cancel()
        elif task is None or task.node is None:
            self._fresh(text)
        elif winner := self._recognizer.exact(text):
            self._aside(winner)
            self._ask_again(task, task.node)
        elif task.node.kind == "confirmation" and signal in (YES, NO):
            self._walk(task, task.node.next if signal == YES else task.node.no, [task.node.id])
        elif task.node.kind == "entity" and self._answered(task, task.node, text):
            self._walk(task, task.node.next, [task.node.id])
        else:
            self._no_answer(task, task.node, text)

    # --- nothing is under way -------------------------------------------------------------------

    def _fresh(self, text: str) -> None:
        recognition = self._recognize(text)
        if recognition.winner is None:
            self._say_standard("Fallback")
        elif recognition.winner.kind == "dialog":
            self._begin(recognition, recognition.winner)
        else:
            self._aside(recognition.winner)

    def _begin(self, recognition: Recognition, winner: Winner) -> None:
        intent = self._edition.intents[winner.id]
        self._matched["dialog"].append(intent.name)
        self._state.about = intent.id
        dialog = self._edition.dialog_of(intent.id)
        if dialog is None:  # it is recognised, but there is nothing to say about it
            self._say_standard("Fallback")
            self._resume()
            return
        for node in dialog.nodes.values():  # what an earlier conversation left there is over
            if node.variable not in self._edition.context:
                self._state.variables.pop(node.variable, None)
        given: dict[str, Any] = {}
        for mention in recognition.mentions:
            given.setdefault(mention.name, mention.value)
        task = Task(dialog, given, frozenset(recognition.traits))
        self._state.tasks.append(task)
        self._walk(task, dialog.start, [dialog.intent_node])

    def _aside(self, winner: Winner) -> None:
        """Answer an FAQ or small talk; dialogs are not touched."""
        if winner.kind == "faq":
            output = reporting.faq_answer(self._state, self._edition, winner.id)
            self._matched["faq"].append(output.faq)
        else:
            output = reporting.small_talk(self._state, self._edition, winner.id)
            self._matched["smalltalk"].append(output.smalltalk)
        self._outputs.append(output)

    def _recognize(self, text: str) -> Recognition:
        """What the text means, in a conversation that stands where it does."""
        recognition = self._recognizer.recognize(text, self._today, self._parents())
        self._found.extend(FoundEntity(mention.name, mention.value) for mention in recognition.mentions)
        return recognition

    def _parents(self) -> tuple[str, ...]:
        """The intents whose sub-intents can be meant now: the one talked about, and those on hold."""
        held = [task.dialog.intent for task in self._state.tasks]
        return tuple(dict.fromkeys(name for name in [*held, self._state.about] if name))

    # --- a dialog waits for the user ------------------------------------------------------------

    def _answered(self, task: Task, node: Node, text: str) -> bool:
        value = self._recognizer.answer(node.entity, text, self._today)
        if value is None:
            return False
        self._state.variables[node.variable] = value
        self._found.append(FoundEntity(node.entity, value))
        for mention in self._recognizer.recognize(text, self._today).mentions:
            if mention.name != node.entity:
                task.given[mention.name] = mention.value
                self._found.append(FoundEntity(mention.name, mention.value))
        return True

    def _no_answer(self, task: Task, node: Node, text: str) -> None:
        recognition = self._recognize(text)
        winner = recognition.winner
        if winner and winner.score >= self._edition.nlu.digression_threshold:
            if winner.kind != "dialog":
                self._aside(winner)
                self._ask_again(task, node)
                return
            if all(winner.id != held.dialog.intent for held in self._state.tasks):
                self._begin(recognition, winner)
                return
        task.tries += 1
        if task.tries > node.retries:
            self._say_standard("Failure")
            self._walk(task, node.on_failure, [node.id])
        elif node.kind == "confirmation" and not node.errors:
            prompts = tuple(str(fill(said, self._state.variables)) for said in node.says)
            self._outputs.append(reporting.standard_response(self._state, "Confirmation", prompts))
        else:
            self._outputs.append(self._prompt(task, node, [node.id], ERROR_PROMPT))

    def _ask_again(self, task: Task, node: Node) -> None:
        self._outputs.append(self._prompt(task, node, [node.id], USER_PROMPT))

    def _cancel(self) -> None:
        held = bool(self._state.tasks)
        self._state.tasks.clear()
        self._state.about = ""
        self._say_standard("Cancel" if held else "NothingToCancel")

    # --- walking --------------------------------------------------------------------------------

    def _walk(self, task: Task, target: str, path: list[str]) -> None:
        """Go from node to node until one waits for the user, or the dialog or the session ends.

        The reader has made sure that no circle runs without asking the user.
        """
        variables = self._state.variables
        task.node, task.tries = None, 0
        while target != END:
            node = task.dialog.nodes[target]
            path.append(node.id)
            match node.kind:
                case "message":
                    variables |= {name: fill(value, variables) for name, value in node.set.items()}
                    self._outputs.append(reporting.said_by_node(self._state, task.dialog, node, path))
                    path = [node.id]
                    if node.ends_session:
                        self._state.ended = True
                        self._state.tasks.clear()
                        return
                    target = node.next
                case "logic":
                    target = self._way(task, node, variables)
                case "entity" if node.entity in task.given:
                    variables[node.variable] = task.given.pop(node.entity)
                    target = node.next
                case _:
                    task.node = node
                    self._outputs.append(self._prompt(task, node, path, USER_PROMPT))
                    return
        self._state.about = task.dialog.intent
        self._state.tasks.remove(task)
        self._resume()

    def _way(self, task: Task, node: Node, variables: Mapping[str, Any]) -> str:
        known = {**task.given, **variables}  # also what the user said before being asked
        for branch in node.branches:
            if holds(branch.condition, known, task.traits):
                return branch.target
        return node.next

    def _resume(self) -> None:
        """Go back to the dialog on hold, if there is one."""
        task = self._state.task
        if task and task.node:
            self._say_standard("Resume")
            self._ask_again(task, task.node)

    # --- saying ---------------------------------------------------------------------------------

    def _prompt(self, task: Task, node: Node, path: list[str], kind: str) -> Output:
        return reporting.said_by_node(self._state, task.dialog, node, path, kind)

    def _say_standard(self, category: str) -> None:
        self._outputs.append(reporting.standard_response(self._state, category))


def _signals(recognizer: Recognizer) -> Patterns:
    edition = recognizer.edition
    return Patterns(
        (pattern, meaning)
        for meaning, patterns in ((CANCEL, edition.cancel), (YES, edition.yes), (NO, edition.no))
        for pattern in patterns
    )
