"""`viva init`: a commented bot file and a first suite, ready to run."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce.cli.console import out
from vivavoce.domain.errors import Conflict

BOT_FILE = """\
# A bot under test.
name: My bot
language: en

# Out of the box this file talks to the bank's assistant that is built in, so that the first run works.
connector:
  type: assistant
  definition: bank

# Your own bot: put these lines in place of the three above; `viva bot try bot.yaml hello` tries them.
# connector:
#   type: http
#   url: http://127.0.0.1:8000/chat
#   method: POST
#   headers: {Authorization: "Bearer ${VIVA_BOT_TOKEN}"}   # from the environment; never written down
#   body: {text: "{{input}}", session: "{{conversation_id}}", event: "{{event}}"}
#   reply:
#     outputs: $.messages[*]     # one output each
#     text: $.text               # relative to an output
#     intent: $.intent           # leave out what your bot does not tell
#   nlu:                         # for batch tests
#     url: http://127.0.0.1:8000/nlu
#     body: {text: "{{input}}"}
#     intents: $.intents[*]
#     intent: $.name
#     score: $.confidence

limits: {max_conversations: 16, requests_per_second: 50, step_timeout_s: 15}
"""

SUITE_FILE = """\
{
  "testCases": [
    {
      "name": "Greeting",
      "messages": [
        {"input": "Start_Flow", "event": "Start_Flow", "outputs": [{"contains": "Riverbank"}]},
        {"input": "what are your opening hours", "outputs": [{"contains": {"oneOf": ["open", "hours"]}}]}
      ]
    }
  ]
}
"""

BATCH_FILE = """\
input,intent
I lost my card,Block card
how much money do I have,Check balance
the moon is made of cheese,None
"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to; made when missing.")] = Path("."),
) -> None:
    """Write a commented bot file and first suites, ready to run. Never overwrites a file."""
    files = {"bot.yaml": BOT_FILE, "first.json": SUITE_FILE, "utterances.csv": BATCH_FILE}
    there = [name for name in files if (folder / name).exists()]
    if there:
        names = ", ".join(str(folder / name) for name in there)
        raise Conflict(f"there already: {names}; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    console = out()
    console.print(f"wrote {', '.join(str(folder / name) for name in files)}")
    console.print(f"now: viva run {folder / 'first.json'} --bot {folder / 'bot.yaml'}")
