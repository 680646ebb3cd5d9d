"""What wiring decides: one server a database, and which bots a server may call."""

from pathlib import Path

import pytest

from vivavoce import wiring
from vivavoce.domain.errors import Conflict
from vivavoce.settings import Settings


def settings(folder: Path, **more: str) -> Settings:
    return Settings.read({"VIVA_DATA_DIR": str(folder), **{f"VIVA_{k.upper()}": v for k, v in more.items()}})


def test_one_server_a_data_dir(tmp_path: Path) -> None:
    with wiring.only_server(settings(tmp_path)):
        with pytest.raises(Conflict), wiring.only_server(settings(tmp_path)):
            pass
        with wiring.only_server(settings(tmp_path / "other")):
            pass


def test_one_server_an_sqlite_file_wherever_it_lies(tmp_path: Path) -> None:
    here = f"sqlite:///{tmp_path}/a.db"
    with wiring.only_server(settings(tmp_path / "x", database_url=here)):
        with pytest.raises(Conflict), wiring.only_server(settings(tmp_path / "y", database_url=here)):
            pass
        with wiring.only_server(settings(tmp_path / "x", database_url=f"sqlite:///{tmp_path}/b.db")):
            pass


def test_a_postgresql_may_have_many_servers(tmp_path: Path) -> None:
    shared = settings(tmp_path, database_url="postgresql+psycopg://somewhere/db")
    with wiring.only_server(shared), wiring.only_server(shared):
        pass
