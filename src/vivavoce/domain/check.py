"""The result of one of the contract's three assertions."""

import msgspec


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one assertion of one output came out.

    `passed` None: not evaluated (disabled, or the connector cannot read the fact).
    `entries`: the same for each entry of the assertion, in order.
    `reasons`: one sentence a failure, with expected and actual.
    """

    passed: bool | None = None
    entries: tuple[bool | None, ...] = ()
    reasons: tuple[str, ...] = ()


NOT_EVALUATED = Check()
