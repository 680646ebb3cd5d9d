"""`json_path`: what stands at certain places of a template."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.payloads import said
from vivavoce.domain.assertions.wording import every, show
from vivavoce.domain.json_values import same

if TYPE_CHECKING:  # the library takes a tenth of a second to import, and few suites use it
    from jsonpath_rfc9535 import JSONPathQuery

_NOTHING = object()


class JsonPath(Assertion, frozen=True, kw_only=True, tag="jsonPath"):
    """In one of the templates, what each path (RFC 9535) finds first equals its value strictly as JSON."""

    paths: dict[str, Any]

    def problems(self) -> list[str]:
        if not self.paths:
            return ["no path is given: every reply would match"]
        return [problem for path in self.paths if (problem := path_problem(path))]

    def look(self, seen: Seen) -> Outcome:
        from jsonpath_rfc9535 import JSONPathError

        wanted = every([f"{show(value)} at {path}" for path, value in self.paths.items()])
        expected = f"JSON with {wanted}"
        bad = next((problem for path in self.paths if (problem := path_problem(path))), "")
        if bad or not self.paths:
            return Outcome(None, actual=bad or "no path is given")
        wrong: list[str] = []
        try:
            for template in seen.templates:
                wrong = self._wrong(template)
                if not wrong:
                    return Outcome(True, expected, said(seen))
        except (JSONPathError, RecursionError) as exc:
            return Outcome(None, actual=f"the reply's JSON cannot be searched: {exc}")
        return Outcome(False, expected, said(seen), "; ".join(wrong) if len(seen.templates) == 1 else "")

    def _wrong(self, template: Any) -> list[str]:
        found = []
        for path, value in self.paths.items():
            actual = first_at(path, template, _NOTHING)
            if actual is _NOTHING:
                found.append(f"nothing stands at {path}")
            elif not same(value, actual):
                found.append(f"{show(actual)} stands at {path}")
        return found


def first_at(path: str, value: Any, default: Any = None) -> Any:
    """What a JSONPath finds first. Raises JSONPathError, RecursionError."""
    node = _compiled(path).find_one(value)
    return default if node is None else node.value


def path_problem(path: str) -> str:
    """Why a text is no JSONPath; empty when it is one."""
    from jsonpath_rfc9535 import JSONPathError

    try:
        _compiled(path)
    except JSONPathError as exc:
        at = f" at character {exc.token.index + 1}" if exc.token else ""
        return f"`{path}` is no JSONPath: {exc.args[0] if exc.args else 'it cannot be read'}{at}"
    except RecursionError:
        return f"`{path}` is no JSONPath: it is nested too deeply"
    return ""


@lru_cache(maxsize=512)
def _compiled(path: str) -> "JSONPathQuery":
    import jsonpath_rfc9535

    return jsonpath_rfc9535.compile(path)
