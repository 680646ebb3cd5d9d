from collections.abc import AsyncIterator

import pytest
from tests.contract.grading.model_service import ModelService, model_service


@pytest.fixture
async def service() -> AsyncIterator[ModelService]:
    async with model_service() as running:
        yield running
