"""What request bodies are made of: strict values, and names that may be given to suites."""

from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.engine.prebuilt import PREBUILT_NAMES

P = ParamSpec("P")
T = TypeVar("T")

RESERVED = frozenset({"import", *PREBUILT_NAMES})
MOST_LISTED = 500
FARTHEST = 1_000_000_000  # that a list is skipped to


class Body(BaseModel):
    """A request body: no conversion between types. Unknown fields are ignored, and null for an optional one
    is as good as leaving it out, as clients send both."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        required = {name for name, field in cls.model_fields.items() if field.is_required()}
        return {name: value for name, value in body.items() if value is not None or name in required}


class Answer(BaseModel):
    """A documented answer. The bodies are written by `formats.wire`; this only describes them."""

    model_config = ConfigDict(extra="allow")


def not_blank(text: str) -> str:
    """For AfterValidator; in an annotation it stands behind the constraints."""
    if not text.strip():
        raise PydanticCustomError("blank", "must not be blank")
    return text


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise PydanticCustomError("reserved", "is a reserved name")
    return name


def in_field(name: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `read` makes of a field's value; the problems of a Malformed that it raises name the field."""
    try:
        return read(*args, **kwargs)
    except Malformed as malformed:
        raise Malformed([Problem(one.message, f"$.{name}", one.hint) for one in malformed.problems]) from None


SuiteName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=256,
        description="exact, 1 to 256 characters; `import` and the names of prebuilt suites are reserved",
    ),
    AfterValidator(not_blank),
    AfterValidator(_not_reserved),
]
FileId = Annotated[str, Field(description="the `fileId` of an upload"), AfterValidator(not_blank)]
Email = Annotated[
    str, Field(max_length=320, description="in whose name this is done"), AfterValidator(not_blank)
]
Tag = Annotated[str, Field(max_length=256), AfterValidator(not_blank)]
Skip = Annotated[int, Query(ge=0, le=FARTHEST)]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED)]
Json = dict[str, Any]
NULLABLE: JsonDict = {"nullable": True}
