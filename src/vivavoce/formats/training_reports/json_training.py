"""What the checks of a training set found, as JSON."""

from collections.abc import Iterator, Mapping

import msgspec

from vivavoce.domain.training.leaks import Apart
from vivavoce.domain.training.values import Checked, Finding, Share
from vivavoce.formats.training_reports import shapes


def training_report(checked: Checked, runs: Mapping[str, Apart] | None = None) -> Iterator[str]:
    """One JSON document; shares and scores from 0 to 1. `runs`: figures of runs by their id."""
    document = shapes.Document(
        format="vivavoce-training",
        version=1,
        training=checked.source,
        utterances=checked.utterances,
        intents=checked.intents,
        errors=checked.count("error"),
        warnings=checked.count("warning"),
        notices=checked.count("notice"),
        counts=checked.counts,
        suites=tuple(map(_suite, checked.suites)),
        runs=tuple(_run(run_id, apart) for run_id, apart in (runs or {}).items()),
        findings=tuple(map(_finding, checked.findings)),
    )
    yield msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _suite(share: Share) -> shapes.Suite:
    return shapes.Suite(
        suite=share.file,
        utterances=share.utterances,
        leaked=share.leaked,
        nearly_leaked=share.near,
        leaked_share=share.leaked / share.utterances if share.utterances else None,
    )


def _run(run_id: str, apart: Apart) -> shapes.Run:
    return shapes.Run(
        run=run_id,
        accuracy=shapes.Accuracy(all=apart.all.value, trained=apart.trained.value, others=apart.others.value),
        judged=shapes.Judged(all=apart.all.of, trained=apart.trained.of, others=apart.others.of),
    )


def _finding(found: Finding) -> shapes.Finding:
    return shapes.Finding(
        kind=found.kind,
        severity=found.severity,
        sentence=found.sentence,
        score=found.score,
        places=tuple(
            shapes.Place(
                utterance=place.utterance, intent=place.intent, file=place.file, line=place.line or None
            )
            for place in found.places
        ),
        places_left_out=found.places_left_out,
    )
