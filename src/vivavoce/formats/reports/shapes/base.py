"""What every part of the JSON report shares."""

from typing import Annotated, Any, Self

import msgspec

from vivavoce.domain import metrics
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


class Figures(Shape, frozen=True, kw_only=True):
    """What utterances add up to, counted as the platform does or one label against the rest."""

    tp: Count = msgspec.field(name="TP")
    tn: Count = msgspec.field(name="TN")
    fp: Count = msgspec.field(name="FP")
    fn: Count = msgspec.field(name="FN")
    precision: Share
    recall: Share
    f1: Share
    accuracy: Share

    @classmethod
    def of(cls, counted: metrics.Outcomes, **more: Any) -> Self:
        """`more`: the other keys of the shape."""
        return cls(
            tp=counted.tp,
            tn=counted.tn,
            fp=counted.fp,
            fn=counted.fn,
            precision=metrics.precision(counted),
            recall=metrics.recall(counted),
            f1=metrics.f1(counted),
            accuracy=metrics.accuracy(counted),
            **more,
        )
