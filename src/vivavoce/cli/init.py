"""`viva init`: a commented bot file and a first suite, ready to run."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce.cli.console import out
from vivavoce.domain.errors import Conflict
from vivavoce.formats.native.schema import SCHEMA_NAME, schema_text

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

SUITE_FILE = (
    f"# yaml-language-server: $schema=./{SCHEMA_NAME}\n"
    + """\
# The line above makes an editor complete keys and explain them.
suite: First steps
cases:
  - case: Greeting
    steps:
      - trigger: Start_Flow              # the bot speaks first
        expect:                          # a list: these outputs, no more
          - equals: Hello Alex, welcome to Riverbank. What can I do for you?
            node: on_connect             # where in its flow the bot said it
      - say: what are your opening hours
        expect:                          # keys: about the whole reply
          contains_all: [are open Monday to Friday from 9 to 5, Saturday from 10 to 1]
          node: opening_hours
          latency: 5 s

  - case: A lost {{card}}                # once for each row
    examples:
      - {card: credit card}
      - {card: debit card}
    steps:
      - say: I lost my card
        expect:
          - starts_with: Which card is it
            finds: credit.*\\?$           # a regular expression
            node: block_card.card
      - say: the {{card}}
        expect:
          - equals: Do you want me to block your {{card}} now?
            node: block_card.confirm
            context: {BotUserSession.card: "{{card}}"}
"""
)

BATCH_FILE = """\
input,intent
I cannot find my card anywhere,Block card
how much is still on my account,Check balance
the moon is made of cheese,None
"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to; made when missing.")] = Path("."),
) -> None:
    """Write a commented bot file and first suites, ready to run. Never overwrites a file."""
    files = {
        "bot.yaml": BOT_FILE,
        "first.yaml": SUITE_FILE,
        SCHEMA_NAME: schema_text(),
        "utterances.csv": BATCH_FILE,
    }
    there = [name for name in files if (folder / name).exists()]
    if there:
        names = ", ".join(str(folder / name) for name in there)
        raise Conflict(f"there already: {names}; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    console = out()
    console.print(f"wrote {', '.join(str(folder / name) for name in files)}")
    console.print(f"now: viva run {folder / 'first.yaml'} --bot {folder / 'bot.yaml'}")
