"""What each path of a mapping yields on an answer, with a hint where it yields nothing or something odd."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from vivavoce.connectors.jsonpath import Path
from vivavoce.formats.bot_keys import (
    ANSWER_PATHS,
    CANDIDATE_PATHS,
    ENTITY_PATHS,
    NLU_ANSWER_PATHS,
    OUTPUT_PATHS,
    TOOL_PATHS,
    USAGE_PATHS,
)

VALUE_SHOWN = 400  # characters


class PathYield(msgspec.Struct, frozen=True):
    """One path and what it found."""

    key: str  # its name in the bot file, such as `text`, with the output it was asked of: `text [0]`
    path: str
    value: str  # compact JSON, several matches separated by commas; `nothing`
    hint: str = ""


def reply_yields(paths: Mapping[str, Path], answer: Any) -> list[PathYield]:
    """The paths of a `reply` section: some on the answer, the others on every output, entity, tool call."""
    shown = [_yield(key, paths[key], answer) for key in ANSWER_PATHS if key in paths]
    for whole, parts in (
        ("outputs", OUTPUT_PATHS),
        ("entities", ENTITY_PATHS),
        ("tool_calls", TOOL_PATHS),
    ):
        found = paths[whole].find(answer) if whole in paths else ()
        if whole != "outputs" and len(found) == 1 and isinstance(found[0], list):
            found = found[0]  # as the mapping takes it
        shown += _relative({key: path for key, path in paths.items() if key in parts}, found)
    return shown


def nlu_yields(paths: Mapping[str, Path], answer: Any) -> list[PathYield]:
    """The paths of an `nlu` section: on the answer, on every candidate, on every entity."""
    shown = [_yield(key, paths[key], answer) for key in NLU_ANSWER_PATHS if key in paths]
    for whole, parts in (("intents", CANDIDATE_PATHS), ("entities", ENTITY_PATHS)):
        found = paths[whole].find(answer) if whole in paths else ()
        shown += _relative({key: paths[key] for key in parts if key in paths}, found)
    return shown


def _relative(paths: Mapping[str, Path], values: Sequence[Any]) -> Iterator[PathYield]:
    for index, value in enumerate(values):
        for key, path in paths.items():
            shown = _yield(key, path, value)
            hint = "" if isinstance(value, str) and key == "text" else shown.hint
            yield msgspec.structs.replace(shown, key=f"{key} [{index}]", hint=hint)


def _yield(key: str, path: Path, value: Any) -> PathYield:
    found = path.find(value)
    if not found:
        return PathYield(key, path.text, "nothing", _why_nothing(path, value))
    text = ", ".join(_short(each) for each in found)
    hint = ""
    if len(found) == 1 and isinstance(found[0], list) and key in ("outputs", "intents", "entities", "traits"):
        hint = f"this is one list; for its items write {path.text}[*]"
    elif key in ("intent", "node", "entity_name", "tool_name") and isinstance(found[0], dict | list):
        hint = "this is no text; go deeper, such as to its name"
    elif key == "context" and not isinstance(found[0], dict):
        hint = "the context must be an object; this is not used"
    elif key in USAGE_PATHS and not any(isinstance(each, int | float) for each in found):
        hint = "this is no number; it is not used"
    return PathYield(key, path.text, text, hint)


def _why_nothing(path: Path, value: Any) -> str:
    """How far a singular path gets; for another, what there is at the top."""
    walked = "$"
    for key in path.keys or ():
        if isinstance(key, str) and isinstance(value, dict):
            if key not in value:
                close = get_close_matches(key, value, n=1)
                hint = f"; did you mean {walked}.{close[0]}?" if close else ""
                return f"{walked} has {_keys(value)}{hint}"
        elif not (isinstance(key, int) and isinstance(value, list) and -len(value) <= key < len(value)):
            return f"{walked} is {_kind(value)}"
        value = value[key]
        walked += f".{key}" if isinstance(key, str) else f"[{key}]"
    return f"{walked} is {_kind(value)}"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return f"an object with {_keys(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _short(value)


def _keys(value: dict[str, Any]) -> str:
    names = list(value)
    return "the keys " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "") if names else "no keys"


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= VALUE_SHOWN else f"{text[:VALUE_SHOWN]}..."
