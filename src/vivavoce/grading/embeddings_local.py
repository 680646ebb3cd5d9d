"""Embeddings by a small English model in this process: the extra `local-embeddings`.

The weights and the vocabulary lie in wordllama's wheel and are read from there. Its own loader is not used:
it looks for the vocabulary in the wrong folder, would download it then, and sets up logging when imported.
"""

import asyncio
import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vivavoce.engine.ports.graders import GradingFault

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MISSING = "the local model is not installed: pip install 'vivavoce[local-embeddings]'"
_WEIGHTS = "weights/l2_supercat_256.safetensors"
_VOCABULARY = "tokenizers/l2_supercat_tokenizer_config.json"


class LocalEmbedder:
    """The port Embedder; the model (0.3 s, 60 MB) is loaded with the first text.

    A text's vector is the mean of its words' vectors: their order and a "not" hardly count.
    """

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        return await asyncio.to_thread(_embed, list(texts))

    async def aclose(self) -> None: ...


def installed() -> bool:
    """Whether the extra is there; nothing is loaded."""
    return all(importlib.util.find_spec(name) for name in ("wordllama", "tokenizers", "safetensors"))


def _embed(texts: list[str]) -> list[Sequence[float]]:
    vocabulary, weights = _model()
    ids = [encoding.ids for encoding in vocabulary.encode_batch(texts, add_special_tokens=False)]
    width = weights.shape[1]
    return [weights[one].mean(axis=0).tolist() if one else [0.0] * width for one in ids]


@functools.cache
def _model() -> "tuple[Tokenizer, Any]":
    """Vocabulary, and a vector (256 numbers) for each of its entries."""
    if not installed():
        raise GradingFault(MISSING)
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    spec = importlib.util.find_spec("wordllama")
    assert spec is not None and spec.origin is not None, "it is installed, and it is no namespace"
    folder = Path(spec.origin).parent
    if not (folder / _WEIGHTS).is_file() or not (folder / _VOCABULARY).is_file():
        raise GradingFault(f"this version of wordllama brings no model of the name we know; {MISSING}")
    weights = load_file(folder / _WEIGHTS)["embedding.weight"].astype("float32")
    return Tokenizer.from_file(str(folder / _VOCABULARY)), weights
