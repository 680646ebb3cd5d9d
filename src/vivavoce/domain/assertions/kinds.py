"""All kinds of our own assertions, as one type; a new kind is added here and nowhere else."""

from typing import get_args

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.language import LanguageIs
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.assertions.starts_with import EndsWith, StartsWith

AnyAssertion = StartsWith | EndsWith | MeetsCriterion | LanguageIs | Similar

KINDS: dict[str, type[Assertion]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyAssertion)}
"""By the word that the wire and the store use."""
