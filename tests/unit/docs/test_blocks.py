"""Code in the documentation is right: JSON and YAML parse, suites and bot files are read by our readers."""

import io
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tests.unit.docs.pages import Block, blocks, pages, parts

from vivavoce.formats.batches import read_batch
from vivavoce.formats.bot_file import read_bot_file
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.detect import SuiteKind, kind_of


def every(language: str) -> Callable[[Any], Any]:
    found = blocks(language)
    assert found, language
    return pytest.mark.parametrize("block", found, ids=str)


@every("json")
def test_json_parses(block: Block) -> None:
    document = json.loads(block.text)
    if isinstance(document, dict) and document.keys() & {"testCases", "testSteps"}:
        data = block.text.encode()
        if kind_of(data) is SuiteKind.BATCH:
            assert list(read_batch(io.BytesIO(data), file_type="json", delimiter=None, warn=pytest.fail))
        else:
            file = read_conversations(data)
            assert file.step_count and not file.warnings


@every("yaml")
def test_yaml_parses(block: Block) -> None:
    document = yaml.safe_load(block.text)
    if "name" in document and "connector" in document:
        assert read_bot_file(block.text).name == document["name"]
    if "cases" in document:
        assert read_conversations(block.text.encode(), include=lambda pattern, source: []).step_count


@every("csv")
def test_csv_is_a_batch_suite(block: Block) -> None:
    assert list(
        read_batch(io.BytesIO(block.text.encode()), file_type="csv", delimiter=None, warn=pytest.fail)
    )


@every("python")
def test_python_compiles(block: Block) -> None:
    if block.title:
        compile(block.text, str(block), "exec")


@every("bash")
def test_bash_parses(block: Block) -> None:
    checked = subprocess.run(["bash", "-n"], input=block.text, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_unknown_languages_are_not_used() -> None:
    used = {part.language for page in pages() for part in parts(page) if isinstance(part, Block)}
    assert used <= {"json", "yaml", "csv", "python", "bash", ""}
