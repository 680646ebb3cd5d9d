"""Assertions about JSON, rich replies, the flow, the context and agents, as authors may write them.

All are sound (`problems` finds nothing) and not negated.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.buttons import Buttons
from vivavoce.domain.assertions.cards import Cards
from vivavoce.domain.assertions.context_values import ContextAbsent, ContextEquals, ContextPresent
from vivavoce.domain.assertions.entities import HasEntities
from vivavoce.domain.assertions.intent import Intent
from vivavoce.domain.assertions.json_equals import JsonEquals
from vivavoce.domain.assertions.json_path import JsonPath
from vivavoce.domain.assertions.json_schema import JsonSchema
from vivavoce.domain.assertions.json_subset import JsonSubset
from vivavoce.domain.assertions.latency import Latency
from vivavoce.domain.assertions.node import Node
from vivavoce.domain.assertions.prompt import Prompt
from vivavoce.domain.assertions.replies import Replies
from vivavoce.domain.assertions.silence import Silence
from vivavoce.domain.assertions.tools import Tools
from vivavoce.domain.assertions.transitions import Transitions
from vivavoce.domain.assertions.usage import Cost, Tokens

WORDS = ("a", "b", "Yes", "payment", "ä ö", "n-1")

words = st.sampled_from(WORDS)
lists = st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9, width=16) | words
values: SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
payloads = st.dictionaries(words, values, max_size=3) | st.lists(values, max_size=3)
tables = st.dictionaries(words, values, min_size=1, max_size=3)
counts = st.integers(0, 5)

schemas = st.one_of(
    st.sampled_from(["object", "array"]).map(lambda name: {"type": name}),
    lists.map(lambda names: {"type": "object", "required": list(names)}),
    st.tuples(words, scalars).map(
        lambda pair: {"properties": {pair[0]: {"const": pair[1]}}, "required": [pair[0]]}
    ),
    st.just({"$defs": {"t": {"type": "object", "minProperties": 1}}, "$ref": "#/$defs/t"}),
)


@st.composite
def bounded(draw: st.DrawFn) -> Replies:
    least, more = draw(st.none() | st.integers(1, 4)), draw(st.none() | st.integers(0, 3))
    if least is None and more is None:
        return Replies(min=1)
    return Replies(min=least, max=None if more is None else (least or 0) + more)


@st.composite
def tools(draw: st.DrawFn) -> Tools:
    names = draw(st.permutations(WORDS))
    wanted = {name: draw(values) for name in names[2 : draw(st.integers(2, 3))]}
    order = tuple(names[4:6]) if draw(st.booleans()) else ()
    called = tuple(names[: draw(st.integers(0 if wanted or order else 1, 1))])
    return Tools(
        called=called,
        not_called=tuple(names[1:2]) if draw(st.booleans()) else (),
        arguments=wanted,
        order=order,
    )


STRATEGIES: dict[type[Assertion], SearchStrategy[Assertion]] = {
    JsonEquals: st.builds(JsonEquals, value=payloads),
    JsonSubset: st.builds(JsonSubset, value=payloads.filter(bool)),
    JsonSchema: st.builds(JsonSchema, schema=schemas),
    JsonPath: st.builds(
        JsonPath,
        paths=st.dictionaries(words.map(lambda word: f"$['{word}']"), values, min_size=1, max_size=2),
    ),
    Buttons: st.builds(Buttons, titles=lists),
    Cards: st.builds(Cards, titles=lists),
    Intent: st.builds(Intent, names=lists),
    Node: st.builds(Node, ids=lists),
    Transitions: st.builds(Transitions, ids=lists),
    Prompt: st.builds(Prompt, types=lists),
    ContextEquals: st.builds(ContextEquals, values=tables),
    ContextPresent: st.builds(ContextPresent, keys=lists),
    ContextAbsent: st.builds(ContextAbsent, keys=lists),
    Replies: bounded(),
    Silence: st.just(Silence()),
    HasEntities: st.builds(
        HasEntities,
        values=st.dictionaries(
            words, st.lists(values, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2
        ),
    ),
    Latency: st.builds(Latency, max_ms=st.floats(1, 10_000)),
    Tokens: st.builds(Tokens, input=counts, output=st.none() | counts, total=st.none() | counts),
    Cost: st.builds(Cost, max=st.floats(0, 1)),
    Tools: tools(),
}
"""By the kind."""
