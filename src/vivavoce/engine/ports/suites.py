"""Where suites are kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.engine.ports.units import RawChunk, Unit


class Page(msgspec.Struct, frozen=True):
    """A part of a list. `count` is the size of the whole list."""

    count: int
    more: bool


class SuitePage(Page, frozen=True):
    items: tuple[Suite, ...]


class SuiteStore(Protocol):
    """Suites and their units. A staged suite is not seen by `get` and `page`, but its name is taken."""

    def stage(self, suite: Suite) -> None:
        """Begin a new suite, unseen. Raises Conflict when kind and name are taken on this bot."""

    def restage(self, suite: Suite) -> None:
        """Rewrite what a staged suite says besides its units."""

    def stage_revision(self, suite: Suite) -> Suite:
        """Begin the next revision of a suite, unseen, with what it is to say besides its units; returns it
        with its number, which is never given twice. Raises NotFound."""

    def add_units(self, suite_id: str, revision: int, kind: SuiteKind, units: Iterable[Unit]) -> None:
        """Append units to a staged suite or revision, in bulk."""

    def publish(self, suite: Suite) -> None:
        """Make the suite with exactly this revision the one that is seen; `unit_count` and `total` are
        counted here. A conversation suite's older revisions stay, a batch suite's while a run refers to them.
        Raises Conflict for a revision that was overtaken or discarded."""

    def replace_unit(self, suite_id: str, revision: int, unit: Unit) -> None:
        """Put a validated conversation in its place (before `publish`)."""

    def discard(self, suite_id: str, revision: int) -> None:
        """Forget a staged suite or revision."""

    def discard_abandoned(self, before: datetime) -> int:
        """Forget staged suites and revisions begun before a time that no running run refers to; how many.
        Suites staged under their id and revisions without a file belong to a command, which may live: they
        go when they are a day older."""

    def get(self, bot_id: str, kind: SuiteKind, name: str) -> Suite | None: ...
    def by_id(self, suite_id: str) -> Suite | None:
        """Staged ones too."""

    def page(
        self, bot_id: str, kind: SuiteKind, *, skip: int, limit: int, tag: str = "", intent: str = ""
    ) -> SuitePage:
        """By name, without the prebuilt ones. `intent`: suites one of whose steps expects that intent id
        (conversation only)."""

    def revision(self, suite_id: str, revision: int, *, staged: bool = False) -> Suite | None:
        """The suite as it is, or was, with this revision; `staged`: or is to be."""

    def revisions(self, suite_id: str, *, skip: int, limit: int) -> SuitePage:
        """The revisions that are or were seen and are kept, newest first."""

    def same_units(self, suite_id: str, one: int, other: int) -> bool:
        """Whether two revisions hold the same units."""

    def units(self, suite_id: str, revision: int, *, first: int = 0) -> Iterator[Unit]:
        """From the unit `first` on, in order, read page by page."""

    def raw_chunks(self, suite_id: str, revision: int, *, first: int = 0) -> Iterator[RawChunk]:
        """The same of a batch suite, undecoded."""

    def unit(self, suite_id: str, revision: int, index: int) -> Unit: ...
    def remove(self, suite_id: str) -> list[StoredFile]:
        """With its runs and results; returns the files that nobody refers to any more (their records are
        gone, their blobs are the caller's to delete)."""
