"""The Jinja2 environment of the pages. Templates, style and script are read from the package once.

Jinja2 itself is loaded when the first report is written: it takes a tenth of a second, and most commands
write none.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vivavoce.domain import numbers
from vivavoce.formats.reports.html import charts, figures
from vivavoce.formats.reports.html.visible import cut, excerpt, visible

if TYPE_CHECKING:
    from jinja2 import Environment

_JOINTS = re.compile(r"([_./:]+)(?=[^_./:])")  # none of them is part of an escaped character
_PACKAGE = "vivavoce.formats.reports.html"


@cache
def pages() -> "Environment":
    """The environment with every template; a name that a template does not know is an error."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    sources = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in files(_PACKAGE).joinpath("templates").iterdir()
        if entry.is_file()
    }
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    for tool in (
        figures.count,
        figures.score,
        figures.duration,
        figures.moment,
        numbers.counted,
        numbers.figure,
        numbers.share,
        numbers.span,
    ):
        environment.filters[tool.__name__] = tool
    environment.filters["short"] = cut
    environment.filters["excerpt"] = excerpt
    environment.filters["breakable"] = _breakable
    environment.globals.update(_inline(sources), c=charts)
    return environment


def _breakable(name: str, most: int) -> Any:
    """A name that may go on in the next line after each `_`, `.`, `/` and `:`."""
    from markupsafe import Markup

    return Markup(_JOINTS.sub(r"\1<wbr>", escape(visible(excerpt(name, most)))))


def _inline(sources: dict[str, str]) -> dict[str, Any]:
    """Style and script as the page holds them, and the hashes that allow them."""
    from markupsafe import Markup

    style, script = sources["report.css"], sources["report.js"]
    # Ours, and without user's text: nothing in it is to be escaped.
    return {
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }


def _hash(text: str) -> str:
    """As a Content-Security-Policy names an inline element."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _finalized(value: Any) -> Any:
    """Every text that a template puts out passes here before it is escaped; markup is ours already."""
    return visible(value) if type(value) is str else value
