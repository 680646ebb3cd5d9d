"""Classifying an utterance by a conversation of one turn, for bots without a call of their own (8.20)."""

from collections.abc import Collection, Sequence

from vivavoce.connectors.entity_values import flat_values
from vivavoce.connectors.none_names import NO_INTENT, NoneNames
from vivavoce.domain.batch.utterance import Candidate, Classification, FoundEntity, IntentType
from vivavoce.domain.errors import ConnectorError, Malformed, Problem
from vivavoce.domain.output import Reply
from vivavoce.engine.ports.bots import Connector, Message, Opening, Utterance
from vivavoce.engine.ports.clock import NewId


class ConversationClassifier:
    """Implements engine.ports.bots.Classifier on any connector whose replies tell the intent."""

    chunk = 1

    def __init__(self, connector: Connector, *, new_id: NewId, none: Collection[str | None] = ()) -> None:
        """Raises Malformed when the connector cannot tell intents."""
        if "intent" not in connector.facts:
            raise Malformed(
                Problem(
                    "the bot reports no intent, so utterances cannot be judged",
                    "$.connector",
                    "add an `nlu` section, or `intent` to `reply`, to the bot file",
                )
            )
        self._connector = connector
        self._new_id = new_id
        self._none = NoneNames(none)

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        return [await self._classify(utterance) for utterance in utterances]

    async def aclose(self) -> None:
        await self._connector.aclose()

    async def _classify(self, utterance: Utterance) -> Classification | ConnectorError:
        try:
            session = await self._connector.open(Opening(self._new_id(""), utterance.language))
            try:
                reply = await session.send(Message(utterance.text))
            finally:
                await session.close()
        except ConnectorError as exc:
            return exc
        found = [self._named(each) for each in _candidates(reply)]
        return Classification(
            winning=tuple([each for each in found if each.name != NO_INTENT]),
            candidates=tuple(found),
            entities=tuple(
                [FoundEntity(each.name, text) for each in reply.entities for text in flat_values(each.value)]
            ),
        )

    def _named(self, candidate: Candidate) -> Candidate:
        return Candidate(NO_INTENT) if self._none.has(candidate.name) else candidate


def _candidates(reply: Reply) -> list[Candidate]:
    """Every intent, FAQ and small talk of the reply, once each, in the order in which its outputs tell them:
    cases of several intents may expect an order."""
    kinds: dict[str, IntentType] = {}
    typed: tuple[tuple[IntentType, tuple[str, ...]], ...] = (
        ("dialog", reply.intents),
        ("faq", reply.faqs),
        ("smalltalk", reply.smalltalk),
    )
    for kind, names in typed:
        for name in names:
            kinds.setdefault(name, kind)
    told = [name for output in reply.outputs for name in (output.intent, output.faq, output.smalltalk)]
    ordered = dict.fromkeys([*(name for name in told if name in kinds), *kinds])
    return [Candidate(name, type=kinds[name]) for name in ordered]
