"""The answer to a find-intent call (testing-api.md 5)."""

from collections.abc import Mapping
from typing import Any

from vivavoce.domain.batch.names import is_none
from vivavoce.domain.batch.utterance import Candidate, Classification
from vivavoce.formats.wire.encoding import encode

SUB_TYPES = {"dialog": "intent", "faq": "faq", "smalltalk": "smalltalk", "": "intent"}


def find_intent_body(
    classification: Classification,
    *,
    text: str,
    stream_name: str,
    bot_id: str,
    language: str,
    task_ids: Mapping[str, str] | None = None,
) -> bytes:
    """The `request`/`response` record; `task_ids` maps intent names to the ids of their tasks, where known.

    One winning intent is a `successintent`, several are an `ambiguousintent`, none is a `failintent`.
    """
    ids = task_ids or {}
    winning = classification.winning
    first = winning[0] if len(winning) == 1 else Candidate("")
    response = {
        "result": _result(classification),
        "bot": stream_name,
        "botid": bot_id,
        "language": language,
        "task": first.name,
        "taskId": ids.get(first.name, ""),
        "subType": SUB_TYPES[first.type] if first.name else "",
        "input": text,
        "traits": classification.traits,
        "finalResolver": {
            "winningIntent": [_intent(candidate, ids) for candidate in winning],
            "ranking": [
                _intent(candidate, ids)
                for candidate in classification.candidates
                if not is_none(candidate.name)
            ],
            "userInput": text,
            "entities": _entities(classification),
        },
    }
    return encode({"request": {"input": text, "streamName": stream_name}, "response": response})


def _result(classification: Classification) -> str:
    if not classification.winning:
        return "failintent"
    return "successintent" if len(classification.winning) == 1 else "ambiguousintent"


def _intent(candidate: Candidate, ids: Mapping[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {"intent": candidate.name, "activityType": candidate.type or "dialog"}
    if candidate.score is not None:
        document["score"] = candidate.score
    document["taskId"] = ids.get(candidate.name, "")
    return document


def _entities(classification: Classification) -> list[dict[str, Any]]:
    """One entry an entity, with its values in the order found."""
    values: dict[str, list[str]] = {}
    for entity in classification.entities:
        values.setdefault(entity.name, []).append(entity.value)
    return [{"field": name, "value": found} for name, found in values.items()]
