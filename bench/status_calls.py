"""Asks for the status of a batch run at a steady pace until it has ended, in a process of its own.

`python -m bench.status_calls URL CLIENT_ID CLIENT_SECRET BOT SUITE RUN CALLS_PER_SECOND` prints the
milliseconds of each call as JSON. Calls are sent when they are due, whether or not earlier ones were
answered, and count from when they were due: a server that is silent for a while is not asked less for it.
"""

import asyncio
import json
import sys
import time

import uvloop

from vivavoce.client import Client


async def ask(client: Client, suite: str, run: str, per_second: float) -> list[float]:
    took_ms: list[float] = []
    ended = asyncio.Event()

    async def call(due: float) -> None:
        status = await client.batch_status(suite, run)
        took_ms.append((time.perf_counter() - due) * 1000)
        if status.ended:
            ended.set()

    await client.batch_status(suite, run)  # what this process loads for its first call is not the server's
    async with asyncio.TaskGroup() as group:
        due = time.perf_counter()
        while not ended.is_set():
            group.create_task(call(due))
            due += 1 / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
    return took_ms


async def main(url: str, client_id: str, secret: str, bot: str, suite: str, run: str, pace: str) -> None:
    async with Client(url, client_id, secret, bot, user_email="bench@localhost") as client:
        print(json.dumps(await ask(client, suite, run, float(pace))))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
