"""Suites: staged, published, replaced, listed, removed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.contract.storage import making

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Conflict, NotFound
from vivavoce.domain.run import RunStatus
from vivavoce.domain.suite import TestCase
from vivavoce.engine.ports.store import Store
from vivavoce.engine.ports.units import Unit

CONVERSATION, BATCH = SuiteKind.CONVERSATION, SuiteKind.BATCH


def test_a_staged_suite_is_not_seen_but_its_name_is_taken(store: Store) -> None:
    staged = making.a_suite()
    store.suites.stage(staged)
    assert store.suites.get("st-1", CONVERSATION, "Smoke") is None
    assert store.suites.page("st-1", CONVERSATION, skip=0, limit=9).count == 0
    assert store.suites.by_id("ctc-1") == staged
    with pytest.raises(Conflict, match="Smoke"):
        store.suites.stage(making.a_suite("ctc-2"))


def test_a_name_is_taken_only_for_its_bot_and_kind(store: Store) -> None:
    store.suites.stage(making.a_suite("ctc-1"))
    store.suites.stage(making.a_suite("ctc-2", bot_id="st-2"))
    store.suites.stage(making.a_suite("ts-1"))
    store.suites.stage(making.a_suite("ctc-3", "smoke"))


def test_publishing_shows_the_suite_with_its_size(store: Store) -> None:
    suite = making.publish(store, making.a_suite(), making.conversations(3, steps=2))
    assert (suite.unit_count, suite.total) == (3, 6)
    assert store.suites.get("st-1", CONVERSATION, "Smoke") == suite
    assert store.suites.get("st-1", BATCH, "Smoke") is None
    assert list(store.suites.units("ctc-1", 1)) == making.conversations(3, steps=2)


def test_restaging_rewrites_a_staged_suite(store: Store) -> None:
    store.suites.stage(making.a_suite())
    renamed = making.a_suite(name="Other")
    store.suites.restage(renamed)
    assert store.suites.by_id("ctc-1") == renamed
    store.suites.stage(making.a_suite("ctc-2"))  # the old name is free again
    with pytest.raises(Conflict):
        store.suites.restage(making.a_suite("ctc-2", "Other"))
    store.suites.publish(renamed)
    with pytest.raises(NotFound):
        store.suites.restage(renamed)


@pytest.mark.parametrize("name", [*making.AWKWARD, "nul\x00"])
def test_names_are_exact(store: Store, name: str) -> None:
    suite = making.publish(store, making.a_suite(name=name), [])
    assert store.suites.get("st-1", CONVERSATION, name) == suite
    assert store.suites.get("st-1", CONVERSATION, name + " ") is None
    with pytest.raises(Conflict):
        store.suites.stage(making.a_suite("ctc-2", name))


def test_units_are_read_from_any_place(store: Store) -> None:
    units = making.conversations(150)
    making.publish(store, making.a_suite(), units)
    assert list(store.suites.units("ctc-1", 1)) == units
    assert list(store.suites.units("ctc-1", 1, first=149)) == units[149:]
    assert list(store.suites.units("ctc-1", 1, first=150)) == []
    assert store.suites.unit("ctc-1", 1, 77) == units[77]
    for missing in (("ctc-1", 1, 150), ("ctc-1", 2, 0), ("ctc-9", 1, 0)):
        with pytest.raises(NotFound):
            store.suites.unit(*missing)
    with pytest.raises(NotFound):
        list(store.suites.units("ctc-9", 1))


def test_units_are_read_while_others_are_written(store: Store) -> None:
    making.publish(store, making.a_suite(), making.conversations(100))
    seen = 0
    for unit in store.suites.units("ctc-1", 1):
        case = unit.cases[0]
        assert isinstance(case, TestCase)
        store.suites.replace_unit(
            "ctc-1", 1, Unit(unit.index, unit.first, (replace(case, description="seen"),))
        )
        seen += 1
    assert seen == 100
    cases = [unit.cases[0] for unit in store.suites.units("ctc-1", 1)]
    assert all(isinstance(case, TestCase) and case.description == "seen" for case in cases)


def test_a_validated_conversation_takes_its_place(store: Store) -> None:
    store.suites.stage(making.a_suite())
    store.suites.add_units("ctc-1", 1, CONVERSATION, making.conversations(2))
    other = Unit(1, 2, (TestCase("validated", (making.a_step("hi"),)),))
    store.suites.replace_unit("ctc-1", 1, other)
    store.suites.publish(making.a_suite())
    assert store.suites.unit("ctc-1", 1, 1) == other
    suite = store.suites.by_id("ctc-1")
    assert suite is not None and suite.total == 3
    with pytest.raises(NotFound):
        store.suites.replace_unit("ctc-1", 1, Unit(2, 4, (TestCase("none", ()),)))


def test_units_come_lazily_and_an_error_on_the_way_comes_out(store: Store) -> None:
    store.suites.stage(making.a_suite("ts-1"))

    def broken() -> Iterator[Unit]:
        yield from making.chunks(100)
        raise ValueError("line 301")

    with pytest.raises(ValueError, match="line 301"):
        store.suites.add_units("ts-1", 1, BATCH, broken())
    store.suites.discard("ts-1", 1)
    assert store.suites.by_id("ts-1") is None
    store.suites.stage(making.a_suite("ts-1"))
    store.suites.publish(making.a_suite("ts-1"))
    assert list(store.suites.units("ts-1", 1)) == []


def test_units_of_a_suite_that_is_gone_are_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.suites.add_units("ctc-9", 1, CONVERSATION, making.conversations(1))
    with pytest.raises(NotFound):
        store.suites.stage_revision(making.a_suite("ctc-9"))
    with pytest.raises(NotFound):
        store.suites.publish(making.a_suite("ctc-9"))
    store.suites.discard("ctc-9", 1)


def test_a_new_revision_takes_over_when_published(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(2))
    second = store.suites.stage_revision(first).revision
    assert second == 2
    store.suites.add_units("ts-1", second, BATCH, making.chunks(5))
    assert store.suites.get("st-1", BATCH, "Smoke") == first
    store.suites.publish(replace(first, revision=second))
    seen = store.suites.get("st-1", BATCH, "Smoke")
    assert seen is not None
    assert (seen.revision, seen.unit_count, seen.total) == (2, 5, 15)
    assert list(store.suites.units("ts-1", 1)) == []


def test_two_revisions_never_share_a_number(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(1))
    assert [store.suites.stage_revision(first).revision for _ in range(3)] == [2, 3, 4]
    store.suites.discard("ts-1", 4)
    store.suites.publish(replace(first, revision=3))
    assert store.suites.stage_revision(first).revision == 5


def test_a_revision_that_was_overtaken_is_not_published(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(1))
    slow, quick = store.suites.stage_revision(first).revision, store.suites.stage_revision(first).revision
    store.suites.add_units("ts-1", slow, BATCH, making.chunks(2))
    store.suites.add_units("ts-1", quick, BATCH, making.chunks(3))
    store.suites.publish(replace(first, revision=quick))
    with pytest.raises(Conflict, match="updated by another call"):
        store.suites.publish(replace(first, revision=slow))
    store.suites.discard("ts-1", slow)
    seen = store.suites.by_id("ts-1")
    assert seen is not None and (seen.revision, seen.unit_count) == (quick, 3)
    assert list(store.suites.units("ts-1", quick)) == making.chunks(3)


def test_an_old_revision_stays_while_a_run_refers_to_it(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(2))
    store.runs.accept(making.a_run("tr-1", "ts-1"))
    second = store.suites.stage_revision(first).revision
    store.suites.add_units("ts-1", second, BATCH, making.chunks(1))
    store.suites.publish(replace(first, revision=second))
    assert list(store.suites.units("ts-1", 1)) == making.chunks(2)
    store.runs.remove("tr-1")
    assert list(store.suites.units("ts-1", 1)) == []
    assert list(store.suites.units("ts-1", second)) == making.chunks(1)


def test_discarding_a_revision_leaves_what_is_seen(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(2))
    second = store.suites.stage_revision(first).revision
    store.suites.add_units("ts-1", second, BATCH, making.chunks(3))
    store.suites.discard("ts-1", second)
    store.suites.discard("ts-1", 1)
    assert store.suites.get("st-1", BATCH, "Smoke") == first
    assert list(store.suites.units("ts-1", 1)) == making.chunks(2)
    assert list(store.suites.units("ts-1", second)) == []


def test_discarding_a_staged_suite_frees_its_name(store: Store) -> None:
    store.suites.stage(making.a_suite())
    store.suites.discard("ctc-1", 1)
    store.suites.stage(making.a_suite("ctc-2"))


def test_abandoned_imports_are_forgotten(store: Store) -> None:
    making.publish(store, making.a_suite("ctc-1", "published"), [])
    for number, created in ((2, 0), (3, 100), (4, 0), (5, 0)):
        store.suites.stage(
            making.a_suite(f"ctc-{number}", f"staged {number}", created_on=making.later(created))
        )
    store.runs.accept(making.a_run("ds-4", "ctc-4"))
    store.runs.accept(making.a_run("ds-5", "ctc-5"))
    store.runs.finish("ds-5", RunStatus.ERROR, now=making.NOW)
    assert store.suites.discard_abandoned(making.later(50)) == 2
    kept = [number for number in range(1, 6) if store.suites.by_id(f"ctc-{number}")]
    assert kept == [1, 3, 4]
    assert store.runs.get("ds-5") is not None  # the record of an import outlives its suite


def test_what_a_command_keeps_right_now_is_not_abandoned(store: Store) -> None:
    for suite_id in ("ts-1", "ts-2"):
        store.suites.stage(making.a_suite(suite_id, suite_id, created_on=making.NOW))
    assert store.suites.discard_abandoned(making.NOW + timedelta(hours=23)) == 0
    store.suites.publish(making.a_suite("ts-1", "its name"))
    assert store.suites.get("st-1", making.a_suite("ts-1").kind, "its name")
    assert store.suites.discard_abandoned(making.NOW + timedelta(hours=25)) == 1
    assert store.suites.by_id("ts-1") and not store.suites.by_id("ts-2")


def test_pages_are_by_name_and_filtered(store: Store) -> None:
    for name, tags in (("b", ("x", "y")), ("a", ("x",)), ("C", ()), ("😀", ("x",))):
        making.publish(store, making.a_suite(f"ctc-{name}", name, tags=tags), [])
    making.publish(store, making.a_suite("ctc-other", "a", bot_id="st-2", tags=("x",)), [])

    def names(skip: int = 0, limit: int = 9, **filters: str) -> tuple[list[str], int, bool]:
        page = store.suites.page("st-1", CONVERSATION, skip=skip, limit=limit, **filters)
        return [suite.name for suite in page.items], page.count, page.more

    assert names() == (["C", "a", "b", "😀"], 4, False)
    assert names(1, 2) == (["a", "b"], 4, True)
    assert names(2, 2) == (["b", "😀"], 4, False)
    assert names(9, 2) == ([], 4, False)
    assert names(tag="x") == (["a", "b", "😀"], 3, False)
    assert names(limit=1, tag="x") == (["a"], 3, True)
    assert names(tag="X") == ([], 0, False)


def test_suites_are_found_by_an_expected_intent(store: Store) -> None:
    by_flow = TestCase("one", (making.a_step("hi"), making.a_step("pay", expected_intent="pay")))
    by_metadata = TestCase("two", (making.a_step("pay", intent="pay"), making.a_step("bye", intent="bye")))
    making.publish(store, making.a_suite("ctc-1", "one"), [Unit(0, 0, (by_flow,))])
    making.publish(store, making.a_suite("ctc-2", "two"), [Unit(0, 0, (by_metadata,))])

    def names(intent: str) -> list[str]:
        page = store.suites.page("st-1", CONVERSATION, skip=0, limit=9, intent=intent)
        return [suite.name for suite in page.items]

    assert names("pay") == ["one", "two"]
    assert names("bye") == ["two"]
    assert names("hi") == []
    store.suites.replace_unit("ctc-2", 1, Unit(0, 0, (TestCase("two", (making.a_step("hi"),)),)))
    store.suites.publish(making.a_suite("ctc-2", "two"))
    assert names("pay") == ["one"]


def test_removing_a_suite_returns_the_files_that_are_nobodys(store: Store) -> None:
    for file_id in ("upload", "newer", "shared", "report", "stranger"):
        store.files.add(making.a_file(file_id))
    first = making.publish(store, making.a_suite("ts-1", file_id="upload"), making.chunks(1))
    making.publish(store, making.a_suite("ts-2", "Other", file_id="shared"), making.chunks(1))
    for file_id in ("shared", "newer"):
        revision = store.suites.stage_revision(first).revision
        store.suites.publish(replace(first, revision=revision, file_id=file_id))
    store.runs.accept(making.a_run("tr-1", "ts-1", revision=3))
    store.runs.finish("tr-1", RunStatus.PASSED, now=making.NOW, report_file="report")

    assert [file.id for file in store.suites.remove("ts-1")] == ["newer", "report", "upload"]
    assert store.suites.by_id("ts-1") is None
    assert store.runs.get("tr-1") is None
    kept = [name for name in ("upload", "newer", "shared", "report", "stranger") if store.files.get(name)]
    assert kept == ["shared", "stranger"]
    assert [file.id for file in store.suites.remove("ts-2")] == ["shared"]
    assert store.suites.remove("ts-2") == []
