"""The bot file: a bot under test as its owner writes it down, in YAML.

What a connector makes of its settings is the connector's to check; here are keys, types, limits, and the
placeholders that may stand in what is sent.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from vivavoce.domain.bot import Bot, Breaker, Limits, Version
from vivavoce.formats.bot_keys import NLU_KEYS, PLACEHOLDER, PLACEHOLDERS, REPLY_KEYS, REQUEST_KEYS
from vivavoce.formats.places import Findings, Path, closest, did_you_mean
from vivavoce.formats.shape import fit, kind_name
from vivavoce.formats.yaml_text import YamlText

SECRET_PREFIX = "VIVA_BOT_"

_SENT = ("url", "headers", "body")
_YEAR_S = 366 * 86_400.0
# Field -> smallest and largest value.
_LIMITS: dict[str, tuple[float, float]] = {
    "max_conversations": (1, 100_000),
    "requests_per_second": (0, 1_000_000),
    "step_timeout_s": (0.001, _YEAR_S),
    "run_timeout_s": (0.001, _YEAR_S),
    "retries": (0, 100),
}
_BREAKER: dict[str, tuple[float, float]] = {
    "errors": (0, 1_000_000),
    "probe_every_s": (0.001, _YEAR_S),
    "give_up_s": (0.001, _YEAR_S),
}
_NAME_LIMIT = 256  # characters
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(SECRET_PREFIX + "[A-Za-z0-9_]+")


class BotFile(msgspec.Struct, frozen=True, kw_only=True):
    """A bot file that is in order; see Bot for the fields. Files are named as they were written."""

    name: str
    language: str
    limits: Limits
    connector: dict[str, Any]
    versions: dict[Version, dict[str, Any]]
    training: str
    definition: str


class _VersionShape(msgspec.Struct, forbid_unknown_fields=True):
    connector: dict[str, Any] | None = None


class _VersionsShape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    published: _VersionShape | None = None
    in_development: _VersionShape | None = None


class _BotShape(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    connector: dict[str, Any]
    language: str | None = None
    limits: Limits | None = None
    versions: _VersionsShape | None = None
    training: str | None = None
    definition: str | None = None


class _Findings(Findings):
    """Findings placed by line and column; an unknown key is a problem here."""

    def __init__(self, yaml: YamlText) -> None:
        super().__init__()
        self._yaml = yaml

    def problem(self, path: Path, message: str, hint: str = "") -> None:
        where = ".".join(str(part) for part in path)
        if message.startswith("expected a text") and not hint:
            hint = "a text that YAML takes for something else must stand in quotes"
        self.problem_at(self._yaml.place(path), f"{where}: {message}" if where else message, hint)

    def unknown_key(self, path: Path, known: Iterable[str]) -> None:
        hint = did_you_mean(str(path[-1]), known) or f"known: {', '.join(known)}"
        self.problem(path, "unknown key", hint)


def read_bot_file(text: str, source: str = "") -> BotFile:
    """Raises Malformed with all problems, each with line and column. Reads nothing from the environment."""
    yaml = YamlText(text, source)
    findings = _Findings(yaml)
    fitted = fit(yaml.value, _BotShape, (), findings)
    if isinstance(yaml.value, dict):
        _check_texts(yaml.value, findings)
    findings.raise_if_any(source)
    shape = msgspec.convert(fitted, _BotShape)
    _check_names(shape, findings)
    limits = shape.limits or Limits()
    _check_range(limits, _LIMITS, ("limits",), findings)
    _check_range(limits.breaker, _BREAKER, ("limits", "breaker"), findings)
    findings.raise_if_any(source)
    return BotFile(
        name=shape.name.strip(),
        language=shape.language or "en",
        limits=limits,
        connector=shape.connector,
        versions=_versions(shape.versions),
        training=shape.training or "",
        definition=shape.definition or "",
    )


def to_bot(bot_file: BotFile, id: str, account_id: str) -> Bot:
    """The bot of a bot file under these ids."""
    return Bot(
        id=id,
        name=bot_file.name,
        language=bot_file.language,
        limits=bot_file.limits,
        connector=bot_file.connector,
        versions=bot_file.versions,
        training=bot_file.training,
        definition=bot_file.definition,
        account_id=account_id,
    )


def _versions(shape: _VersionsShape | None) -> dict[Version, dict[str, Any]]:
    versions: dict[Version, dict[str, Any]] = {}
    if shape and shape.published:
        versions["published"] = {"connector": shape.published.connector or {}}
    if shape and shape.in_development:
        versions["inDevelopment"] = {"connector": shape.in_development.connector or {}}
    return versions


# --- checks -------------------------------------------------------------------------------------


def _check_names(shape: _BotShape, findings: Findings) -> None:
    if not 1 <= len(shape.name.strip()) <= _NAME_LIMIT:
        findings.problem(("name",), f"must have 1 to {_NAME_LIMIT} characters")
    if shape.language and not _LANGUAGE.fullmatch(shape.language):
        findings.problem(("language",), f"`{shape.language}` is no language code", "such as en or zh_cn")


def _check_range(
    values: Limits | Breaker, ranges: dict[str, tuple[float, float]], path: Path, findings: Findings
) -> None:
    for name, (low, high) in ranges.items():
        value = getattr(values, name)
        if not low <= value <= high:
            findings.problem((*path, name), f"must be from {low:g} to {high:,.0f}, not {value:g}")


def _check_texts(value: dict[str, Any], findings: Findings) -> None:
    """Everything about the connector and its overrides, whatever else is wrong with the file."""
    connector, versions = _mapping(value.get("connector")), _mapping(value.get("versions"))
    base_type = connector.get("type", "http")
    _check_connector(connector, ("connector",), base_type, findings)
    for version, override in versions.items():
        settings = _mapping(_mapping(override).get("connector"))
        kind = settings.get("type", base_type)
        _check_connector(settings, ("versions", version, "connector"), kind, findings)
    # Variables are put in where a connector sends, and nowhere else.
    for at, text in _texts(value, ()):
        if at[0] not in ("connector", "versions") and _VARIABLE.search(text):
            findings.problem(at, f"${{...}} may stand in a connector's {', '.join(_SENT)} only")


def _mapping(value: Any) -> dict[str, Any]:
    """The value itself, or nothing where something else stands (which `fit` has told)."""
    return value if isinstance(value, dict) else {}


def _check_connector(settings: dict[str, Any], path: Path, kind: Any, findings: Findings) -> None:
    if not isinstance(kind, str):
        findings.problem((*path, "type"), f"expected a text, got {kind_name(kind)}")
    if kind == "http":
        _check_http_keys(settings, path, findings)
    # What these two hold is never sent: their texts are the bot's own words.
    if kind not in ("assistant", "scripted"):
        _check_sent(settings, path, findings)


def _check_http_keys(settings: dict[str, Any], path: Path, findings: Findings) -> None:
    sections = {
        (): ("type", *REQUEST_KEYS, "reply", "nlu"),
        ("reply",): REPLY_KEYS,
        ("nlu",): (*REQUEST_KEYS, *NLU_KEYS),
    }
    for below, known in sections.items():
        section = settings.get(below[0]) if below else settings
        if section is not None and not isinstance(section, dict):
            findings.problem((*path, *below), f"expected an object, got {kind_name(section)}")
        for key in section if isinstance(section, dict) else ():
            if key not in known:
                findings.unknown_key((*path, *below, key), known)


def _check_sent(settings: dict[str, Any], path: Path, findings: Findings) -> None:
    """Placeholders and variables in the settings of a connector that sends."""
    for at, text in _texts(settings, path):
        below = at[len(path) :]
        sent = below[0] in _SENT or (below[0] == "nlu" and len(below) > 1 and below[1] in _SENT)
        for name in PLACEHOLDER.findall(text):
            _check_placeholder(name, sent, at, findings)
        if "{{" in PLACEHOLDER.sub("", text):
            findings.problem(at, "`{{` without a name and `}}`", "such as {{input}}")
        for name in _VARIABLE.findall(text):
            _check_variable(name, sent, at, findings)
        if "${" in _VARIABLE.sub("", text):
            findings.problem(at, "`${` without a name and `}`", "such as ${VIVA_BOT_TOKEN}")


def _check_placeholder(name: str, sent: bool, at: Path, findings: Findings) -> None:
    if name not in PLACEHOLDERS:
        near = closest(name, PLACEHOLDERS)
        hint = f"did you mean {{{{{near}}}}}?" if near else f"there are {', '.join(PLACEHOLDERS)}"
        findings.problem(at, f"unknown placeholder {{{{{name}}}}}", hint)
    elif not sent:
        findings.problem(at, f"{{{{{name}}}}} may stand in {', '.join(_SENT)} only")


def _check_variable(name: str, sent: bool, at: Path, findings: Findings) -> None:
    if not _VARIABLE_NAME.fullmatch(name):
        hint = f"only names that begin with {SECRET_PREFIX} are read"
        findings.problem(at, f"the variable ${{{name}}} may not be read", hint)
    elif not sent:
        findings.problem(at, f"${{{name}}} may stand in {', '.join(_SENT)} only")


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text with its path; keys are texts at their own path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
