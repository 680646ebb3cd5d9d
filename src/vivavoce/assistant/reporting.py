"""Outputs with all that the assistant can tell about them (testing-api.md 3.3).

`transitions` of an output are the ids of the nodes walked through to say it: from the node where the
conversation stood before, to the node that speaks, both included. Each neighbouring pair is one
transition of the flow. A node that speaks again without having been left has only itself in the list.
"""

from collections.abc import Sequence

from vivavoce.assistant.definition import Dialog, Edition, Node
from vivavoce.assistant.state import State
from vivavoce.domain.output import Metadata, Output

ON_CONNECT = "on_connect"
USER_PROMPT, ERROR_PROMPT = "userPrompt", "errorPrompt"


def said_by_node(state: State, dialog: Dialog, node: Node, path: Sequence[str], prompt: str = "") -> Output:
    """What a dialog's node says; `prompt` tells a first question from one after a useless answer."""
    intent = state.edition.intents[dialog.intent]
    says = node.errors if prompt == ERROR_PROMPT and node.errors else node.says
    text, variations = state.word(f"{node.id} {prompt}", says)
    kinds = ["intent" if step == dialog.intent_node else dialog.nodes[step].kind for step in path]
    names = [intent.name if step == dialog.intent_node else dialog.nodes[step].name for step in path]
    return Output(
        text=text,
        metadata=Metadata(
            node_id=node.id,
            node_name=node.name,
            component_type=node.kind,
            intent_id=intent.id,
            intent_type="dialog",
            task_id=dialog.id,
            dialog_name=dialog.name,
            transitions=tuple(path),
            transition_node_names=tuple(names),
            transition_node_type=tuple(kinds),
            prompt_type=prompt,
        ),
        intent=intent.name,
        variations=variations,
    )


def standard_response(state: State, category: str, user_prompts: tuple[str, ...] = ()) -> Output:
    """One of the definition's standard responses; `user_prompts` are those it stands in for."""
    text, variations = state.word(category, state.edition.standard[category])
    metadata = Metadata(category=category, is_standard_response=True, user_prompts=user_prompts)
    return Output(text=text, metadata=metadata, variations=variations)


def greeting(state: State) -> Output:
    text, variations = state.word(ON_CONNECT, state.edition.on_connect)
    metadata = Metadata(node_id=ON_CONNECT, node_name="On connect", component_type="message")
    return Output(text=text, metadata=metadata, variations=variations)


def faq_answer(state: State, edition: Edition, identifier: str) -> Output:
    faq = edition.faqs[identifier]
    text, variations = state.word(f"faq/{identifier}", faq.answers)
    metadata = Metadata(
        node_id=faq.id,
        node_name=faq.question,
        component_type="faq",
        intent_id=faq.id,
        intent_type="faq",
        task_id=faq.id,
    )
    return Output(text=text, metadata=metadata, intent=faq.question, faq=faq.question, variations=variations)


def small_talk(state: State, edition: Edition, identifier: str) -> Output:
    text, variations = state.word(f"smalltalk/{identifier}", edition.smalltalk[identifier].replies)
    metadata = Metadata(
        node_id=identifier,
        node_name=identifier,
        component_type="smalltalk",
        intent_id=identifier,
        intent_type="smalltalk",
    )
    return Output(
        text=text, metadata=metadata, intent=identifier, smalltalk=identifier, variations=variations
    )
