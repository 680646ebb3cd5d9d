"""Files that the benchmarks play, made anew each time."""

import csv
import json
from pathlib import Path
from typing import Any

STEPS_A_CASE = 5
CONCURRENCY = 16

BOT: dict[str, Any] = {
    "name": "bench",
    "limits": {"requests_per_second": 0, "max_conversations": CONCURRENCY, "run_timeout_s": 36_000},
    "connector": {
        "type": "http",
        "body": {"text": "{{input}}", "session": "{{conversation_id}}"},
        "reply": {"outputs": "$.messages[*]", "text": "$.text", "intent": "$.intent", "context": "$.context"},
    },
}

ASSISTANT = {
    "name": "bank",
    "limits": {"requests_per_second": 0},
    "connector": {"type": "assistant", "definition": "bank"},
}

INTENTS = ("check_balance", "lost_card", "transfer_money", "opening_hours", "None")


def said(case: int, step: int) -> str:
    return f"Please tell me what you can do about order {case} of mine, question {step}"


def write_bot(folder: Path, url: str) -> Path:
    """The bot file of the fast bot (YAML is a superset of JSON)."""
    path = folder / "bot.yaml"
    path.write_text(json.dumps({**BOT, "connector": {**BOT["connector"], "url": url}}), encoding="utf-8")
    return path


def write_nlu_bot(folder: Path, url: str) -> Path:
    """The bot file of the fast bot as one that classifies."""
    nlu = {"intents": "$.messages[*]", "intent": "$.intent"}
    connector = {"type": "http", "url": url, "body": {"text": "{{input}}"}, "nlu": nlu}
    path = folder / "nlu-bot.yaml"
    path.write_text(json.dumps({**BOT, "connector": connector}), encoding="utf-8")
    return path


def write_suite(folder: Path, steps: int) -> Path:
    """A suite that holds against the fast bot: the text everywhere, flow on every second step, and the
    context on every fifth."""
    path = folder / f"suite-{steps}.json"
    with path.open("w", encoding="utf-8") as out:
        out.write('{"botName": "bench", "testSteps": [\n')
        for number in range(steps):
            out.write((",\n" if number else "") + json.dumps(_step(*divmod(number, STEPS_A_CASE))))
        out.write("\n]}\n")
    return path


def _step(case: int, step: int) -> dict[str, Any]:
    text = said(case, step)
    assertions: dict[str, Any] = {"text": {"enabled": True, "contains": [{"text": text}]}}
    if step % 2:
        assertions["flowLevel"] = {"enabled": True, "contains": [{"intentId": "echo"}]}
    if step == STEPS_A_CASE - 1:
        assertions["context"] = {"enabled": True, "contains": [{"key": "channel", "value": "bench"}]}
    first = {"testCase": f"order {case}"} if step == 0 else {}
    return {**first, "input": text, "outputs": [{"text": text, "assertions": assertions}]}


def write_batch(folder: Path, utterances: int) -> Path:
    """A batch suite as CSV, with an entity on every third utterance."""
    path = folder / f"batch-{utterances}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out).writerow
        write(("input", "intent", "parentIntent", "entityName", "entityValue", "entityOrder"))
        for number in range(utterances):
            intent = INTENTS[number % len(INTENTS)]
            entity = ("amount", f"{number} EUR") if number % 3 == 0 else ("", "")
            write((f"I want to ask number {number} about my account, please", intent, "", *entity, ""))
    return path
