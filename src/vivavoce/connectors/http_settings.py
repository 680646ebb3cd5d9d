"""What an `http` connector's settings may be, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from vivavoce.connectors import environment, template
from vivavoce.connectors.jsonpath import BadPath, Path
from vivavoce.connectors.request import METHODS, method_of
from vivavoce.connectors.thresholds import threshold_problems
from vivavoce.domain.errors import Problem
from vivavoce.formats.bot_keys import (
    ENTITY_PATHS,
    NLU_KEYS,
    NLU_PATHS,
    REPLY_KEYS,
    REQUEST_KEYS,
    TOOL_PATHS,
)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def request_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the settings that makes a turn's request."""
    return {key: settings[key] for key in REQUEST_KEYS if key in settings}


def nlu_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The `nlu` section with what it takes from the connector: its headers are added to the connector's."""
    nlu = dict(settings.get("nlu") or {})
    base = request_settings(settings)
    stated, taken = nlu.get("headers"), base.get("headers")
    if isinstance(stated, Mapping) and isinstance(taken, Mapping):
        nlu["headers"] = {**taken, **stated}
    return {**base, **nlu}


def classifies_by_call(settings: Mapping[str, Any]) -> bool:
    """Whether utterances have a call of their own; else each is a one-turn conversation (8.20)."""
    return "intents" in (settings.get("nlu") or {})


def check(settings: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong, each with its place under `$` (the connector)."""
    return list(_problems(settings))


def _problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys(settings, ("type", *REQUEST_KEYS, "reply", "nlu"), "$")
    request = list(_request(settings, "$"))
    yield from request
    reply, nlu = settings.get("reply"), settings.get("nlu")
    if reply is None and nlu is None:
        yield Problem("`reply` is missing", "$", "add reply: {outputs: $.messages[*], text: $.text}")
    if reply is not None:
        yield from _paths(reply, REPLY_KEYS, _needed(reply), "$.reply")
    if nlu is not None:
        known = {problem.message for problem in request}  # what `nlu` takes over is wrong only once
        yield from (problem for problem in _nlu(settings, nlu) if problem.message not in known)


def _needed(reply: Any) -> list[str]:
    """The paths without which others are of no use."""
    found = {"outputs": None}  # an ordered set
    for whole, needed, parts in (
        ("entities", ENTITY_PATHS, ENTITY_PATHS),
        ("tool_calls", ("tool_name",), TOOL_PATHS),
    ):
        if isinstance(reply, Mapping) and not reply.keys().isdisjoint((whole, *parts)):
            found |= dict.fromkeys((whole, *needed))
    return list(found)


def _nlu(settings: Mapping[str, Any], nlu: Any) -> Iterator[Problem]:
    if not isinstance(nlu, Mapping):
        yield Problem("must be a mapping", "$.nlu")
        return
    yield from unknown_keys(nlu, (*REQUEST_KEYS, *NLU_KEYS), "$.nlu")
    if nlu.keys() & set(REQUEST_KEYS):
        yield from _request(nlu_settings(settings), "$.nlu")
    none = nlu.get("none", [])
    if not isinstance(none, list) or not all(isinstance(name, str) or name is None for name in none):
        yield Problem("must be a list of names", "$.nlu.none", "none: [fallback, None]")
    if "thresholds" in nlu:
        yield from threshold_problems(nlu["thresholds"], "$.nlu.thresholds")
    paths = {key: value for key, value in nlu.items() if key in NLU_PATHS}
    if paths or nlu.keys() & set(REQUEST_KEYS):
        needed = ["intents"] + (["entity_name", "entity_value"] if "entities" in paths else [])
        yield from _paths(paths, NLU_PATHS, needed, "$.nlu")


def _paths(
    paths: Any, known: tuple[str, ...], needed: tuple[str, ...] | list[str], place: str
) -> Iterator[Problem]:
    if not isinstance(paths, Mapping):
        yield Problem("must be a mapping of JSONPaths", place)
        return
    yield from unknown_keys(paths, known, place)
    for key in needed:
        if key not in paths:
            yield Problem(f"`{key}` is missing", place)
    for key, text in paths.items():
        if not isinstance(text, str):
            yield Problem("must be a JSONPath", f"{place}.{key}", "such as $.messages[*]")
            continue
        try:
            Path(text)
        except BadPath as exc:
            yield Problem(str(exc), f"{place}.{key}", "" if text.startswith("$") else "a path begins with $")


def _request(settings: Mapping[str, Any], place: str) -> Iterator[Problem]:
    url, body = settings.get("url"), settings.get("body")
    yield from _url(url, place)
    method = method_of(settings)
    if method not in METHODS:
        close = get_close_matches(method, METHODS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(METHODS)}"
        yield Problem(f"unknown method `{settings['method']}`", f"{place}.method", hint)
    headers = settings.get("headers")
    if headers is not None and not isinstance(headers, Mapping):
        yield Problem("must be a mapping", f"{place}.headers")
        headers = None
    yield from _headers(headers or {}, f"{place}.headers")
    yield from template.problems(body, f"{place}.body")
    sent = (url, dict(headers or {}), body if method != "GET" else None)
    if isinstance(url, str) and url and not any(template.mentions(each, "input") for each in sent):
        hint = "GET sends no body: put it into `url`" if method == "GET" else "body: {text: '{{input}}'}"
        yield Problem("`{{input}}` stands nowhere: the bot would never hear the user", place, hint)
    for where, name in environment.references(request_settings(settings), place):
        if not environment.ALLOWED.fullmatch(name):
            yield Problem(f"the variable `{name}` may not be read", where, "only VIVA_BOT_... variables may")


def _url(url: Any, place: str) -> Iterator[Problem]:
    if not url:
        yield Problem("`url` is missing", place, "url: https://bot.example/chat")
    elif not isinstance(url, str):
        yield Problem("must be an address", f"{place}.url")
    else:
        yield from template.problems(url, f"{place}.url")
        if not environment.REFERENCE.search(url):  # else only the values can show it
            try:
                template.UrlTemplate(url, str)
            except ValueError as exc:
                yield Problem(f"`{url}` is not an address: {exc}", f"{place}.url", "https://bot.example/chat")


def _headers(headers: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for key, value in headers.items():
        if not isinstance(key, str) or not _HEADER_NAME.fullmatch(key):
            yield Problem(f"`{key}` is no header name", place)
        elif isinstance(value, Mapping | list):
            yield Problem("must be a text", f"{place}.{key}")
        else:
            yield from template.problems(value, f"{place}.{key}")


def unknown_keys(settings: Mapping[str, Any], known: tuple[str, ...], place: str) -> Iterator[Problem]:
    """A problem for every key that is not known, with the closest that is."""
    for key in settings:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(known)}"
            yield Problem(f"unknown key `{key}`", place, hint)
