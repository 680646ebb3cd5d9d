"""Embeddings over HTTP and by the local model."""

import socket
import sys

import pytest
from tests.contract.grading.contract import EmbedderContract
from tests.contract.grading.model_service import KEY, MODEL, ModelService, answers

from vivavoce.engine.ports.graders import Embedder, GradingFault
from vivavoce.grading.configured import embedder as configured_embedder
from vivavoce.grading.embeddings_local import LocalEmbedder, installed


class TestHttpEmbedder(EmbedderContract):
    @pytest.fixture
    async def embedder(self, service: ModelService) -> Embedder:
        found = configured_embedder(service.url, MODEL, KEY)
        assert found is not None
        return found

    async def test_one_request_for_all_texts(self, embedder: Embedder, service: ModelService) -> None:
        await embedder.embed(["a", "b"])
        assert service.requests == [{"model": MODEL, "input": ["a", "b"]}]

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("{}", r"VIVA_EMBEDDING_URL"),
            ('{"data": []}', "VIVA_EMBEDDING_URL"),
            ('{"data": [{"embedding": [1]}]}', "VIVA_EMBEDDING_URL"),
            ('{"data": [{"embedding": [1]}, {"embedding": [1, 2]}]}', "one vector for each"),
            ('{"data": [{"embedding": []}, {"embedding": []}]}', "one vector for each"),
            ('{"data": [{"embedding": [1]}, {"embedding": [1]}, {"embedding": [1]}]}', "one vector for each"),
            ('{"data": [{"embedding": ["nan"]}, {"embedding": [1]}]}', "numbers that are none"),
            ('{"data": [{"embedding": "AAAA"}, {"embedding": "AAAA"}]}', "VIVA_EMBEDDING_URL"),
        ],
    )
    async def test_an_answer_of_another_shape_is_a_fault(
        self, embedder: Embedder, service: ModelService, body: str, said: str
    ) -> None:
        service.misbehave = [answers(200, body)]
        with pytest.raises(GradingFault, match=said):
            await embedder.embed(["a", "b"])

    async def test_a_wrong_key_is_told(self, service: ModelService) -> None:
        found = configured_embedder(service.url, MODEL, "sk-wrong-9876543210")
        assert found is not None
        with pytest.raises(
            GradingFault, match=r"401 Unauthorized \(is VIVA_EMBEDDING_KEY right\?\)"
        ) as fault:
            await found.embed(["a"])
        assert "sk-wrong" not in str(fault.value)


class NoNetwork(Exception):
    """Somebody wanted to connect."""


@pytest.mark.skipif(not installed(), reason="the extra local-embeddings is not installed")
class TestLocalEmbedder(EmbedderContract):
    @pytest.fixture
    async def embedder(self) -> Embedder:
        return LocalEmbedder()

    async def test_meaning_counts_more_than_words(self, embedder: Embedder) -> None:
        from vivavoce.engine.grading import cosine

        base, near, far = await embedder.embed(
            [
                "I cannot give financial advice.",
                "I'm not able to advise you on investments.",
                "I cannot give you this card.",
            ]
        )
        assert cosine(base, near) > 0.4
        assert cosine(base, near) > cosine(base, far)

    async def test_nothing_is_downloaded_and_its_library_is_not_even_loaded(
        self, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from vivavoce.grading import embeddings_local

        def refuse(*_: object) -> None:
            raise NoNetwork

        embeddings_local._model.cache_clear()
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        (vector,) = await embedder.embed(["Your card is blocked."])
        assert len(vector) == 256
        assert "wordllama" not in sys.modules

    async def test_a_text_without_words_has_an_empty_vector(self, embedder: Embedder) -> None:
        (vector,) = await embedder.embed([""])
        assert not any(vector)
