"""A data folder with bots and apps, made by the commands that a person would type."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.acceptance.http_api import App
from tests.acceptance.processes import viva, viva_each

Settings = dict[str, Any]


@dataclass(frozen=True)
class House:
    """What the tests of a module start with; copies of it are what servers run on."""

    data_dir: Path
    bots_url: str
    bots: dict[str, str]  # id by name
    apps: dict[str, App]

    def copy(self, to: Path) -> Path:
        shutil.copytree(self.data_dir, to)
        return to


REPLY = {
    "outputs": "$.messages[*]",
    "text": "$.text",
    "intent": "$.intent",
    "node": "$.node",
    "transitions": "$.transitions",
    "context": "$.context",
    "ended": "$.ended",
}
NLU = {
    "body": {"text": "{{input}}"},
    "intents": "$.intents[*]",
    "intent": "$.name",
    "score": "$.confidence",
    "entities": "$.entities[*]",
    "entity_name": "$.name",
    "entity_value": "$.value",
    "traits": "$.traits[*]",
    "none": ["fallback"],
}
TRAINING = {"check_balance": ["my balance please", "show the balance"], "lost_card": ["I lost my card"]}


def bot_file(name: str, url: str, *, limits: Settings | None = None) -> Settings:
    """The bot file of a bot among tests/bots."""
    return {
        "name": name,
        "limits": {"requests_per_second": 0, **(limits or {})},
        "connector": {
            "type": "http",
            "url": f"{url}/chat",
            "body": {"text": "{{input}}", "session": "{{conversation_id}}", "event": "{{event}}"},
            "reply": REPLY,
            "nlu": {"url": f"{url}/nlu", **NLU},
        },
    }


RECITER: Settings = {
    "name": "reciter",
    "limits": {"requests_per_second": 0},
    "connector": {
        "type": "http",
        "body": {"text": "{{input}}", "language": "{{language}}", "parents": "{{parent_intent}}"},
        "nlu": {
            "intents": "$.ranking[*]",
            "intent": "$.name",
            "score": "$.score",
            "intent_type": "$.kind",
            "winning": "$.won",
            "entities": "$.entities[*]",
            "entity_name": "$.name",
            "entity_value": "$.value",
            "traits": "$.traits",
            "parent_intent": "$.parent",
            "bot_name": "$.bot",
            "task_state": "$.heard.language",
            "elimination": "$.why",
            "fulfillment": "$.as",
            "none": ["fallback"],
            "thresholds": {"ML": {"mode": "standard", "minThreshold": 0.3}, "KG": {"minThreshold": 0.8}},
        },
    },
    "versions": {"published": {"connector": {"nlu": {"thresholds": {"ML": {"minThreshold": 0.4}}}}}},
}
"""A bot that tells all that a classification can hold, as the utterance itself says it (`/recite`)."""


def bot_files(url: str) -> dict[str, Settings]:
    """The bots of every house, by name: one that answers at once; one that is asked slowly, and whose
    published version never answers; one whose failures are soon errors; one where nobody listens; the
    embedded assistant; and one that belongs to others."""
    soon = {"retries": 0, "breaker": {"errors": 3, "probe_every_s": 0.1, "give_up_s": 0.3}}
    short = {"step_timeout_s": 2, "retries": 1, "max_conversations": 4, "breaker": {"errors": 0}}
    return {
        "dialog": bot_file("dialog", url) | {"training": "training.yaml"},
        "slow": bot_file("slow", url, limits={"requests_per_second": 20})
        | {"versions": {"published": {"connector": {"url": f"{url}/nasty/hang"}}}},
        "nasty": bot_file("nasty", url, limits=short),
        "down": bot_file("down", "http://127.0.0.1:9", limits=soon),
        "bank": {"name": "bank", "connector": {"type": "assistant", "definition": "bank"}},
        "reciter": RECITER | {"connector": {**RECITER["connector"], "url": f"{url}/recite"}},
        "foreign": bot_file("foreign", url),
    }


def make_house(folder: Path, bots_url: str) -> House:
    """Register everything."""
    data_dir = folder / "data"
    (folder / "training.yaml").write_text(yaml.safe_dump(TRAINING), encoding="utf-8")
    files: dict[str, Path] = {}
    for name, settings in bot_files(bots_url).items():
        files[name] = folder / f"{name}.yaml"
        files[name].write_text(yaml.safe_dump(settings), encoding="utf-8")

    added = viva_each(*(["bot", "add", str(file), "--json"] for file in files.values()), data_dir=data_dir)
    bots = {name: json.loads(one.stdout)["id"] for name, one in zip(files, added, strict=True)}
    own = [bots[name] for name in files if name != "foreign"]
    wanted = {
        "all": app_command("all", own, "--all-scopes"),
        "managing": app_command("managing", own[:1], "--scope", "Conversation Tests Management"),
    }
    made = [json.loads(one.stdout) for one in viva_each(*wanted.values(), data_dir=data_dir)]
    apps = {name: App(app["clientId"], app["clientSecret"]) for name, app in zip(wanted, made, strict=True)}
    return House(data_dir, bots_url, bots, apps)


def make_app(data_dir: Path, name: str, streams: list[str], *options: str) -> App:
    """A client app for these streams."""
    made = json.loads(viva(*app_command(name, streams, *options), data_dir=data_dir).stdout)
    return App(made["clientId"], made["clientSecret"])


def app_command(name: str, streams: list[str], *options: str) -> list[str]:
    """What makes an app, and tells its credentials as JSON."""
    named = [word for stream in streams for word in ("--stream", stream)]
    return ["app", "create", "--name", name, *named, *options, "--json"]
