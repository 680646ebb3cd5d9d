"""Values in a text turned back into the names that they stood for: the way back of `values.expand`."""

import re
from collections.abc import Iterable

from vivavoce.domain.values.expanding import as_text
from vivavoce.domain.values.variables import Values


def with_names(text: str, values: Values, names: Iterable[str]) -> str:
    """The text with `{{name}}` wherever a name's value stands as a word of its own, the longest value first;
    a `{{` that was said is written so that it is just that."""
    meant = {as_text(values[name]): name for name in reversed([*names]) if name in values}
    known = sorted((value for value in meant if value.strip()), key=len, reverse=True)
    choices = [r"(?P<literal>\{\{)", *(_as_word(value) for value in known)]

    def written(match: re.Match[str]) -> str:
        return r"\{{" if match["literal"] else f"{{{{{meant[match[0]]}}}}}"

    return re.sub("|".join(choices), written, text)


def _as_word(value: str) -> str:
    before = r"(?<!\w)" if value[0].isalnum() else ""
    after = r"(?!\w)" if value[-1].isalnum() else ""
    return f"{before}{re.escape(value)}{after}"
