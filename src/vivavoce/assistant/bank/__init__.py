"""The example that comes with the package: a bank's assistant, and suites that examine it."""

from pathlib import Path

HERE = Path(__file__).parent


def definition_path() -> Path:
    """The assistant's definition."""
    return HERE / "bank.yaml"


def conversation_suites() -> list[Path]:
    """The conversation suites, in order; the one called `known-failure` fails on purpose."""
    return sorted((HERE / "suites").glob("*.yaml"))


def batch_suites() -> list[Path]:
    """The batch suite, as JSON and as CSV with the same cases."""
    return [HERE / "suites" / "utterances.json", HERE / "suites" / "utterances.csv"]
