"""The history of suites: what stays of each revision, and what goes."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.contract.storage import making

from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import Conflict
from vivavoce.domain.run import RunStatus
from vivavoce.domain.suite import SuiteHead
from vivavoce.engine.ports.store import Store

CONVERSATION, BATCH = SuiteKind.CONVERSATION, SuiteKind.BATCH


def update(store: Store, suite: Suite, size: int, **changes: object) -> Suite:
    """Publish the next revision with so many conversations."""
    staged = store.suites.stage_revision(replace(suite, **changes))
    store.suites.add_units(staged.id, staged.revision, CONVERSATION, making.conversations(size))
    store.suites.publish(staged)
    found = store.suites.revision(staged.id, staged.revision)
    assert found is not None
    return found


def numbers(store: Store, suite_id: str = "ctc-1") -> list[int]:
    return [suite.revision for suite in store.suites.revisions(suite_id, skip=0, limit=99).items]


def test_every_revision_of_a_conversation_suite_stays_with_its_units(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    head = SuiteHead(name="Smoke", description="more")
    second = update(store, first, 3, head=head, modified_by="u-2", file_id="f2", file_name="two.json")
    third = update(store, second, 2, modified_on=making.later(60))
    assert store.suites.get("st-1", CONVERSATION, "Smoke") == third
    assert store.suites.revision("ctc-1", 1) == first
    assert second.unit_count == 3 and (second.modified_by, second.file_name) == ("u-2", "two.json")
    assert list(store.suites.units("ctc-1", 1)) == making.conversations(1)
    assert list(store.suites.units("ctc-1", 2)) == making.conversations(3)
    page = store.suites.revisions("ctc-1", skip=0, limit=2)
    assert (page.items, page.count, page.more) == ((third, second), 3, True)
    page = store.suites.revisions("ctc-1", skip=2, limit=2)
    assert (page.items, page.count, page.more) == ((first,), 3, False)


def test_a_removed_run_takes_no_history_along(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    update(store, first, 2)
    store.runs.accept(making.a_run(revision=1))  # an older revision may be run
    store.runs.remove("ctr-1")
    assert list(store.suites.units("ctc-1", 1)) == making.conversations(1)
    assert numbers(store) == [2, 1]


def test_a_batch_suite_keeps_what_runs_refer_to(store: Store) -> None:
    first = making.publish(store, making.a_suite("ts-1"), making.chunks(1))
    store.suites.publish(store.suites.stage_revision(first))
    assert numbers(store, "ts-1") == [2]
    assert store.suites.revision("ts-1", 1) is None
    store.runs.accept(making.a_run("tr-1", "ts-1", revision=2))
    store.suites.publish(store.suites.stage_revision(first))
    assert numbers(store, "ts-1") == [3, 2]


def test_a_staged_revision_is_known_by_its_number_alone(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    staged = store.suites.stage_revision(replace(first, modified_by="u-2"))
    assert store.suites.revision("ctc-1", 2) is None
    assert store.suites.revision("ctc-1", 2, staged=True) == staged
    assert numbers(store) == [1] and store.suites.by_id("ctc-1") == first
    store.suites.discard("ctc-1", 2)
    assert store.suites.revision("ctc-1", 2, staged=True) is None
    with pytest.raises(Conflict, match=r"revision 2 .* was discarded"):
        store.suites.publish(staged)
    assert store.suites.get("st-1", CONVERSATION, "Smoke") == first


def test_a_new_suite_has_its_first_revision_from_the_start(store: Store) -> None:
    staged = making.a_suite()
    store.suites.stage(staged)
    assert store.suites.revision("ctc-1", 1, staged=True) == staged
    store.suites.restage(replace(staged, head=SuiteHead(name="Smoke", description="read")))
    found = store.suites.revision("ctc-1", 1, staged=True)
    assert found is not None and found.head.description == "read"
    assert numbers(store) == []


def test_units_of_two_revisions_are_held_side_by_side(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(2))
    update(store, first, 2)
    update(store, first, 3)
    assert store.suites.same_units("ctc-1", 1, 2)
    assert not store.suites.same_units("ctc-1", 2, 3)
    assert not store.suites.same_units("ctc-1", 3, 2)
    changed = making.conversations(2, steps=3)[1]
    store.suites.replace_unit("ctc-1", 2, changed)
    assert not store.suites.same_units("ctc-1", 1, 2)


def test_abandoned_revisions_go_and_what_is_seen_stays(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    validated = store.suites.stage_revision(replace(first, file_id="f"))
    store.suites.add_units("ctc-1", validated.revision, CONVERSATION, making.conversations(2))
    store.runs.accept(making.a_run("ds-1", revision=validated.revision))
    left = store.suites.stage_revision(replace(first, file_id="f"))
    store.suites.add_units("ctc-1", left.revision, CONVERSATION, making.conversations(2))
    late = store.suites.stage_revision(replace(first, file_id="f", modified_on=making.later(100)))
    command = store.suites.stage_revision(first)

    assert store.suites.discard_abandoned(making.later(50)) == 1
    kept = [number for number in range(1, 6) if store.suites.revision("ctc-1", number, staged=True)]
    assert kept == [1, validated.revision, late.revision, command.revision]
    assert list(store.suites.units("ctc-1", left.revision)) == []
    assert list(store.suites.units("ctc-1", validated.revision)) == making.conversations(2)
    store.runs.finish("ds-1", RunStatus.ERROR, now=making.NOW)
    assert store.suites.discard_abandoned(making.NOW + timedelta(hours=25)) == 3
    assert store.suites.by_id("ctc-1") == first and numbers(store) == [1]


def test_removing_a_suite_removes_its_history(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    update(store, first, 2)
    store.suites.stage_revision(first)
    store.suites.remove("ctc-1")
    assert numbers(store) == []
    assert not any(store.suites.revision("ctc-1", number, staged=True) for number in (1, 2, 3))


def test_an_import_that_changed_nothing_ends_with_the_revision_that_is_seen(store: Store) -> None:
    first = making.publish(store, making.a_suite(), making.conversations(1))
    second = update(store, first, 2)
    staged = store.suites.stage_revision(second)
    store.suites.add_units("ctc-1", staged.revision, CONVERSATION, making.conversations(2))
    store.runs.accept(making.a_run("ds-1", revision=staged.revision))
    assert [run.id for run in store.runs.going("ctc-1")] == ["ds-1"]
    ended = store.runs.finish("ds-1", RunStatus.PASSED, now=making.NOW, revision=second.revision)
    assert ended.revision == second.revision
    assert store.runs.going("ctc-1") == []
    assert store.runs.get("ds-1") == ended
