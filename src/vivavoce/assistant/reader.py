"""Reads the assistant's definition files, strictly: every mistake with its line and column.

The keys are documented in `docs/reference/assistant.md`; whatever is not there is refused.
"""

from collections.abc import Mapping
from datetime import date

import regex
import yaml

from vivavoce.assistant.definition import (
    STANDARD_RESPONSES,
    Definition,
    Edition,
    Faq,
    Intent,
    NluSettings,
    Say,
    SmallTalk,
)
from vivavoce.assistant.entities import Entity, EntityKind
from vivavoce.assistant.patterns import ANY
from vivavoce.assistant.read_dialogs import Names, read_dialog, read_says
from vivavoce.assistant.tree import Branch, overlay, parse
from vivavoce.assistant.words import words
from vivavoce.domain.bot import Version
from vivavoce.domain.errors import Malformed, Problem

FEWEST_UTTERANCES = 2  # of an intent or a trait; fewer teach nothing
MOST_NAME = 256  # characters of an id or a name

YES = ("yes", "y", "yeah", "yep", "yup", "sure", "ok", "okay", "correct", "right", "please do", "go ahead")
YES_MORE = ("yes *", "that's right", "that is right", "of course", "absolutely", "definitely", "confirm")
NO = (
    "no",
    "n",
    "nope",
    "nah",
    "no thanks",
    "no thank you",
    "don't",
    "do not",
    "not now",
    "wrong",
    "not really",
)
CANCEL = ("cancel", "cancel that", "stop", "stop it", "never mind", "nevermind", "forget it", "quit", "abort")

TOP_KEYS = (
    "name",
    "language",
    "today",
    "nlu",
    "context",
    "on_connect",
    "standard_responses",
    "confirmation",
    "cancel",
    "entities",
    "traits",
    "intents",
    "dialogs",
    "faqs",
    "smalltalk",
)
NLU_KEYS = ("threshold", "digression_threshold", "trait_threshold", "out_of_scope")
ENTITY_KEYS: dict[EntityKind, tuple[str, ...]] = {
    "regex": ("pattern",),
    "list": ("values",),
    "number": (),
    "date": ("day_first",),
    "currency": ("default_code",),
    "email": (),
}


def read_definition(text: str, source: str) -> Definition:
    """Read a definition in both versions. Raises Malformed with every problem and its place."""
    root = parse(text, source)
    problems: list[Problem] = []
    base = yaml.MappingNode(root.tag, [], root.start_mark, root.end_mark)
    overlays: Mapping[str, Branch] = {}
    Branch(root, problems).entries()  # doubled keys show in the file as it was written
    for key, value in root.value:
        if key.value == "versions":
            overlays = Branch(value, problems).fields("published", "inDevelopment")
        else:
            base.value.append((key, value))

    def edition(version: Version) -> Edition:
        over = overlays.get(version)
        tree = overlay(base, over.node) if over else base
        return _edition(Branch(tree, problems), version)

    definition = Definition("", edition("published"), edition("inDevelopment"))
    if problems:
        raise Malformed(problems, source)
    return Definition(definition.in_development.name, definition.published, definition.in_development)


def _edition(root: Branch, version: Version) -> Edition:
    top = root.fields(*TOP_KEYS, needed=("name", "intents"))
    sections = {key: top[key].entries() for key in ("entities", "traits", "intents", "dialogs") if key in top}
    context = {name: branch.value() for name, branch in _section(top, "context").items()}
    names = Names(
        entities=frozenset(sections.get("entities", {})),
        traits=frozenset(sections.get("traits", {})),
        intents=frozenset(sections.get("intents", {})),
        context=frozenset(context),
        variables=frozenset(context) | _entity_variables(sections.get("dialogs", {})),
    )
    for key in ("entities", "traits", "intents", "dialogs", "faqs", "smalltalk"):
        _check_ids(top.get(key))
    sure = top["confirmation"].fields("yes", "no") if "confirmation" in top else {}
    dialogs = {key: read_dialog(key, branch, names) for key, branch in sections.get("dialogs", {}).items()}
    _check_one_dialog_each(sections.get("dialogs", {}))
    return Edition(
        name=top["name"].text() if "name" in top else "",
        version=version,
        language=top["language"].text() if "language" in top else "en",
        today=_day(top["today"]) if "today" in top else "",
        nlu=_nlu(top["nlu"]) if "nlu" in top else NluSettings(),
        context=context,
        on_connect=read_says(top["on_connect"], names) if "on_connect" in top else (),
        standard=_standard(top.get("standard_responses"), names),
        yes=sure["yes"].texts() if "yes" in sure else YES + YES_MORE,
        no=sure["no"].texts() if "no" in sure else NO,
        cancel=top["cancel"].texts() if "cancel" in top else CANCEL,
        entities={key: _entity(key, branch) for key, branch in sections.get("entities", {}).items()},
        traits={key: _utterances(branch, "trait", key) for key, branch in sections.get("traits", {}).items()},
        intents=_intents(sections.get("intents", {}), names),
        dialogs=dialogs,
        faqs={key: _faq(key, branch, names) for key, branch in _section(top, "faqs").items()},
        smalltalk={
            key: _small_talk(key, branch, names) for key, branch in _section(top, "smalltalk").items()
        },
    )


def _section(top: Mapping[str, Branch], key: str) -> dict[str, Branch]:
    return top[key].entries() if key in top else {}


def _check_ids(section: Branch | None) -> None:
    if section is None or not isinstance(section.node, yaml.MappingNode):
        return
    for key, _ in section.node.value:
        identifier = str(key.value)
        if not identifier.strip() or len(identifier) > MOST_NAME or "." in identifier or "/" in identifier:
            Branch(key, section.problems).wrong(
                f"{identifier[:40]!r} cannot be an id", f"1 to {MOST_NAME} characters, no '.' and no '/'"
            )


def _entity_variables(dialogs: Mapping[str, Branch]) -> frozenset[str]:
    """The variables in which entity nodes keep their values; wrong content is reported elsewhere."""
    found: set[str] = set()
    for dialog in dialogs.values():
        if not isinstance(dialog.node, yaml.MappingNode):
            continue
        for key, nodes in dialog.node.value:
            if key.value == "nodes" and isinstance(nodes, yaml.MappingNode):
                for _, node in nodes.value:
                    if isinstance(node, yaml.MappingNode):
                        held = {name.value: value.value for name, value in node.value}
                        found.add(str(held.get("variable", held.get("entity", ""))))
    return frozenset(found - {""})


def _check_one_dialog_each(dialogs: Mapping[str, Branch]) -> None:
    taken: dict[str, str] = {}
    for name, branch in dialogs.items():
        if not isinstance(branch.node, yaml.MappingNode):
            continue
        for key, value in branch.node.value:
            if key.value == "intent" and isinstance(value, yaml.ScalarNode):
                if value.value in taken:
                    Branch(value, branch.problems).wrong(
                        f"the intent {value.value!r} already starts the dialog {taken[value.value]!r}"
                    )
                taken.setdefault(value.value, name)


def _nlu(branch: Branch) -> NluSettings:
    fields = branch.fields(*NLU_KEYS)
    usual = NluSettings()

    def share(key: str, otherwise: float) -> float:
        return fields[key].number(0, 1) if key in fields else otherwise

    return NluSettings(
        threshold=share("threshold", usual.threshold),
        digression_threshold=share("digression_threshold", usual.digression_threshold),
        trait_threshold=share("trait_threshold", usual.trait_threshold),
        out_of_scope=fields["out_of_scope"].texts() if "out_of_scope" in fields else (),
    )


def _day(branch: Branch) -> str:
    text = branch.text()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        branch.wrong(f"{text!r} is no date", "write it as 2025-03-14")
        return ""


def _standard(branch: Branch | None, names: Names) -> dict[str, tuple[Say, ...]]:
    fields = branch.fields(*STANDARD_RESPONSES) if branch else {}
    usual: dict[str, tuple[Say, ...]] = dict(STANDARD_RESPONSES)
    return usual | {category: read_says(said, names) for category, said in fields.items()}


def _utterances(branch: Branch, what: str, name: str) -> tuple[str, ...]:
    texts = branch.texts()
    if len({" ".join(words(text)) for text in texts}) < FEWEST_UTTERANCES:
        branch.wrong(
            f"the {what} {name!r} has too few utterances", f"{FEWEST_UTTERANCES} different ones at least"
        )
    return texts


def _intents(section: Mapping[str, Branch], names: Names) -> dict[str, Intent]:
    found: dict[str, Intent] = {}
    shown: dict[str, str] = {}
    for key, branch in section.items():
        fields = branch.fields("name", "utterances", "parent", needed=("utterances",))
        name = fields["name"].text() if "name" in fields else key
        if name.strip().casefold() in shown:
            branch.wrong(f"the intents {shown[name.strip().casefold()]!r} and {key!r} have the same name")
        shown.setdefault(name.strip().casefold(), key)
        parent = fields["parent"].text() if "parent" in fields else ""
        if parent and parent not in names.intents:
            fields["parent"].wrong_key(parent, names.intents, "intent")
        utterances = _utterances(fields["utterances"], "intent", key) if "utterances" in fields else ()
        found[key] = Intent(key, name, utterances, parent)
    for key, intent in found.items():
        seen, above = {key}, intent.parent
        while above in found:
            if above in seen:
                section[key].wrong(f"the intent {key!r} is its own parent")
                break
            seen.add(above)
            above = found[above].parent
    return found


def _entity(name: str, branch: Branch) -> Entity:
    every = {key for keys in ENTITY_KEYS.values() for key in keys}
    fields = branch.fields("type", "preceded_by", *sorted(every), needed=("type",))
    kind = fields["type"].one_of(tuple(ENTITY_KEYS)) if "type" in fields else ""
    if kind not in ENTITY_KEYS:
        return Entity(name=name, kind="number")
    for key in sorted(every.intersection(fields) - set(ENTITY_KEYS[kind])):
        fields[key].wrong(f"an entity of the type {kind!r} has no {key!r}")
    if kind in ("regex", "list") and ENTITY_KEYS[kind][0] not in fields:
        branch.wrong(f"{ENTITY_KEYS[kind][0]!r} is missing")
    return Entity(
        name=name,
        kind=kind,
        pattern=_expression(fields["pattern"]) if "pattern" in fields else "",
        values=_values(fields["values"]) if "values" in fields else {},
        preceded_by=fields["preceded_by"].texts() if "preceded_by" in fields else (),
        default_code=fields["default_code"].text() if "default_code" in fields else "USD",
        day_first=fields["day_first"].flag() if "day_first" in fields else False,
    )


def _expression(branch: Branch) -> str:
    pattern = branch.text()
    try:
        regex.compile(pattern, regex.IGNORECASE)
    except (regex.error, RecursionError) as error:
        branch.wrong(f"this is no regular expression: {error}")
        return ""
    return pattern


def _values(branch: Branch) -> dict[str, tuple[str, ...]]:
    """A mapping of values to synonyms, or a plain list of values."""
    if branch.is_list:
        values: dict[str, tuple[str, ...]] = dict.fromkeys(branch.texts(), ())
    else:
        values = {value: synonyms.texts() for value, synonyms in branch.entries().items()}
    if not values:
        branch.wrong("a list needs values")
    return values


def _faq(key: str, branch: Branch, names: Names) -> Faq:
    fields = branch.fields("question", "alternatives", "answer", needed=("question", "answer"))
    return Faq(
        key,
        fields["question"].text() if "question" in fields else "",
        fields["alternatives"].texts() if "alternatives" in fields else (),
        read_says(fields["answer"], names) if "answer" in fields else (),
    )


def _small_talk(key: str, branch: Branch, names: Names) -> SmallTalk:
    fields = branch.fields("patterns", "replies", needed=("patterns", "replies"))
    for item in fields["patterns"].items() if "patterns" in fields else ():
        if not words(item.text()):
            item.wrong("a pattern needs a word", f"{ANY!r} alone would match everything")
    return SmallTalk(
        key,
        fields["patterns"].texts() if "patterns" in fields else (),
        read_says(fields["replies"], names) if "replies" in fields else (),
    )
