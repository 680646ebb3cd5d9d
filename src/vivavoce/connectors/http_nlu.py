"""Classifying one utterance at a time by a call of the bot's own: the `nlu` section."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathError

from vivavoce.connectors.entity_values import flat_values
from vivavoce.connectors.environment import Secrets
from vivavoce.connectors.faults import check_status
from vivavoce.connectors.http_settings import nlu_settings, request_settings
from vivavoce.connectors.jsonpath import Path
from vivavoce.connectors.mapping import as_text
from vivavoce.connectors.none_names import NoneNames
from vivavoce.connectors.request import RequestTemplate
from vivavoce.connectors.transport import Transport, json_value
from vivavoce.domain.errors import ConnectorError, UnreadableReply
from vivavoce.domain.utterance import Candidate, Classification, FoundEntity
from vivavoce.engine.ports.bots import Utterance
from vivavoce.engine.ports.clock import NewId
from vivavoce.formats.bot_keys import NLU_PATHS


class NluMapping:
    """Reads a classification from an answer."""

    def __init__(self, nlu: Mapping[str, Any]) -> None:
        """The checked `nlu` section. Raises BadPath."""
        self.paths = {name: Path(nlu[name]) for name in NLU_PATHS if name in nlu}
        self._none = NoneNames(nlu.get("none", ()))

    def read(self, answer: Any) -> Classification:
        """The first candidate wins unless its name means none. Raises JSONPathError, RecursionError."""
        candidates = tuple(map(self._candidate, self._find("intents", answer)))
        winner = candidates[:1] if candidates and not self._none.has(candidates[0].name) else ()
        return Classification(
            winning=winner,
            candidates=tuple(each for each in candidates if each.name),
            traits=tuple(as_text(each) for each in self._find("traits", answer) if each),
            entities=tuple(
                FoundEntity(name, value)
                for entity in self._find("entities", answer)
                for name in map(as_text, self._find("entity_name", entity)[:1])
                for value in flat_values(next(iter(self._find("entity_value", entity)), None))
            ),
        )

    def _candidate(self, found: Any) -> Candidate:
        named = self._find("intent", found) if "intent" in self.paths else (found,)
        return Candidate(as_text(named[0]) if named else "", _number(self._find("score", found)))

    def _find(self, name: str, value: Any) -> Sequence[Any]:
        path = self.paths.get(name)
        return path.find(value) if path else ()


class HttpClassifier:
    """Implements engine.ports.bots.Classifier; `transport` becomes its own."""

    chunk = 1

    def __init__(
        self,
        settings: Mapping[str, Any],
        *,
        transport: Transport,
        environment: Mapping[str, str],
        new_id: NewId,
    ) -> None:
        """The whole connector's checked settings. Raises Malformed when a variable is unset."""
        nlu = nlu_settings(settings)
        wanted = request_settings(nlu)
        self.request = RequestTemplate(wanted, Secrets(wanted, environment).resolve)
        self.mapping = NluMapping(nlu)
        self._transport = transport
        self._new_id = new_id

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        return [await self._classify(utterance) for utterance in utterances]

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _classify(self, utterance: Utterance) -> Classification | ConnectorError:
        name = self.request.name
        url, headers, body = self.request.fill(
            {
                "input": utterance.text,
                "conversation_id": self._new_id(""),
                "event": "",
                "language": utterance.language,
                "parent_intent": "||".join(utterance.parent_intents),
                "context": None,
            }
        )
        try:
            answer = await self._transport.request(self.request.method, url, headers, body, name=name)
            check_status(answer.status, answer.headers, name)
            return self.mapping.read(json_value(answer, name))
        except ConnectorError as exc:
            return exc
        except (JSONPathError, RecursionError) as exc:
            return UnreadableReply(f"{name} answered JSON that the mapping cannot search: {exc}")


def _number(found: Sequence[Any]) -> float | None:
    try:
        return float(found[0]) if found and not isinstance(found[0], bool) else None
    except (TypeError, ValueError):
        return None
