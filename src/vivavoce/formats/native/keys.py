"""The keys of native suite files and what each means: the one table of reader, writer and JSON Schema."""

from dataclasses import dataclass
from typing import Final, Literal

from vivavoce.formats.native import forms, special_forms
from vivavoce.formats.native.forms import Form

Scope = Literal["output", "reply"]


@dataclass(frozen=True)
class AssertionKey:
    """A key that asserts something: the tag of its kind, and the form of its value."""

    kind: str
    form: Form
    about: str
    reply_only: bool = False


TOP: Final[dict[str, str]] = {
    "suite": "The suite's name. Default: the file's name.",
    "description": "For people.",
    "tags": "For filtering; a list of texts.",
    "language": "What the cases are written in, such as `en`: the default language of a run.",
    "bot": "The bot's name, for people; not compared.",
    "preprocessor": "JavaScript; kept, and not run yet.",
    "welcome_messages": "So many of the bot's first replies of each session are dropped.",
    "discard_message": "Said before each case to a bot that cannot tell sessions apart.",
    "include": "Files whose cases, fixtures and variables belong here; relative to this file, with `*`.",
    "variables": "What `{{name}}` stands for in all cases.",
    "fixtures": "Openings that cases share, by name.",
    "cases": "The conversations, each in a session of its own.",
    "metadata_available": "Validation has reached the bot (in exported suites).",
}

CASE: Final[dict[str, str]] = {
    "case": "The case's name. Default: `Case N`.",
    "description": "For people.",
    "tags": "For choosing cases: `viva run --tag`.",
    "fixture": "The opening that is played before the case's own steps.",
    "variables": "What `{{name}}` stands for in this case; `false`: its texts are taken as they stand.",
    "context": "What the session's variables are when it opens.",
    "preprocessor": "JavaScript; kept, and not run yet.",
    "threshold": "The case passes when this share of its assertions' weights holds: over 0, up to 1.",
    "passes": "How many repeats must pass: `all`, `any`, or a number of them.",
    "examples": "A table: the case is played once for each row, columns are `{{names}}`.",
    "steps": "What is said and what must come back, in order.",
    "opening": "The first N steps are the fixture's (where cases of one fixture differ in them).",
    "discard_before": "Kept, without effect: every case has a fresh session.",
}

FIXTURE: Final[dict[str, str]] = {
    "description": "For people.",
    "context": "What the session's variables are when it opens.",
    "preprocessor": "JavaScript; kept, and not run yet.",
    "steps": "The opening of the conversation.",
}

STEP: Final[dict[str, str]] = {
    "say": "What the user says.",
    "trigger": "An event such as `Start_Flow`; with `say` it goes along with the text.",
    "expect": "A text (exactly this), a list of outputs (`[]`: silence), or a mapping of assertions "
    "about the reply. Without it anything goes.",
    "capture": "Values read off the reply, `{{name}}` from the next step on.",
}

CAPTURE: Final[dict[str, str]] = {
    "matches": "A regular expression; its group is the value, or else the whole match.",
    "path": "A JSONPath into a template, such as `$.payload.text`.",
    "context": "The key of a session variable.",
    "group": "Which group of the expression: a number or a name.",
    "output": "In which output, from 1; default the first in which something is found.",
}

VARIABLE: Final[dict[str, str]] = {
    "unique": "Each `*` becomes a fresh word of letters and digits, such as `user-*@example.org`.",
    "per": "`case` (the default): a fresh one for each playing of a case; `run`: one for the whole run.",
}

REPLY: Final[dict[str, str]] = {
    "outputs": "What the bot must say, an item each; without it the outputs are free.",
    "order": "`exact`, the default: these outputs, no others; `any`: in any order; `among`: among others.",
}

OUTPUT: Final[dict[str, str]] = {
    "recorded": "The text as it was recorded, where it is not the first accepted one.",
    "flow": "Whether the output's recorded place in the flow (`metadata`) is compared.",
    "metadata": "Where in the bot's flow the output was said, as exports have it.",
    "text_assertion": "The text assertion as exports have it, where it has no shorter form.",
    "flow_assertion": "The flow assertion as exports have it, where it has no shorter form.",
    "context_assertion": "The context assertion as exports have it, where it has no shorter form.",
}

GROUPS: Final[dict[str, str]] = {
    "any_of": "Groups of assertions; one of the groups must hold whole.",
    "not": "Assertions of which none may hold.",
    "checks": "Groups of assertions with a `weight`, or `soft: true` (a failure is a warning).",
    "assertions": "Assertions as exports have them, where they have no shorter form.",
}

CHECK: Final[dict[str, str]] = {
    "weight": "How much it counts for the case's `threshold`; 1 by default.",
    "soft": "`true`: a failure is a warning.",
}

UNITS: Final = ("characters", "words", "sentences")

ASSERTIONS: Final[dict[str, AssertionKey]] = {
    "equals": AssertionKey(
        "equals",
        forms.entries("entries"),
        "Exactly this text, or one of a list. Dynamic parts: `{text: ..., dynamic: [...]}`.",
    ),
    "one_of": AssertionKey(
        "equals", forms.one_of(), "Exactly one of these texts; the same as `equals` with a list."
    ),
    "contains": AssertionKey(
        "contains",
        forms.texts("texts"),
        "These words in this order, or those of one item of a list; case does not count.",
    ),
    "contains_all": AssertionKey(
        "contains", forms.listed("texts", every=True), "The words of every item of the list."
    ),
    "matches": AssertionKey(
        "regex", forms.texts("patterns"), "The whole text matches the regular expression, or one of a list."
    ),
    "finds": AssertionKey(
        "regex",
        forms.texts("patterns", anywhere=True),
        "The regular expression, or one of a list, is found anywhere.",
    ),
    "starts_with": AssertionKey(
        "startsWith", forms.texts("texts"), "The text begins with this, or with one of a list."
    ),
    "ends_with": AssertionKey(
        "endsWith", forms.texts("texts"), "The text ends with this, or with one of a list."
    ),
    "number": AssertionKey(
        "number", special_forms.number(), "A number stands in the text: `120`, or `{near: 120, within: 5}`."
    ),
    "date": AssertionKey(
        "date",
        special_forms.date(),
        "A date stands in the text: `2026-11-25`, `today+3d`, or `{near: today, within: 1 day}`.",
    ),
    "length": AssertionKey(
        "length",
        forms.bounds(units=UNITS),
        "How long the text is: `{max: 200}`, `unit` is characters, words or sentences.",
    ),
    "json_equals": AssertionKey(
        "jsonEquals", forms.anything("value"), "The template equals this JSON value."
    ),
    "json_subset": AssertionKey(
        "jsonSubset", forms.anything("value"), "The template holds at least this JSON value."
    ),
    "json_schema": AssertionKey(
        "jsonSchema", forms.schema("schema"), "The template is valid by this JSON Schema."
    ),
    "json_path": AssertionKey(
        "jsonPath", forms.table("paths"), "What stands at JSONPaths of the template: `{$.a.b: value}`."
    ),
    "buttons": AssertionKey("buttons", forms.texts("titles"), "Buttons of these titles are there."),
    "cards": AssertionKey("cards", forms.texts("titles"), "Cards of these titles are there."),
    "refusal": AssertionKey("refusal", forms.on(), "The bot declines to do what was asked."),
    "language": AssertionKey(
        "language", forms.texts("codes"), "The language of the text, such as `en`, or one of a list."
    ),
    "similar": AssertionKey(
        "similar", special_forms.similar(), "Near in meaning to a text: `{to: ..., at_least: 0.8}`."
    ),
    "judge": AssertionKey(
        "judge",
        special_forms.judge(),
        "A language model finds that this criterion is met: a text, or `{criterion, votes, agree}`.",
    ),
    "intent": AssertionKey("intent", forms.texts("names"), "The intent that the bot matched."),
    "node": AssertionKey("node", forms.texts("ids"), "The node of the flow at which it was said."),
    "transitions": AssertionKey(
        "transitions", forms.json_list("ids"), "The nodes that were passed on the way."
    ),
    "prompt": AssertionKey(
        "prompt", forms.texts("types"), "The kind of prompt: `userPrompt` or `errorPrompt`."
    ),
    "context": AssertionKey("contextEquals", forms.table("values"), "Session variables and their values."),
    "context_present": AssertionKey("contextPresent", forms.texts("keys"), "Session variables that are set."),
    "context_absent": AssertionKey(
        "contextAbsent", forms.texts("keys"), "Session variables that are not set."
    ),
    "replies": AssertionKey(
        "replies",
        forms.bounds(exact=True),
        "How many outputs the reply has: `2`, or `{min: 1, max: 3}`.",
        True,
    ),
    "silence": AssertionKey("silence", forms.on(), "The bot says nothing.", True),
    "entities": AssertionKey(
        "entities",
        special_forms.entities(),
        "What the bot recognised in the input: `{name: value}`; a list: each of them.",
        True,
    ),
    "latency": AssertionKey(
        "latency", special_forms.latency(), "The answer is there within this time: `2 s`, `800 ms`.", True
    ),
    "tokens": AssertionKey(
        "tokens", special_forms.tokens(), "At most so many tokens: `500`, or `{input, output, total}`.", True
    ),
    "cost": AssertionKey(
        "cost", forms.upper_bound("max"), "At most this cost, in what the bot counts in.", True
    ),
    "tools": AssertionKey(
        "tools",
        special_forms.tools(),
        "Tools that an agent called: `{called, not_called, arguments, order}`.",
        True,
    ),
}

CONTRACT_TEXTS: Final = ("equals", "one_of", "contains", "contains_all")
"""In an output the first of these that is there is the contract's text assertion."""

OUTPUT_KEYS: Final = (
    *ASSERTIONS,  # also those about the whole reply: the reader says where they belong
    *GROUPS,
    *OUTPUT,
)
REPLY_KEYS: Final = (*REPLY, *ASSERTIONS, *GROUPS)
CHECK_KEYS: Final = (*CHECK, *ASSERTIONS, *GROUPS)
