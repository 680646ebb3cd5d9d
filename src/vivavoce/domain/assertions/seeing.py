"""What text kinds look at: one output as it came, or all outputs of a reply as a person reads them."""

from vivavoce.domain.assertions.base import Seen
from vivavoce.domain.assertions.text import Said
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.template import readable


def said_of(seen: Seen) -> Said:
    """One output with its template; several are a line each, and no template together."""
    if len(seen.outputs) == 1:
        return Said(seen.outputs[0].text)
    return Said("\n".join(readable(output.text) for output in seen.outputs), plain=True)


def actual(seen: Seen, around: int = 0) -> str:
    """`the bot said "…"`, or that it said nothing."""
    return f"the bot said {quote(seen.text, around)}" if seen.outputs else "the bot said nothing"
