"""Importing the client stays light."""

import subprocess
import sys

HEAVY = (
    "sqlalchemy",
    "fastapi",
    "sklearn",
    "scipy",
    "numpy",
    "uvicorn",
    "alembic",
    "aiohttp",
    "joserfc",
    "typer",
    "rich",
)


def test_importing_the_client_pulls_in_nothing_of_the_servers() -> None:
    code = f"import sys, vivavoce.client; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
