"""The connectors by their `type`. None imports another; this table alone knows them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from vivavoce.connectors import http, http_nlu, http_settings, scripted
from vivavoce.connectors.addresses import Allow
from vivavoce.connectors.conversation_classifier import ConversationClassifier
from vivavoce.connectors.transport import AiohttpTransport
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.engine.ports.bots import Classifier, Connector
from vivavoce.engine.ports.clock import NewId

Settings = Mapping[str, Any]
"""A bot's `connector`, its version's overrides merged in, variables not yet filled in."""


@dataclass(frozen=True)
class Outside:
    """What connectors need from the process that plays."""

    environment: Mapping[str, str]
    new_id: NewId
    connections: int = 0  # open at a time to one bot; 0 = as many as the caller's limits send
    allow: Allow | None = None  # VIVA_ALLOW_HOSTS

    def transport(self) -> AiohttpTransport:
        return AiohttpTransport(connections=self.connections, allow=self.allow)


@dataclass(frozen=True)
class ConnectorType:
    """One type of connector: how its settings are checked, and what is built from checked ones."""

    check: Callable[[Settings], list[Problem]]
    connector: Callable[[Settings, Outside], Connector]
    classifier: Callable[[Settings, Outside], Classifier]


def _http(settings: Settings, outside: Outside) -> Connector:
    return http.HttpConnector(settings, transport=outside.transport(), environment=outside.environment)


def _http_classifier(settings: Settings, outside: Outside) -> Classifier:
    if http_settings.classifies_by_call(settings):
        return http_nlu.HttpClassifier(
            settings, transport=outside.transport(), environment=outside.environment, new_id=outside.new_id
        )
    none = (settings.get("nlu") or {}).get("none", ())
    return ConversationClassifier(_http(settings, outside), new_id=outside.new_id, none=none)


def _scripted(settings: Settings, outside: Outside) -> Connector:
    return scripted.ScriptedConnector(settings["script"])


def _scripted_classifier(settings: Settings, outside: Outside) -> Classifier:
    return ConversationClassifier(_scripted(settings, outside), new_id=outside.new_id)


TYPES: dict[str, ConnectorType] = {
    "http": ConnectorType(http_settings.check, _http, _http_classifier),
    "scripted": ConnectorType(scripted.check, _scripted, _scripted_classifier),
}


def check_settings(settings: Settings, *, types: Mapping[str, ConnectorType] = TYPES) -> list[Problem]:
    """Everything that is wrong with a connector's settings; places begin with `$` = the connector.

    `types` may hold more than this table, such as connectors of other rooms.
    """
    kind = settings.get("type")
    if kind is None:
        return [Problem("`type` is missing", "$", f"there are {', '.join(types)}")]
    if not isinstance(kind, str) or kind not in types:
        close = get_close_matches(str(kind), types, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(types)}"
        return [Problem(f"unknown type `{kind}`", "$.type", hint)]
    return types[kind].check(settings)


def make_connector(
    settings: Settings, outside: Outside, *, types: Mapping[str, ConnectorType] = TYPES
) -> Connector:
    """Raises Malformed with everything that is wrong."""
    return _checked(settings, types).connector(settings, outside)


def make_classifier(
    settings: Settings, outside: Outside, *, types: Mapping[str, ConnectorType] = TYPES
) -> Classifier:
    """Raises Malformed with everything that is wrong, also when the bot cannot classify at all."""
    return _checked(settings, types).classifier(settings, outside)


def _checked(settings: Settings, types: Mapping[str, ConnectorType]) -> ConnectorType:
    if problems := check_settings(settings, types=types):
        raise Malformed(problems)
    return types[settings["type"]]
