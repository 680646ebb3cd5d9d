"""What the checks of a training set found, as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from vivavoce.domain.training.leaks import Apart
from vivavoce.domain.training.values import Checked, Finding, Share


def training_report(checked: Checked, runs: Mapping[str, Apart] | None = None) -> Iterator[str]:
    """One JSON document; shares and scores from 0 to 1. `runs`: figures of runs by their id."""
    document = {
        "training": checked.source,
        "utterances": checked.utterances,
        "intents": checked.intents,
        "errors": checked.count("error"),
        "warnings": checked.count("warning"),
        "notices": checked.count("notice"),
        "counts": checked.counts,
        "suites": [_suite(share) for share in checked.suites],
        "runs": [_run(run_id, apart) for run_id, apart in (runs or {}).items()],
        "findings": [_finding(found) for found in checked.findings],
    }
    yield msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _suite(share: Share) -> dict[str, Any]:
    return {
        "suite": share.file,
        "utterances": share.utterances,
        "leaked": share.leaked,
        "nearlyLeaked": share.near,
        "leakedShare": share.leaked / share.utterances if share.utterances else None,
    }


def _run(run_id: str, apart: Apart) -> dict[str, Any]:
    rates = {"all": apart.all, "trained": apart.trained, "others": apart.others}
    return {
        "run": run_id,
        "accuracy": {name: rate.value for name, rate in rates.items()},
        "judged": {name: rate.of for name, rate in rates.items()},
    }


def _finding(found: Finding) -> dict[str, Any]:
    places = [
        {"utterance": place.utterance, "intent": place.intent, "file": place.file, "line": place.line or None}
        for place in found.places
    ]
    return {
        "kind": found.kind,
        "severity": found.severity,
        "sentence": found.sentence,
        "score": found.score,
        "places": places,
        "placesLeftOut": found.places_left_out,
    }
