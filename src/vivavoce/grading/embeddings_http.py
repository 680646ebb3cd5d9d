"""Embeddings from any OpenAI-compatible `embeddings`."""

import math
from collections.abc import Sequence
from typing import Any

from vivavoce.engine.ports.graders import GradingFault
from vivavoce.grading.endpoint import Endpoint


class HttpEmbedder:
    """The port Embedder; all texts of a call go in one request."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        self._endpoint = endpoint
        self._model = model

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        if not texts:
            return []
        answer = await self._endpoint.post({"model": self._model, "input": list(texts)})
        return _vectors(answer, len(texts))

    async def aclose(self) -> None:
        await self._endpoint.aclose()


def _vectors(answer: Any, count: int) -> list[Sequence[float]]:
    """By their `index`, where they have one. Raises GradingFault for all but `count` vectors of one size."""
    try:
        rows = answer["data"]
        placed = {row.get("index", place): row["embedding"] for place, row in enumerate(rows)}
        vectors = [[float(number) for number in placed[place]] for place in range(count)]
    except (KeyError, TypeError, AttributeError, ValueError):
        raise GradingFault(
            "the embedding service's answer is no list of embeddings: is VIVA_EMBEDDING_URL right?"
        ) from None
    if len(rows) != count or len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
        raise GradingFault("the embedding service did not answer with one vector for each text")
    if not all(math.isfinite(number) for vector in vectors for number in vector):
        raise GradingFault("the embedding service answered with numbers that are none")
    return list(vectors)
