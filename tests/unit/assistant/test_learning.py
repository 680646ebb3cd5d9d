"""Classifiers that are trained anew on chosen utterances."""

from datetime import date

from msgspec.structs import replace

from tests.unit.assistant.tools import small_bot
from vivavoce.assistant.learning import EditionLearner, edition_training, reference_edition
from vivavoce.assistant.recognizer import shared
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.values import Training

DAY = date(2025, 3, 14)


def training() -> Training:
    return edition_training(small_bot(), "inDevelopment", "bot.yaml")


def learner() -> EditionLearner:
    return EditionLearner(small_bot().in_development, DAY)


def test_an_editions_training_set_holds_all_that_it_learns() -> None:
    edition, found = small_bot().in_development, training()
    by_intent: dict[tuple[str, ...], list[str]] = {}
    for case in found.cases:
        by_intent.setdefault(case.intents, []).append(case.utterance)
    for intent in edition.intents.values():
        assert by_intent[intent.name,] == list(intent.utterances)
    for faq in edition.faqs.values():
        assert by_intent[faq.question,] == [faq.question, *faq.alternatives]
        assert faq.question.casefold() in found.faqs
    assert by_intent["None",] == list(edition.nlu.out_of_scope)
    assert by_intent[()] == [text for texts in edition.traits.values() for text in texts]
    [reason] = {case.parent_intents for case in found.cases if case.intents == ("reason",)}
    assert reason == ("returns",)


def test_learning_all_of_it_gives_the_edition_itself() -> None:
    cases = training().cases
    own = shared.of(small_bot().in_development)
    texts = [case.utterance for case in cases] + ["two green teas, quickly please", "what is the weather"]
    parents = [case.parent_intents for case in cases] + [(), ()]
    asked = [BatchCase(text, parent_intents=above) for text, above in zip(texts, parents, strict=True)]
    assert learner().learn(cases).classify(asked) == own.classify(texts, DAY, parents)


def test_what_is_left_out_is_not_known() -> None:
    """The question of an FAQ too, although it is the FAQ's name."""
    found = training()
    faqs = [case for case in found.cases if case.intents and case.intents[0].casefold() in found.faqs]
    others = [case for case in found.cases if case not in faqs]
    [answer] = learner().learn(others).classify([faqs[0]])
    assert faqs[0].intents[0] not in [candidate.name for candidate in answer.candidates]
    with_some = learner().learn([*others, *faqs[1:]]).classify([faqs[1]])
    assert with_some[0].winning[0].name == faqs[1].intents[0]


def test_utterances_that_are_nothing_but_values() -> None:
    definition = small_bot()
    order = definition.in_development.intents["order"]
    utterances = (*order.utterances, "green tea", "sencha 3", "green tea please")
    intents = {**definition.in_development.intents, "order": replace(order, utterances=utterances)}
    changed = replace(definition, in_development=replace(definition.in_development, intents=intents))
    found = edition_training(changed, "inDevelopment", "bot.yaml")
    assert {found.cases[index].utterance for index in found.values} == {"green tea", "sencha 3"}


def test_the_reference_knows_the_intents_of_the_utterances_alone() -> None:
    cases = [
        BatchCase(text, (name,))
        for name, texts in {
            "Pay": ["pay Tom", "pay my bill", "send a payment to Ann"],
            "card": ["block my card", "my card is lost", "order a new card"],
        }.items()
        for text in texts
    ]
    learned = EditionLearner(reference_edition(cases), DAY).learn(cases)
    answers = learned.classify([BatchCase("pay Ann"), BatchCase("lost card"), BatchCase("zebra")])
    assert [answer.winning[0].name for answer in answers] == ["Pay", "card", answers[2].winning[0].name]
    assert all(not answer.entities for answer in answers)


def test_the_reference_rejects_where_the_set_says_what_means_nothing() -> None:
    cases = [BatchCase(f"pay number {at}", ("pay",)) for at in range(5)]
    cases += [BatchCase(f"lovely weather {at}", ("None",)) for at in range(5)]
    cases += [BatchCase(f"block card {at}", ("card",), traits=("urgent",)) for at in range(5)]
    answers = (
        EditionLearner(reference_edition(cases), DAY)
        .learn(cases)
        .classify([BatchCase("lovely weather"), BatchCase("block my card")])
    )
    assert answers[0].winning == ()
    assert answers[1].winning[0].name == "card"
    assert answers[1].traits == ("urgent",)
