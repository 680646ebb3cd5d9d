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


def differences(body: Any, wanted: Any, path: str = "$", key: str = "") -> list[str]:
    """Where a body is not like a sample."""
    if type(body) is not type(wanted):
        return [f"{path}: {type(body).__name__} {str(body)[:80]!r}, not {type(wanted).__name__}"]
    if isinstance(body, dict):
        if list(body) != list(wanted):
            return [f"{path}: the keys are {list(body)}, not {list(wanted)}"]
        return [line for name in body for line in differences(body[name], wanted[name], f"{path}.{name}", name)]
    if isinstance(body, list):
        return _item_differences(body, wanted, path)
    if isinstance(body, str):
        return _text_differences(body, wanted, path, key)
    return []


def _item_differences(body: list[Any], wanted: list[Any], path: str) -> list[str]:
    """Each item is like one of the sample's; a list that is empty there may hold anything."""
    found: list[str] = []
    for index, item in enumerate(body if wanted else ()):
        tries = [differences(item, example, f"{path}[{index}]") for example in wanted]
        found += min(tries, key=len)
    return found


def _text_differences(body: str, wanted: str, path: str, key: str) -> list[str]:
    if key in FIXED and body != wanted:
        return [f"{path}: {body!r}, not {wanted!r}"]
    pattern = WRITTEN.get(key)
    if pattern is None and (key in ("_id", "testSuiteId") and (prefix := re.match("[a-z]+-", wanted))):
        pattern = prefix[0] + UUID
    if pattern is not None and not re.fullmatch(pattern, body):
        return [f"{path}: {body!r} is not written as {pattern}"]
    return []
