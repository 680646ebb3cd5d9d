"""Classifying one utterance at a time by a call of the bot's own: the `nlu` section."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathError

from vivavoce.connectors.environment import Secrets
from vivavoce.connectors.faults import check_status
from vivavoce.connectors.http_settings import nlu_settings, request_settings
from vivavoce.connectors.nlu_mapping import NluMapping
from vivavoce.connectors.request import RequestTemplate
from vivavoce.connectors.transport import Transport, json_value
from vivavoce.domain.batch.utterance import Classification
from vivavoce.domain.errors import ConnectorError, UnreadableReply
from vivavoce.engine.ports.bots import Utterance
from vivavoce.engine.ports.clock import NewId


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
