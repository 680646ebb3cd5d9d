"""Graders by what an operator sets. Models are loaded, and connections made, when first asked."""

from vivavoce.engine.ports.graders import LOCAL_MODEL, Embedder, Judge
from vivavoce.grading.embeddings_http import HttpEmbedder
from vivavoce.grading.embeddings_local import LocalEmbedder
from vivavoce.grading.endpoint import Endpoint, call_url
from vivavoce.grading.judge_http import HttpJudge


def judge(url: str, model: str, key: str) -> Judge | None:
    """None where no address is set."""
    if not url:
        return None
    address = call_url(url, "chat/completions")
    return HttpJudge(Endpoint(address, key, name="the judge", key_setting="VIVA_JUDGE_KEY"), model)


def embedder(url: str, model: str, key: str) -> Embedder | None:
    """None where no address is set, and the model is not the local one."""
    if model == LOCAL_MODEL and not url:
        return LocalEmbedder()
    if not url:
        return None
    address = call_url(url, "embeddings")
    service = Endpoint(address, key, name="the embedding service", key_setting="VIVA_EMBEDDING_KEY")
    return HttpEmbedder(service, model)
