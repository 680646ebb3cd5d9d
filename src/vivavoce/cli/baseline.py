"""Earlier runs to compare with: those of a JSON report, each found by its suite's name."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from vivavoce.cli.files import SuiteFile
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.comparing.comparing import compare
from vivavoce.domain.comparing.judging import Borne
from vivavoce.domain.comparing.values import Comparison
from vivavoce.domain.errors import InputError, Malformed
from vivavoce.domain.run import RunKind
from vivavoce.formats.comparisons import JudgedComparison
from vivavoce.formats.comparisons.markdown import markdown_comparison
from vivavoce.formats.reports.reading import open_json_report
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.wording import case_reasons


def read_runs(path: Path, flag: str = "") -> list[ReportedRun]:
    """The runs of a JSON report. Raises InputError, and Malformed with the file's name."""
    place = f"{flag} {path}".strip()
    try:
        found = open_json_report(lambda: path.open("rb"))
    except OSError as error:
        raise InputError(
            f"{place}: cannot be read: {error.strerror}; it is a report that `viva run --json F` wrote"
        ) from error
    except Malformed as malformed:
        raise Malformed(malformed.problems, place) from None
    return [one for one in found if one.run.kind is not RunKind.VALIDATION]


def found_for(
    runs: Sequence[ReportedRun], kind: SuiteKind | None, names: Sequence[str]
) -> ReportedRun | None:
    """The run of a suite of one of these names: of the same path, else of the same file name, else of that
    without its ending, as a server names it. Where a suite was played several times, the last one.

    Raises InputError where several suites have that name.
    """
    alike = [one for one in runs if kind is None or one.is_batch == (kind is SuiteKind.BATCH)]
    wanted = [_forms(name) for name in names]
    for form in range(3):
        fits = [one for one in alike if _forms(one.run.suite_name)[form] in {forms[form] for forms in wanted}]
        if len({(one.run.suite_name, one.is_batch) for one in fits}) > 1:
            listed = ", ".join(sorted({one.run.suite_name for one in fits}))
            raise InputError(f"{names[0]}: several suites have this name: {listed}")
        if fits:
            return fits[-1]
    return None


def _forms(name: str) -> tuple[str, str, str]:
    path = PurePath(name)
    return os.path.normpath(name), path.name, path.stem


@dataclass(frozen=True)
class Baseline:
    """What `--baseline` names."""

    path: Path
    runs: Sequence[ReportedRun]

    def of(self, label: str, kind: SuiteKind | None, names: Sequence[str]) -> ReportedRun:
        """The run that a suite is compared with. Raises InputError where there is none."""
        if (found := found_for(self.runs, kind, names)) is not None:
            return found
        what = f"{kind.value} suite" if kind else "suite"
        held = ", ".join(sorted({one.run.suite_name for one in self.runs})) or "no run"
        raise InputError(
            f"{label}: --baseline {self.path} has no run of a {what} of this name (it holds: {held}); "
            "play the suite once with --json F for a baseline, or leave it out of this command"
        )


def read_baseline(path: Path | None) -> Baseline | None:
    return None if path is None else Baseline(path, read_runs(path, "--baseline"))


def refuse_without_baseline(baseline: Path | None, **flags: float | None) -> None:
    """Flags that mean something only with --baseline. Raises InputError."""
    for flag, value in flags.items():
        if value is not None and baseline is None:
            raise InputError(
                f"--{flag.replace('_', '-')} is about a comparison with an earlier run: add --baseline F, "
                "a report that --json F wrote"
            )


def checked_significance(significance: float | None) -> float | None:
    """A p-value to be below. Raises InputError."""
    if significance is not None and not 0 < significance <= 1:
        raise InputError(f"--significance {significance:g}: above 0, at most 1; 0.05 is usual")
    return significance


def suite_names(file: SuiteFile) -> list[str]:
    """What a file's suite may be called in a report: here its path, at a server its own name."""
    return [str(file.path), *([file.head.name] if file.head.name else [])]


def compared(before: ReportedRun, after: ReportedRun) -> Comparison:
    """Two runs side by side, with the reasons that reports give. Raises InputError."""
    return compare(before, after, case_reasons)


class BaselineRuns:
    """Compares runs with their baselines as they end. Without a baseline it compares nothing."""

    def __init__(self, baseline: Baseline | None, borne: Borne) -> None:
        self._baseline = baseline
        self._borne = borne
        self._expected: dict[str, ReportedRun] = {}
        self._judged: dict[str, JudgedComparison] = {}

    @property
    def wanted(self) -> bool:
        return self._baseline is not None

    def expect(self, label: str, kind: SuiteKind | None, names: Sequence[str]) -> None:
        """Look for a suite's baseline, before anything is played. Raises InputError where there is none."""
        if self._baseline is not None:
            self._expected[label] = self._baseline.of(label, kind, names)

    def compare(self, label: str, after: ReportedRun) -> JudgedComparison | None:
        """The run of a suite against its baseline; None without one, or where nothing was chosen to play."""
        if label in self._expected and after.run.total:
            self._judged[label] = JudgedComparison(compared(self._expected[label], after), self._borne)
        return self.judged_of(label)

    def judged_of(self, label: str) -> JudgedComparison | None:
        """What `compare` found."""
        return self._judged.get(label)

    def introduction(self) -> dict[str, str]:
        """What comes before a report, by its name: the comparisons, in Markdown."""
        judged = list(self._judged.values())
        return {"markdown": "".join(markdown_comparison(judged)) + "\n"} if judged else {}
