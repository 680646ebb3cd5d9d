"""Has questions answered by whoever is configured to answer them."""

from collections.abc import Sequence

from vivavoce.domain.questions import Answer, AskJudge, AskSimilarity, Question, Unanswered
from vivavoce.engine.opinions import Graders


class Grading:
    """Answers the questions of one run; a question about similarity or language is asked once in it."""

    def __init__(self, graders: Graders, *, at_a_time: int = 4) -> None:
        self._graders = graders
        self._at_a_time = at_a_time

    async def answer(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        """An answer for each question; never raises: who cannot be asked leaves it unanswered."""
        return {question: Unanswered(_nobody(question)) for question in dict.fromkeys(questions)}


def _nobody(question: Question) -> str:
    if isinstance(question, AskJudge):
        return "no judge is configured: set VIVA_JUDGE_URL and VIVA_JUDGE_MODEL"
    if isinstance(question, AskSimilarity):
        return "no embedding is configured: set VIVA_EMBEDDING_MODEL (and VIVA_EMBEDDING_URL)"
    return "no language detector is installed"
