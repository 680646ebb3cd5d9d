"""From a raw request path to the calls it may mean.

The raw path is split before it is decoded, so that `%2F` may stand in a suite's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from vivavoce.server.calls import CALLS, Call


@dataclass(frozen=True)
class Found:
    """A call whose template a path fits, and the path's parameters, decoded."""

    call: Call
    parameters: dict[str, str]


@dataclass(frozen=True)
class _Template:
    call: Call
    parts: tuple[str, ...]  # `{name}` stands for a parameter

    def fit(self, segments: list[str]) -> Found | None:
        """`segments`: as many as there are parts."""
        parameters: dict[str, str] = {}
        for part, segment in zip(self.parts, segments, strict=True):
            if part.startswith("{"):
                if not segment:
                    return None
                parameters[part[1:-1]] = segment
            elif part != segment:
                return None
        return Found(self.call, parameters)


class Paths:
    """Matches paths against the templates of the table."""

    def __init__(self, calls: Iterable[Call] = CALLS) -> None:
        self._templates: dict[int, list[_Template]] = {}  # by how many segments they have
        for call in calls:
            for path in call.paths:
                template = _Template(call, tuple(path.split("/")))
                self._templates.setdefault(len(template.parts), []).append(template)

    def find(self, raw_path: bytes) -> list[Found]:
        """Every call that the path may mean, whatever its method; empty: there is no such path."""
        try:
            segments = [unquote_to_bytes(segment).decode() for segment in raw_path.split(b"/")]
        except UnicodeDecodeError:
            return []
        if any("\0" in segment for segment in segments):
            return []  # no name of ours holds it, and PostgreSQL would choke on it
        found = (template.fit(segments) for template in self._templates.get(len(segments), ()))
        return [one for one in found if one is not None]
