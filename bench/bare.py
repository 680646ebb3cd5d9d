"""The least that can be done over aiohttp: sends so many turns and decodes the answers, nothing more.

`python -m bench.bare URL TURNS CONCURRENCY`, the yardstick of the benchmark `turns`.
"""

import asyncio
import sys

import aiohttp
import msgspec
import uvloop

from bench.material import STEPS_A_CASE, said

HEADERS = {"Content-Type": "application/json"}


async def talk(url: str, turns: int, concurrency: int) -> None:
    numbers = iter(range(turns))
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:

        async def work() -> None:
            for number in numbers:
                case, step = divmod(number, STEPS_A_CASE)
                body = encode({"text": said(case, step), "session": f"conversation-{case}"})
                async with session.post(url, data=body, headers=HEADERS) as response:
                    decode(await response.read())

        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())


if __name__ == "__main__":
    uvloop.run(talk(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
