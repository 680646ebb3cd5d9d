"""What the engine yields while a run goes on: `RunStarted` first, exactly one `RunFinished` last."""

import msgspec

from vivavoce.domain.run import Counts, Run


class RunStarted(msgspec.Struct, frozen=True):
    run: Run
    done: int  # what an earlier process had finished


class UnitFinished(msgspec.Struct, frozen=True):
    """A unit's results are committed."""

    run_id: str
    unit: int
    counts: Counts  # its steps or cases by verdict
    repeat: int = 0


class RunPaused(msgspec.Struct, frozen=True):
    """The breaker opened: the bot seems to be down."""

    run_id: str
    reason: str


class RunResumed(msgspec.Struct, frozen=True):
    run_id: str


class RunFinished(msgspec.Struct, frozen=True):
    run: Run


Event = RunStarted | UnitFinished | RunPaused | RunResumed | RunFinished
