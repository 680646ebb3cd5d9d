"""Suites that a command keeps, which may be killed on the way."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.integration.engine.house import House, TestBot, open_house
from tests.unit.engine.fakes import case
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.suite import SuiteHead
from vivavoce.engine.importing import conversation_units
from vivavoce.engine.keeping import keep_suite
from vivavoce.engine.ports.units import Unit


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, TestBot()) as house:
        yield house


def keep(house: House, name: str, units: Iterable[Unit]) -> Suite:
    return keep_suite(house.engine, house.bot, SuiteKind.CONVERSATION, SuiteHead(), name, units, user="u-1")


def test_a_server_that_starts_meanwhile_leaves_it_alone(house: House) -> None:
    def units() -> Iterator[Unit]:
        yield from conversation_units([case(("hello", "echo hello"))])
        house.engine.store.suites.discard_abandoned(house.engine.clock.now())

    kept = keep(house, "file.json", units())
    assert (kept.name, kept.total) == ("file.json", 1)


def test_a_suite_that_is_being_kept_takes_no_name(house: House) -> None:
    def names() -> list[str]:
        page = house.engine.store.suites.page(house.bot.id, SuiteKind.CONVERSATION, skip=0, limit=9)
        return [suite.name for suite in page.items]

    def units() -> Iterator[Unit]:
        assert names() == []
        assert house.suite([case(("bye", "echo bye"))], "file.json").name == "file.json"
        raise KeyboardInterrupt  # as good as a kill: nothing of this suite was seen before
        yield

    with pytest.raises(KeyboardInterrupt):
        keep_suite(
            house.engine, house.bot, SuiteKind.CONVERSATION, SuiteHead(), "file.json", units(), user=""
        )
    assert names() == ["file.json"]


def test_a_file_that_did_not_change_makes_no_revision(house: House) -> None:
    first = keep(house, "file.json", conversation_units([case(("a", "b"))]))
    assert keep(house, "file.json", conversation_units([case(("a", "b"))])) == first
    second = keep(house, "file.json", conversation_units([case(("a", "c"))]))
    assert second.revision > first.revision
    longer = keep(house, "file.json", conversation_units([case(("a", "c")), case(("d", "e"))]))
    history = house.engine.store.suites.revisions(first.id, skip=0, limit=9).items
    assert [one.total for one in history] == [2, 1, 1] and history[0] == longer
