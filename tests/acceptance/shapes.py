"""Bodies held against the contract's samples: keys and their order, types, and how values are written."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "fixtures" / "contract"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
SCORE = r"\d\.\d\d"
REPORT_LINK = (
    rf"http://[^/]+/api/getMediaStream/media/f-{UUID}\.csv"
    r"\?e=\d{10}&n=\d{10}&s=[A-Za-z0-9+/%]+\$*&clientfilename=.+-\d\d-\d\d-\d\d\.csv&batchtesting=true"
)

# How a text is written, by its key; the samples' own ids are masked, so that they show only the prefix.
WRITTEN: dict[str, str] = {
    "streamId": f"st-{UUID}",
    "createdBy": f"u-{UUID}",
    "lModBy": f"u-{UUID}",
    "triggeredBy": f"u-{UUID}",
    "accountId": "[0-9a-f]{24}",
    "fileId": "[0-9a-f]{24}",
    "fileUrl": REPORT_LINK,
    "requestId": rf"ctr-{UUID}\d+",
    **dict.fromkeys(("f1_score", "precision", "recall"), SCORE),
    **dict.fromkeys(
        ("startTime", "endTime", "createdOn", "lModOn", "lMod", "expireAt", "requestedTime", "time"), TIME
    ),
}

# Words that must be the sample's own, not merely texts.
FIXED = {"status", "version", "jobType", "action", "channel", "runType", "level"}

OURS = {"promptType"}  # may stand besides the sample's keys (8.7)
OPTIONAL = {"event", "textMismatch"}  # stand only where they say something
OUTCOMES = {"passed", "failed"}  # of one accepted variation among several


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def assert_like(body: Any, name: str, *, but: Mapping[str, Any] | None = None) -> None:
    """A body is like the sample of this name; `but`: members in which the sample is said to be different,
    by their paths (`result.version`)."""
    wanted = sample(name)
    for path, value in (but or {}).items():
        *parents, key = path.split(".")
        place = wanted
        for parent in parents:
            place = place[parent]
        place[key] = value
    found = differences(body, wanted)
    assert not found, "\n".join(found)


def differences(body: Any, wanted: Any) -> list[str]:
    """Where a body is not like a sample."""
    return _differences(body, [wanted], _assertions(wanted), "$", "")


def _assertions(value: Any) -> list[Any]:
    """Every assertion that stands anywhere in a sample (one of any output may look like any of them), and
    one that is off."""
    if isinstance(value, dict):
        if {"enabled", "contains"} <= value.keys():
            return [value]
        value = list(value.values())
    found = [found for item in value for found in _assertions(item)] if isinstance(value, list) else []
    return [*found, {"enabled": False, "contains": []}] if found else []


def _differences(body: Any, examples: list[Any], assertions: list[Any], path: str, key: str) -> list[str]:
    """`examples`: the values that stand at this place of the sample, of all items where it is in a list."""
    alike = [example for example in examples if type(example) is type(body)]
    if not alike:
        wanted = sorted({type(example).__name__ for example in examples})
        return [f"{path}: {type(body).__name__} {str(body)[:80]!r}, not {' or '.join(wanted)}"]
    found: list[str] = []
    if isinstance(body, dict):
        if {"enabled", "contains"} <= body.keys():
            alike = assertions
        keys = [name for name in body if name not in OURS]
        if not any(_without_absent(example, keys) == keys for example in alike):
            return [f"{path}: the keys are {keys}, not {' or '.join({str(list(one)) for one in alike})}"]
        for name in keys:
            below = [example[name] for example in alike if name in example]
            found += _differences(body[name], below, assertions, f"{path}.{name}", name)
    elif isinstance(body, list):
        items = [item for example in alike for item in example]  # none: the list may hold anything
        for index, item in enumerate(body if items else ()):
            found += _differences(item, items, assertions, f"{path}[{index}]", key)
    elif isinstance(body, str):
        found = _text_differences(body, alike, path, key)
    return found


def _without_absent(example: dict[str, Any], keys: list[str]) -> list[str]:
    return [name for name in example if name in keys or name not in OPTIONAL]


def _text_differences(body: str, examples: list[str], path: str, key: str) -> list[str]:
    one_of_several = ".contains[" in path and body in OUTCOMES
    if key in FIXED and body not in examples and not one_of_several:
        return [f"{path}: {body!r}, not {' or '.join(map(repr, dict.fromkeys(examples)))}"]
    pattern = WRITTEN.get(key)
    if pattern is None and key in ("_id", "testSuiteId") and (prefix := re.match("[a-z]+-", examples[0])):
        pattern = prefix[0] + UUID
    if pattern is not None and not re.fullmatch(pattern, body):
        return [f"{path}: {body!r} is not written as {pattern}"]
    return []
