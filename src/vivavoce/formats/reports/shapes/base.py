"""What every part of the JSON report shares."""

from typing import Annotated

import msgspec

from vivavoce.domain.evaluation.intervals import Interval


class Shape(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An object of the report: keys in camel case, the four outcomes TP, TN, FP and FN in capitals."""


def about(description: str) -> msgspec.Meta:
    """What the published schema says about a key."""
    return msgspec.Meta(description=description)


Share = Annotated[
    Annotated[float, msgspec.Meta(ge=0, le=1)] | None, about("From 0 to 1; null where undefined.")
]
Ends = Annotated[Interval | None, about("Both ends of Wilson's 95 % interval; null where undefined.")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Time = Annotated[str | None, about("UTC, such as 2023-08-23T10:14:13.100Z; null: not yet.")]
