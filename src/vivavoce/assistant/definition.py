"""The embedded assistant's definition, as values: what a bot knows and how it talks.

A definition is a YAML file, data only; `reader.read_definition` reads it strictly, and
`docs/reference/assistant.md` documents every key. It holds two *editions*, one for each version of the
bot: the file's base with the version's overlay laid on top.
"""

from typing import Any, Literal

import msgspec

from vivavoce.assistant.conditions import Condition
from vivavoce.assistant.entities import Entity
from vivavoce.domain.bot import Version

NodeKind = Literal["message", "entity", "confirmation", "logic"]
END = "end"  # the transition that finishes a dialog
INTENT_NODE = "intent"  # every dialog's own first node: the intent that starts it

Say = str | dict[str, Any]
"""One text, or one template (a JSON object), with `{placeholders}` in its strings."""

STANDARD_RESPONSES: dict[str, tuple[str, ...]] = {
    "Fallback": ("Sorry, I did not understand that.",),
    "Confirmation": ("Please answer yes or no.",),
    "Cancel": ("All right, I have stopped that.",),
    "NothingToCancel": ("There is nothing to cancel.",),
    "Resume": ("Let's go on where we were.",),
    "Failure": ("I could not get what I need, so let's leave it there.",),
}
"""The categories of standard responses, each with what is said unless the definition says otherwise."""


class Intent(msgspec.Struct, frozen=True):
    """What a user may want, recognised from training utterances."""

    id: str
    name: str
    utterances: tuple[str, ...]
    parent: str = ""  # id of the intent inside whose dialog, or right after it, this one can be meant


class Branch(msgspec.Struct, frozen=True):
    """One way out of a logic node."""

    condition: Condition
    target: str


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One point of a dialog; which fields count depends on its kind.

    Targets are full node ids (`dialog.node`) or END.
    """

    id: str  # dialog.node, unique over the definition
    name: str
    kind: NodeKind
    says: tuple[Say, ...] = ()  # message: what is said; entity, confirmation: the user prompts
    errors: tuple[Say, ...] = ()  # entity, confirmation: the error prompts
    entity: str = ""
    variable: str = ""  # entity: where the value is kept
    retries: int = 2  # error prompts before `on_failure`
    next: str = END  # message, entity; confirmation: on yes; logic: when no branch holds
    no: str = END  # confirmation
    on_failure: str = END
    branches: tuple[Branch, ...] = ()
    set: dict[str, Any] = {}  # message: context variables to set, texts may hold placeholders
    ends_session: bool = False  # message

    @property
    def targets(self) -> tuple[str, ...]:
        """Every node this one can lead to, in the order written, END left out."""
        found = [branch.target for branch in self.branches]
        found.append(self.next)
        if self.kind == "confirmation":
            found.append(self.no)
        if self.kind in ("entity", "confirmation"):
            found.append(self.on_failure)
        return tuple(dict.fromkeys(target for target in found if target != END))


class Dialog(msgspec.Struct, frozen=True):
    """A conversation about one intent: nodes, first one first."""

    id: str
    name: str
    intent: str
    nodes: dict[str, Node]  # by full id
    start: str  # full node id

    @property
    def intent_node(self) -> str:
        return f"{self.id}.{INTENT_NODE}"


class Faq(msgspec.Struct, frozen=True):
    """A question with its answer; known by its primary question."""

    id: str
    question: str
    alternatives: tuple[str, ...]
    answers: tuple[Say, ...]


class SmallTalk(msgspec.Struct, frozen=True):
    """Chat beside the matter: whole utterances by pattern (`*` = any words), and replies."""

    id: str  # also its name, e.g. thank~you
    patterns: tuple[str, ...]
    replies: tuple[Say, ...]


class NluSettings(msgspec.Struct, frozen=True):
    """How sure the assistant must be; scores run from 0 to 1."""

    threshold: float = 0.2  # below: no intent
    digression_threshold: float = 0.5  # below: an answer to a prompt that is no answer stays one
    trait_threshold: float = 0.5
    out_of_scope: tuple[str, ...] = ()  # training utterances of no intent at all


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """All that one version of the bot is made of."""

    name: str
    version: Version
    language: str = "en"
    today: str = ""  # ISO date that relative dates count from; empty: the day of the conversation
    nlu: NluSettings = NluSettings()
    context: dict[str, Any] = {}  # variables every session starts with
    on_connect: tuple[Say, ...] = ()
    standard: dict[str, tuple[Say, ...]] = {}  # by category
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    entities: dict[str, Entity] = {}
    traits: dict[str, tuple[str, ...]] = {}  # utterances by name
    intents: dict[str, Intent] = {}
    dialogs: dict[str, Dialog] = {}
    faqs: dict[str, Faq] = {}
    smalltalk: dict[str, SmallTalk] = {}

    def dialog_of(self, intent_id: str) -> Dialog | None:
        return next((dialog for dialog in self.dialogs.values() if dialog.intent == intent_id), None)


class Definition(msgspec.Struct, frozen=True):
    """A definition file: the same assistant in its two versions."""

    name: str
    published: Edition
    in_development: Edition

    def edition(self, version: Version) -> Edition:
        return self.published if version == "published" else self.in_development
